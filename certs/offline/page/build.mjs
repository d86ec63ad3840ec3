// node build.mjs [FOLDER] -- bundles the page into FOLDER/page.html (here by default ..), with LICENCES.txt of what is in it.
//
// What stands in {{braces}} is filled by certs/offline/page.py for each archive: data, words, and where the page is served.

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { buildSync, transformSync } from 'esbuild'

const here = new URL('.', import.meta.url).pathname, out = process.argv[2] ?? `${here}..`
const read = (name) => readFileSync(here + name, 'utf8')
const bundled = buildSync({ entryPoints: [`${here}app.mjs`], bundle: true, minify: true, format: 'iife', target: 'es2023', charset: 'ascii', legalComments: 'none', write: false })
const script = bundled.outputFiles[0].text.trim().replaceAll('</script', '<\\/script').replaceAll('{{', '{ {')
const style = transformSync(read('page.css'), { loader: 'css', minify: true, charset: 'ascii' }).code.trim()
const hash = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`
const parts = { 'SCRIPT-HASH': hash(script), 'STYLE-HASH': hash(style), STYLE: style, SCRIPT: script }
writeFileSync(`${out}/page.html`, read('page.html').replace(/SCRIPT-HASH|STYLE-HASH|STYLE|SCRIPT/g, (name) => parts[name]))

const { version: ed } = JSON.parse(read('node_modules/@noble/ed25519/package.json')), { version: hashes } = JSON.parse(read('node_modules/@noble/hashes/package.json'))
const { version: qr } = JSON.parse(read('node_modules/qr/package.json'))
const licences = [
  ['@noble/ed25519', ed, 'node_modules/@noble/ed25519/LICENSE'], ['@noble/hashes', hashes, 'node_modules/@noble/hashes/LICENSE'], ['qr', qr, 'node_modules/qr/LICENSE-MIT'],
].map(([name, version, file]) => `${name} ${version}\n\n${read(file).trim()}\n`)
writeFileSync(`${out}/LICENCES.txt`, `The page that checks certificates without the site has in it, beside our own code (Apache-2.0):\n\n${licences.join('\n\n')}`)
console.log(`script ${script.length}, page ${read('page.html').length + style.length + script.length} bytes`)
