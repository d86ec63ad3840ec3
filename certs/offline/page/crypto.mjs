// Ed25519 and SHA-256: the browser's own where it has them (secure contexts, from 2025 on), else the bundled ones.
//
// The bundled one is told not to follow ZIP 215, which accepts signatures that the site refuses.

import { hashes, verify } from '@noble/ed25519'
import { sha256 as bundledSha256, sha512 } from '@noble/hashes/sha2.js'

hashes.sha512 = sha512
let native = globalThis.crypto?.subtle

export const by = () => (native ? 'browser' : 'page')

export async function ed25519(key, signature, message) {
  if (signature.length !== 64 || key.length !== 32) return false
  if (native) {
    try {
      const imported = await native.importKey('raw', key, 'Ed25519', false, ['verify'])
      return await native.verify('Ed25519', imported, signature, message)
    } catch (error) {
      if (error.name === 'DataError') return false
      native = undefined // it does not know Ed25519
    }
  }
  try { return verify(signature, message, key, { zip215: false }) } catch { return false }
}

export async function sha256(bytes) {
  return globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : bundledSha256(bytes)
}
