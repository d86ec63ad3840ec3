// The page: takes a code, a photo of one, the camera's picture or a file, and shows what `judge.mjs` says of it.

import { decodeQR } from 'qr/decode.js'
import * as crypto from './crypto.mjs'
import { judgeCode, judgeFile, open } from './judge.mjs'

const $ = (id) => document.getElementById(id)
const data = JSON.parse($('data').textContent), LANGUAGES = Object.keys(data.words)
const SYMBOLS = { valid: 'M18 33l10 10 19-21', replaced: 'M17 32h29M34 20l12 12-12 12', expired: 'M32 16v17l11 7', revoked: 'M18 32h28', unknown: 'M24 25c0-11 17-10 16 0-.5 6-8 6-8 13M32 46.5v1' }
const CROSS = 'M21 21l22 22M43 21L21 43', OLD_DAYS = 90
let language = navigator.languages.map((tag) => tag.split('-')[0]).find((tag) => LANGUAGES.includes(tag)) ?? 'en'
let shown = () => {}, scanning

const dayOf = (moment) => (moment instanceof Date ? moment : new Date(moment.length > 10 ? moment : `${moment}T00:00:00Z`))
const inDays = () => new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long', timeZone: 'UTC' })
const day = (moment) => inDays().format(dayOf(moment))
const number = (value) => new Intl.NumberFormat(language).format(value)
const today = () => new Date().toISOString().slice(0, 10)
const isolated = (text) => (language === 'ar' ? `\u2068${text}\u2069` : text)
function say(key, facts = {}) {
  return data.words[language][key].replace(/\{(\w+)(?::,)?\}/g, (_, name) => {
    const fact = facts[name]
    return name === 'day' ? day(fact) : typeof fact === 'number' ? number(fact) : isolated(fact)
  })
}
function make(tag, attributes = {}, ...inside) {
  const found = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) if (value) found.setAttribute(name, value)
  found.append(...inside)
  return found
}
function symbol(summary) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [tag, attributes] of [['circle', { cx: 32, cy: 32, r: 32 }], ['path', { d: SYMBOLS[summary] ?? CROSS }]]) {
    const part = document.createElementNS(svg.namespaceURI, tag)
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value)
    svg.append(part)
  }
  svg.setAttribute('viewBox', '0 0 64 64'); svg.setAttribute('aria-hidden', 'true'); svg.setAttribute('class', 'symbol')
  return svg
}

const known = open(data, crypto)

async function speak() {
  document.documentElement.lang = language
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr'
  document.title = say('title')
  for (const one of document.querySelectorAll('[data-say]')) one.textContent = say(one.dataset.say)
  for (const one of $('languages').children) one.toggleAttribute('aria-current', one.lang === language)
  try {
    const { list, at } = await known
    const lines = [list ? say('has_list', { n: list.size, event: data.event, day: at }) : say('has_none', { day: at, host: data.host })]
    if (Date.now() - dayOf(at) > OLD_DAYS * 86400000) lines.push(say('old', { host: data.host }))
    $('about').replaceChildren(...lines.map((line, place) => make('p', { class: place ? 'warn' : '' }, line)))
    document.body.dataset.ready = crypto.by()
  } catch {
    $('about').replaceChildren(make('p', { class: 'wrong', role: 'alert' }, say('damaged')))
    $('ask').hidden = true
    document.body.dataset.ready = 'damaged'
  }
  shown()
}

function row(name, value, attributes = {}) { return make('div', {}, make('dt', {}, say(name)), make('dd', {}, make('bdi', attributes, value))) }

function factsOf(facts) {
  const hours = new Intl.NumberFormat(language, { style: 'unit', unit: 'hour', unitDisplay: 'long' }).format(facts.hours)
  const rows = [
    row('kind', facts.kind), row('event', facts.event), row('held', inDays().formatRange(facts.first, facts.last)),
    row('attended', say('of_sessions', { attended: facts.attended, in_all: facts.sessions })), row('present', hours),
    row('issued', day(facts.issued)), row('number', facts.number, { class: 'number', dir: 'ltr' }),
  ]
  const demo = facts.demo ? [make('p', { class: 'warn' }, make('b', { lang: 'en' }, 'DEMO'), ' ', say('demo'))] : []
  return [...demo, make('h2', {}, say('states')), make('p', { class: 'name' }, make('bdi', {}, facts.name)), make('dl', {}, ...rows), make('p', { class: 'hint' }, say('compare'))]
}

function answer(judged, about, at) {
  const { summary, signed, steps, facts } = judged
  const headline = say(signed ? 'h_signed' : `h_${summary}`, { day: at }), sentence = say(signed ? 's_signed' : `s_${summary}`)
  const list = steps.map((step) => make('li', { class: step.outcome }, make('b', {}, say(step.outcome)), ' ', say(step.key, step.facts)))
  const head = make('div', { class: `verdict ${summary}` }, symbol(summary), make('div', {}, make('h2', { id: 'headline', tabindex: '-1' }, headline), make('p', {}, sentence), make('p', { class: 'hint' }, make('bdi', {}, about))))
  return [head, make('div', { class: 'card' }, ...(facts ? factsOf(facts) : []), make('h2', {}, say('steps')), make('ol', {}, ...list))]
}

function show(parts) { shown = () => $('answer').replaceChildren(...parts()); shown() }
const tell = (key) => show(() => [make('p', { class: 'card' }, say(key))])

let turn = 0
async function judge(how, about) {
  delete $('answer').dataset.summary
  const mine = ++turn, judged = await how(await known), { at } = await known
  if (mine !== turn) return
  show(() => answer(judged, about, at))
  $('answer').dataset.summary = judged.summary
  $('headline').focus()
}
const checkCode = (code) => judge((all) => judgeCode(code, all, crypto, today()), code.trim().slice(0, 60))
const checkFile = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer())
  await judge((all) => judgeFile(bytes, all, crypto, today()), file.name)
}

async function decoded(source, width, height) {
  const canvas = document.createElement('canvas'), scale = Math.min(1, 1280 / Math.max(width, height))
  canvas.width = Math.max(1, width * scale); canvas.height = Math.max(1, height * scale)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  if ('BarcodeDetector' in globalThis) {
    try {
      const found = await new BarcodeDetector({ formats: ['qr_code'] }).detect(canvas)
      if (found.length) return found[0].rawValue
    } catch { /* it is there, and does not work on this system */ }
  }
  try { return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)) } catch { return '' }
}
function take(code) { $('code').value = code; return checkCode(code) }
async function photo(file) {
  let code = ''
  try {
    const image = await createImageBitmap(file)
    code = await decoded(image, image.width, image.height)
  } catch { /* no picture */ }
  return code ? take(code) : tell('no_code')
}
async function scan() {
  if (scanning) { scanning = false; return }
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
  } catch { return tell('no_camera') }
  const video = $('video')
  scanning = true
  video.srcObject = stream
  video.hidden = false
  $('scan').textContent = say('stop')
  await video.play()
  let code = ''
  for (const stop = Date.now() + 60000; scanning && !code && Date.now() < stop; await new Promise((done) => setTimeout(done, 150)))
    code = await decoded(video, video.videoWidth, video.videoHeight)
  stream.getTracks().forEach((track) => track.stop())
  scanning = false
  video.hidden = true
  $('scan').textContent = say('camera')
  if (code) await take(code)
}

$('check').addEventListener('click', () => checkCode($('code').value))
$('scan').addEventListener('click', scan)
$('photo').addEventListener('change', (event) => event.target.files[0] && photo(event.target.files[0]))
$('pdf').addEventListener('change', (event) => event.target.files[0] && checkFile(event.target.files[0]))
for (const one of LANGUAGES) {
  const button = make('button', { type: 'button', lang: one }, data.names[one])
  button.addEventListener('click', () => { language = one; speak() })
  $('languages').append(button)
}
$('js').hidden = false
speak()
if (data.worker && 'serviceWorker' in navigator) navigator.serviceWorker.register(data.worker).catch(() => {})
