// Judges codes and files by what the page carries: its keys, and where it has one, the signed list of an event.
//
// Written from docs/formats.md; the steps are those of verify.py. `crypto.ed25519(key, signature, message)` and
// `crypto.sha256(bytes)` come from whoever calls, so that the browser's own can be used and a bundled one where it has none.

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const KINDS = ['attendance'], EPOCH = Date.UTC(2020, 0, 1), DAY = 86400000
const FIRST_DAY = -737424, LAST_DAY = 2914634 // 0001-01-01 and 9999-12-31, in days since 2020-01-01
const LIST_BYTES = 16384
const LINE = /^([0-9a-f]{64}) ([0-9a-f]{64}) (valid|replaced|revoked|unknown) (\d{4}-\d\d-\d\d|-) (0|[1-9]\d{0,11}|-)$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

export class NotACode extends Error {}
export class Damaged extends Error {}

const utf8 = (text) => new TextEncoder().encode(text)
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) { whole.set(part, at); at += part.length }
  return whole
}
function base64(text) {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))
}

function base32(text) {
  const bytes = []
  let bits = 0, value = 0
  for (const letter of text) {
    const digit = BASE32.indexOf(letter)
    if (digit < 0) throw new NotACode()
    value = (value << 5) | digit
    bits += 5
    if (bits >= 8) { bits -= 8; bytes.push(value >> bits); value &= (1 << bits) - 1 }
  }
  if (value || bits >= 5) throw new NotACode()
  return Uint8Array.from(bytes)
}

function base58(text) {
  if (text[0] !== 'z' || text.length > 129) throw new Damaged('base58')
  let number = 0n
  for (const digit of text.slice(1)) {
    const value = BASE58.indexOf(digit)
    if (value < 0) throw new Damaged('base58')
    number = number * 58n + BigInt(value)
  }
  const zeros = text.slice(1).match(/^1*/)[0].length
  let spelled = number ? number.toString(16) : ''
  if (spelled.length % 2) spelled = '0' + spelled
  return join(new Uint8Array(zeros), Uint8Array.from(spelled.match(/../g) ?? [], (pair) => parseInt(pair, 16)))
}

function crockford(bytes, digits) {
  const bits = BigInt('0x' + hex(bytes))
  let text = ''
  for (let place = digits - 1; place >= 0; place--) text += CROCKFORD[Number((bits >> BigInt(5 * place)) & 31n)]
  return text
}

function printed(seven) {
  const digits = crockford(seven, 11)
  let total = 0
  for (let place = 0; place < 11; place++) {
    const value = CROCKFORD.indexOf(digits[10 - place]) * (place % 2 ? 1 : 2)
    total += (value >> 5) + (value & 31)
  }
  return (digits + CROCKFORD[(32 - (total % 32)) % 32]).match(/.{4}/g).join('-')
}

// Takes the items of a claim off its payload, each in its shortest form.
class Items {
  constructor(payload) { this.payload = payload; this.at = 0 }

  taken(count) {
    if (this.at + count > this.payload.length) throw new NotACode()
    return this.payload.subarray(this.at, (this.at += count))
  }

  head() {
    const initial = this.taken(1)[0], short = initial & 31
    if (short < 24) return [initial >> 5, short]
    if (short > 26) throw new NotACode()
    const argument = this.taken(1 << (short - 24)).reduce((sum, byte) => sum * 256 + byte, 0)
    if (argument < [24, 256, 65536][short - 24]) throw new NotACode()
    return [initial >> 5, argument]
  }

  integer() {
    const [major, argument] = this.head()
    if (major > 1) throw new NotACode()
    return major ? -1 - argument : argument
  }

  count() {
    const found = this.integer()
    if (found < 0) throw new NotACode()
    return found
  }

  octets(length) {
    const [major, found] = this.head()
    if (major !== 2 || found !== length) throw new NotACode()
    return this.taken(length)
  }

  text() {
    const [major, length] = this.head()
    if (major !== 3) throw new NotACode()
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.taken(length))
    } catch (error) {
      throw error instanceof NotACode ? error : new NotACode()
    }
  }

  kind() {
    if (this.payload[this.at] >> 5 === 3) {
      const name = this.text()
      if (KINDS.includes(name)) throw new NotACode()
      return name
    }
    const index = this.count()
    if (index >= KINDS.length) throw new NotACode()
    return KINDS[index]
  }

  day() {
    const days = this.integer()
    if (days < FIRST_DAY || days > LAST_DAY) throw new NotACode()
    return new Date(EPOCH + days * DAY)
  }
}

export function textOf(code) { return code.trim().replace(/^.*\/[Vv]\//s, '') }

// Returns what a code states, or throws NotACode.
export function readCode(code) {
  const text = textOf(code), dot = text.indexOf('.')
  if (dot < 0 || text.length > 3000) throw new NotACode()
  const signature = base32(text.slice(dot + 1)), items = new Items(base32(text.slice(0, dot)))
  if (signature.length !== 64 || hex(items.taken(2)) !== '8c01') throw new NotACode()
  const kid = items.octets(5), number = items.octets(7)
  if (number[0] > 127) throw new NotACode()
  const facts = {
    text, signature, signed: join(utf8('certs claim v1\0'), utf8(text.slice(0, dot))),
    kid: crockford(kid, 8).toLowerCase(), number: printed(number), kind: items.kind(), name: items.text(),
    event: items.text(), first: items.day(), last: items.day(), hours: items.count() / 4, attended: items.count(),
    sessions: items.count(), issued: items.day(),
  }
  if (items.at !== items.payload.length) throw new NotACode()
  return facts
}

// Checks everything that the page carries; returns it indexed, or throws Damaged.
export async function open(data, crypto) {
  const keys = new Map(data.jwks.keys.filter((key) => (key.purpose ?? 'claim') === 'claim').map((key) => [key.kid, key]))
  const known = { keys, at: data.at, list: null, withdrawn: new Map() }
  if (!data.list) return known
  try {
    const issuing = new Map()
    for (const method of data.did.verificationMethod) {
      const raw = base58(method.publicKeyMultibase)
      if (raw.length === 34 && raw[0] === 0xed && raw[1] === 1) issuing.set(method.id, raw.subarray(2))
    }
    known.list = await readList(data.list, issuing, crypto)
    known.at = known.list.at
    if (data.did.id.split(':')[2] !== known.list.name.split('/')[0].toLowerCase().replace(':', '%3A')) throw new Damaged('issuer')
    for (const one of data.status) {
      const [number, since, bits] = await readStatus(one, data.did.id, issuing, crypto)
      known.withdrawn.set(number, { since, bits })
    }
    return known
  } catch (error) {
    throw error instanceof Damaged ? error : new Damaged(String(error))
  }
}

async function readList(note, keys, crypto) {
  const end = note.indexOf('\n\n'), lines = note.slice(0, end).split('\n'), text = note.slice(0, end + 1)
  const words = note.slice(end + 2).replace(/\n$/, '').split(' ')
  const found = lines.slice(3).map((line) => LINE.exec(line))
  if (end < 0 || words.length !== 3 || words[0] !== '\u2014' || words[1] !== lines[0] || !found.every(Boolean) ||
      lines[2] !== String(found.length) || !MOMENT.test(lines[1])) throw new Damaged('list')
  const signed = base64(words[2])
  if (btoa(String.fromCharCode(...signed)) !== words[2]) throw new Damaged('list')
  for (const key of keys.values()) {
    const identity = (await crypto.sha256(join(utf8(lines[0] + '\n'), Uint8Array.of(1), key))).subarray(0, 4)
    if (hex(identity) !== hex(signed.subarray(0, 4)) || !(await crypto.ed25519(key, signed.subarray(4), utf8(text)))) continue
    const entries = found.map(([, claim, file, state, until, place]) => ({ claim, file, state, until, place }))
    return {
      name: lines[0], at: lines[1], size: entries.length,
      claims: new Map(entries.map((entry) => [entry.claim, entry])), files: new Map(entries.map((entry) => [entry.file, entry])),
    }
  }
  throw new Damaged('list')
}

// A status list has no blank nodes, so its canonical quads (RDFC-1.0) are always these lines.
async function readStatus(document, issuer, keys, crypto) {
  const { id, validFrom, credentialSubject: { encodedList } } = document, proof = document.proof[0]
  const number = /^https?:\/\/[!-;=?-~]+\/status\/([1-9]\d{0,5})$/.exec(id), method = proof.verificationMethod
  if (!number || !/^u[A-Za-z0-9_-]+$/.test(encodedList) || !MOMENT.test(validFrom) || !MOMENT.test(proof.created) ||
      method.split('#')[0] !== issuer || !keys.has(method)) throw new Damaged('status list')
  const type = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', vc = 'https://www.w3.org/2018/credentials#'
  const status = 'https://www.w3.org/ns/credentials/status#', sec = 'https://w3id.org/security#'
  const time = '<http://www.w3.org/2001/XMLSchema#dateTime>', subject = `<${id}#list>`
  const options = [
    `_:c14n0 <http://purl.org/dc/terms/created> "${proof.created}"^^${time} .`, `_:c14n0 ${type} <${sec}DataIntegrityProof> .`,
    `_:c14n0 <${sec}cryptosuite> "eddsa-rdfc-2022"^^<${sec}cryptosuiteString> .`,
    `_:c14n0 <${sec}proofPurpose> <${sec}assertionMethod> .`, `_:c14n0 <${sec}verificationMethod> <${method}> .`,
  ]
  const quads = [
    `${subject} ${type} <${status}BitstringStatusList> .`, `${subject} <${status}encodedList> "${encodedList}"^^<${sec}multibase> .`,
    `${subject} <${status}statusPurpose> "revocation" .`, `<${id}> ${type} <${vc}VerifiableCredential> .`,
    `<${id}> ${type} <${status}BitstringStatusListCredential> .`, `<${id}> <${vc}credentialSubject> ${subject} .`,
    `<${id}> <${vc}issuer> <${issuer}> .`, `<${id}> <${vc}validFrom> "${validFrom}"^^${time} .`,
  ]
  const digest = async (lines) => crypto.sha256(utf8(lines.map((line) => line + '\n').join('')))
  const signed = join(await digest(options), await digest(quads))
  if (!(await crypto.ed25519(keys.get(method), base58(proof.proofValue), signed))) throw new Damaged('status list')
  const bits = await unpacked(base64(encodedList.slice(1)))
  if (bits.length !== LIST_BYTES) throw new Damaged('status list')
  return [Number(number[1]), validFrom, bits]
}

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const passed = (name, key, facts) => ({ name, outcome: 'passed', key, facts })
const failed = (name, key, facts) => ({ name, outcome: 'failed', key, facts })
const unknown = (name, key, facts) => ({ name, outcome: 'unknown', key, facts })

// Returns { summary, steps, facts, signed } for a code; `signed` where our key signed what the list does not have.
export async function judgeCode(code, known, crypto, today) {
  if (textOf(code).toUpperCase().startsWith('SPECIMEN.')) return { summary: 'not_issued', steps: [failed('form', 'specimen')] }
  let facts
  try { facts = readCode(code) } catch (error) {
    if (!(error instanceof NotACode)) throw error
    return { summary: 'altered', steps: [failed('form', 'form_bad')] }
  }
  const steps = [passed('form', 'form_good')], key = known.keys.get(facts.kid)
  if (!key) return { summary: 'unknown', steps: [...steps, unknown('key', 'key_missing')] }
  steps.push(passed('key', 'key_good'))
  if (!(await crypto.ed25519(base64(key.x), facts.signature, facts.signed))) return { summary: 'altered', steps: [...steps, failed('signature', 'signature_bad')] }
  steps.push(passed('signature', 'signature_good'))
  facts.demo = key.demo === true
  const entry = known.list?.claims.get(hex(await crypto.sha256(utf8(facts.text))))
  if (entry) return { ...standing(entry, known, today, steps), facts }
  if (key.state === 'compromised') return { summary: 'unknown', steps: [...steps, unknown('list', 'key_unsafe', { kid: facts.kid })] }
  return { summary: 'unknown', signed: true, facts, steps: [...steps, known.list ? unknown('list', 'list_lacks', { day: known.at }) : unknown('list', 'no_list')] }
}

// Returns the same for the bytes of a file.
export async function judgeFile(bytes, known, crypto, today) {
  const entry = known.list?.files.get(hex(await crypto.sha256(bytes)))
  const codes = [...new TextDecoder('latin1').decode(bytes).matchAll(/\/V\/([A-Z2-7]{20,2900}\.[A-Z2-7]{103})/g)].map((found) => found[1])
  if (entry) {
    let facts
    for (const code of codes) if (hex(await crypto.sha256(utf8(code))) === entry.claim) facts = readCode(code)
    if (facts) facts.demo = known.keys.get(facts.kid)?.demo === true
    return { ...standing(entry, known, today, [passed('file', 'file_good')]), facts }
  }
  const other = known.list ? failed('file', 'file_lacks', { day: known.at }) : unknown('file', 'no_list')
  if (!codes.length) return { summary: 'unknown', steps: [other, unknown('code', 'file_no_code')] }
  const judged = []
  for (const code of codes.slice(0, 20)) judged.push(await judgeCode(code, known, crypto, today))
  const listed = judged.find((one) => one.listed)
  if (!listed) return { ...judged[0], steps: [other, ...judged[0].steps] }
  return { summary: 'altered', facts: listed.facts, steps: [other, ...listed.steps, failed('difference', 'file_copy')] }
}

function standing(entry, known, today, steps) {
  steps = [...steps, passed('list', 'list_has', { day: known.at })]
  const say = (summary, step) => ({ summary, listed: true, steps: [...steps, step] })
  if (entry.state === 'unknown') return say('unknown', unknown('status', 'not_vouched'))
  if (entry.state !== 'valid') return say(entry.state, failed('status', `status_${entry.state}`))
  const since = withdrawnSince(entry, known)
  if (since) return say('revoked', failed('status', 'status_later', { day: since }))
  if (entry.until !== '-' && entry.until < today) return say('expired', failed('status', 'status_expired', { day: entry.until }))
  return say('valid', passed('status', 'status_good', { day: known.at }))
}

function withdrawnSince(entry, known) {
  if (entry.place === '-') return ''
  const place = Number(entry.place), number = Math.floor(place / 131072) + 1, position = place % 131072
  const list = known.withdrawn.get(number)
  return list && list.since >= known.at && list.bits[position >> 3] & (0x80 >> (position & 7)) ? list.since : ''
}
