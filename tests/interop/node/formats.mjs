// Another reader of what certs writes, made from docs/formats.md alone, with nothing but Node's own modules.
//
// Reads one JSON object from standard input and writes one to standard output:
//
//   {archive: {jwks, did, list, status: [document, ...]}, today, codes: {LABEL: text}, files: {LABEL: base64},
//    checkpoints: {LABEL: {note, key}}, rolls: {LABEL: {key, facts, entries, signed_at, signature, texts: [[text, ...], ...]}}}
//   {archive: true or why not, codes: {LABEL: {summary, facts}}, files: {LABEL: summary}, checkpoints: {LABEL: facts}, rolls: {LABEL: true}}

import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const sha256 = (data) => createHash('sha256').update(data).digest()
const crc32 = (data) => {
  let crc = ~0
  for (const byte of data) { crc ^= byte; for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0) }
  return ~crc >>> 0
}
const keyOf = (raw) => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' })
const signed = (raw, message, signature) => signature.length === 64 && verify(null, message, keyOf(raw), signature)
const refuse = (why) => { throw new Error(why) }

// --- numbers and letters

function base32(text) {
  if (!/^[A-Z2-7]*$/.test(text)) refuse('base32')
  const bits = Array.from(text, (letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const whole = Math.floor(bits.length / 8) * 8
  if (bits.length - whole > 4 || /1/.test(bits.slice(whole))) refuse('unused bits')
  return Buffer.from((bits.slice(0, whole).match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
function crockford(bytes, digits) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('').slice(-5 * digits)
  return bits.match(/.{5}/g).map((five) => CROCKFORD[parseInt(five, 2)]).join('')
}
function numberOf(seven) {
  if (seven[0] & 0x80) refuse('number')
  const digits = crockford(seven, 11)
  const sum = Array.from(digits).reverse().reduce((total, digit, place) => {
    const value = CROCKFORD.indexOf(digit) * (place % 2 === 0 ? 2 : 1)
    return total + Math.floor(value / 32) + (value % 32)
  }, 0)
  return digits + CROCKFORD[(32 - (sum % 32)) % 32]
}
function base58(text) {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let value = 0n
  for (const digit of text.slice(1)) value = value * 58n + BigInt(alphabet.indexOf(digit))
  const spelled = value.toString(16)
  return Buffer.from(spelled.length % 2 ? `0${spelled}` : spelled, 'hex')
}

// --- the claim

function cborItem(data, at) {
  const major = data[at] >> 5, short = data[at] & 31
  if (at >= data.length || short > 27) refuse('CBOR')
  const size = short < 24 ? 0 : 2 ** (short - 24)
  if (at + 1 + size > data.length) refuse('CBOR')
  const argument = size ? Number(BigInt(`0x${data.subarray(at + 1, at + 1 + size).toString('hex')}`)) : short
  if (size && argument < { 1: 24, 2: 2 ** 8, 4: 2 ** 16, 8: 2 ** 32 }[size]) refuse('not the shortest head')
  at += 1 + size
  if (major === 0) return [argument, at]
  if (major === 1) return [-1 - argument, at]
  if (major !== 2 && major !== 3) refuse('a type that claims do not have')
  if (at + argument > data.length) refuse('CBOR')
  const bytes = data.subarray(at, at + argument)
  return [major === 2 ? bytes : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), at + argument]
}
const isCount = (item) => Number.isInteger(item) && item >= 0
function dayOf(item) {
  if (!Number.isInteger(item)) refuse('a day')
  const date = new Date(Date.UTC(2020, 0, 1) + item * 86400000)
  if (isNaN(date) || date < new Date('0001-01-01') || date > new Date('9999-12-31')) refuse('a day')
  return date.toISOString().slice(0, 10)
}
function readClaim(text) {
  if (text.length > 3000 || text.split('.').length !== 2) refuse('not PAYLOAD.SIGNATURE')
  const [payload, signature] = text.split('.').map(base32)
  if (signature.length !== 64 || payload[0] !== 0x8c) refuse('not an array of twelve')
  const items = []
  let at = 1
  for (let place = 0; place < 12; place++) { const [item, next] = cborItem(payload, at); items.push(item); at = next }
  const [version, kid, number, kind, name, event, first, last, quarters, attended, all, issued] = items
  const isBytes = (item, length) => Buffer.isBuffer(item) && item.length === length
  const isKind = kind === 0 || (typeof kind === 'string' && kind !== 'attendance')
  if (at !== payload.length || version !== 1 || !isBytes(kid, 5) || !isBytes(number, 7) || !isKind || typeof name !== 'string' ||
      typeof event !== 'string' || ![quarters, attended, all].every(isCount)) refuse('not the items of a claim')
  return {
    text, signature, kid: crockford(kid, 8).toLowerCase(), facts: {
      number: numberOf(number), kind: kind === 0 ? 'attendance' : kind, name, event, first_day: dayOf(first), last_day: dayOf(last),
      quarter_hours: quarters, sessions_attended: attended, sessions_in_all: all, issued_on: dayOf(issued),
    },
  }
}

// --- notes, status lists, rolls

function openNote(note, keys) {
  const [text, last] = [note.slice(0, note.indexOf('\n\n') + 1), note.slice(note.indexOf('\n\n') + 2)]
  const [dash, name, spelled] = last.replace(/\n$/, '').split(' '), raw = Buffer.from(spelled ?? '', 'base64')
  if (dash !== '\u2014' || raw.toString('base64') !== spelled || text.split('\n')[0] !== name) refuse('not a note')
  const by = keys.find((key) => sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(1), key])).subarray(0, 4).equals(raw.subarray(0, 4)))
  if (!by || !signed(by, Buffer.from(text), raw.subarray(4))) refuse('not signed by a key that is known')
  return text.replace(/\n$/, '').split('\n')
}
function openStatus(document, did) {
  const list = document.credentialSubject, [proof] = document.proof, [A, S] = [document.id, `${document.id}#list`]
  const method = did.verificationMethod.find((one) => one.id === proof.verificationMethod) ?? refuse('an unknown key')
  const TYPE = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', TIME = '<http://www.w3.org/2001/XMLSchema#dateTime>'
  const options = [
    `_:c14n0 <http://purl.org/dc/terms/created> "${proof.created}"^^${TIME} .`,
    `_:c14n0 ${TYPE} <https://w3id.org/security#DataIntegrityProof> .`,
    `_:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .`,
    `_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .`,
    `_:c14n0 <https://w3id.org/security#verificationMethod> <${method.id}> .`,
  ]
  const quads = [
    `<${S}> ${TYPE} <https://www.w3.org/ns/credentials/status#BitstringStatusList> .`,
    `<${S}> <https://www.w3.org/ns/credentials/status#encodedList> "${list.encodedList}"^^<https://w3id.org/security#multibase> .`,
    `<${S}> <https://www.w3.org/ns/credentials/status#statusPurpose> "revocation" .`,
    `<${A}> ${TYPE} <https://www.w3.org/2018/credentials#VerifiableCredential> .`,
    `<${A}> ${TYPE} <https://www.w3.org/ns/credentials/status#BitstringStatusListCredential> .`,
    `<${A}> <https://www.w3.org/2018/credentials#credentialSubject> <${S}> .`,
    `<${A}> <https://www.w3.org/2018/credentials#issuer> <${did.id}> .`,
    `<${A}> <https://www.w3.org/2018/credentials#validFrom> "${document.validFrom}"^^${TIME} .`,
  ]
  const digests = [options, quads].map((lines) => sha256(lines.map((line) => `${line}\n`).join('')))
  if (!signed(base58(method.publicKeyMultibase).subarray(2), Buffer.concat(digests), base58(proof.proofValue))) refuse('a status list')
  return { number: Number(A.split('/').at(-1)), since: document.validFrom, bits: gunzipSync(Buffer.from(list.encodedList.slice(1), 'base64url')) }
}
function rollFits({ key, facts, entries, signed_at, signature, texts }) {
  const raw = Buffer.from(entries.join(''), 'hex')
  const made = texts.map((fifteen) => Buffer.concat([
    sha256(fifteen.join('\0')), ...fifteen.slice(2).map((text) => { const two = Buffer.alloc(2); two.writeUInt16BE(crc32(Buffer.from(text)) & 0xffff); return two }),
  ]))
  const message = Buffer.concat([Buffer.from('certs roll v1\0'), sha256(facts), sha256(raw), Buffer.from(signed_at)])
  return signed(Buffer.from(key, 'hex'), message, Buffer.from(signature, 'hex')) && made.every((entry, place) => raw.subarray(58 * place, 58 * place + 58).equals(entry))
}

// --- judging by an archive

function openArchive({ jwks, did, list, status }) {
  const keys = did.verificationMethod.map((method) => base58(method.publicKeyMultibase).subarray(2))
  const [, at, count, ...lines] = openNote(list, keys)
  if (Number(count) !== lines.length) refuse('lines are missing')
  const entries = lines.map((line) => { const [claim, file, state, until, index] = line.split(' '); return { claim, file, state, until, index } })
  return { at, entries, jwks: jwks.keys, status: status.map((one) => openStatus(one, did)) }
}
function standing(entry, archive, today) {
  if (entry.state !== 'valid') return entry.state
  const index = entry.index === '-' ? -1 : Number(entry.index), list = archive.status.find((one) => one.number === Math.floor(index / 131072) + 1)
  const bit = index >= 0 && list && list.since >= archive.at && (list.bits[(index % 131072) >> 3] >> (7 - (index % 8))) & 1
  if (bit) return 'revoked'
  return entry.until !== '-' && entry.until < today ? 'expired' : 'valid'
}
function judgeCode(code, archive, today) {
  const text = code.trim().replace(/^.*\/V\//is, '')
  if (/^SPECIMEN\./i.test(text)) return { summary: 'not_issued' }
  let claim
  try { claim = readClaim(text) } catch { return { summary: 'altered' } }
  const key = archive.jwks.find((one) => one.kid === claim.kid && (one.purpose ?? 'claim') === 'claim')
  if (!key) return { summary: 'unknown' }
  const message = Buffer.from(`certs claim v1\0${text.split('.')[0]}`)
  if (!signed(Buffer.from(key.x, 'base64url'), message, claim.signature)) return { summary: 'altered' }
  const entry = archive.entries.find((one) => one.claim === sha256(text).toString('hex'))
  if (entry) return { summary: standing(entry, archive, today), facts: claim.facts, listed: true }
  return { summary: 'unknown', facts: key.state === 'compromised' ? undefined : claim.facts }
}
function judgeFile(data, archive, today) {
  const entry = archive.entries.find((one) => one.file === sha256(data).toString('hex'))
  if (entry) return standing(entry, archive, today)
  const judged = [...data.toString('latin1').matchAll(/\/V\/([A-Z2-7]+\.[A-Z2-7]{103})/g)].map(([, code]) => judgeCode(code, archive, today))
  if (judged.some((one) => one.listed)) return 'altered'
  return judged[0]?.summary ?? 'unknown'
}

const input = JSON.parse(readFileSync(0, 'utf8'))
const each = (cases, judge) => Object.fromEntries(Object.entries(cases ?? {}).map(([label, one]) => [label, judge(one)]))
const told = { archive: true }
let archive
try { archive = openArchive(input.archive) } catch (error) { told.archive = error.message }
if (archive) {
  told.codes = each(input.codes, (code) => { const { summary, facts } = judgeCode(code, archive, input.today); return { summary, facts } })
  told.files = each(input.files, (file) => judgeFile(Buffer.from(file, 'base64'), archive, input.today))
}
told.checkpoints = each(input.checkpoints, ({ note, key }) => openNote(note, [Buffer.from(key, 'hex')]))
told.rolls = each(input.rolls, rollFits)
console.log(JSON.stringify(told))
