// Tokens that a stranger makes: unsigned, changed, or signed with a key that is not the STUI API's.

import { createHmac } from 'node:crypto'
import { EncryptJWT, exportSPKI, generateSecret, SignJWT, UnsecuredJWT } from 'jose'
import { makeSigningKey } from '../../local-bridge/stack/stui-api/keys.ts'
import type { TestApi } from '../support/stui-api.ts'
import { changed, encoded, type Forgery, forgery, HEADER, KEY, SIGNATURE } from './forgery.ts'

const YEAR_2100 = 4_102_444_800

/** What a forger puts into a token: everything that is right. */
function claimsFor({ issuer: iss, audience: aud }: TestApi) {
  return { iss, aud, sub: 'user-enzo', team: 'atelier', role: 'admin', exp: YEAR_2100 }
}

/** Signed with the forger's own key. */
async function selfSigned(api: TestApi, header: Record<string, unknown>): Promise<string> {
  const own = await makeSigningKey('ES256')
  return new SignJWT(claimsFor(api))
    .setProtectedHeader({ kid: own.kid, jwk: own.jwk, ...header, alg: 'ES256' })
    .sign(own.privateKey)
}

/** "Signed" with HMAC, the public key as its secret. */
async function macWith(api: TestApi, secret: string, alg = 'HS256'): Promise<string> {
  const { kid } = api.keys.current('RS256')
  const text = `${encoded({ alg, kid })}.${encoded(claimsFor(api))}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const UNSIGNED: readonly Forgery[] = [
  forgery(HEADER, 'says alg none', async (api) => new UnsecuredJWT(claimsFor(api)).encode()),
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) =>
    forgery(HEADER, `says alg "${alg}" and keeps the signature of another token`, (api) =>
      changed(api, ([, , signature = '']) => [
        encoded({ alg, kid: api.keys.current('ES256').kid }),
        encoded(claimsFor(api)),
        signature,
      ])
    )
  ),
  forgery(SIGNATURE, 'has lost its signature', (api) =>
    changed(api, ([h = '', p = '']) => [h, p, ''])
  ),
  forgery(HEADER, 'has two parts', (api) => changed(api, ([h = '', p = '']) => [h, p])),
  forgery(HEADER, 'has four parts', (api) => changed(api, (parts) => [...parts, 'AAAA'])),
  forgery(SIGNATURE, 'has a signature of zeros', (api) =>
    changed(api, ([h = '', p = '']) => [h, p, Buffer.alloc(64).toString('base64url')])
  ),
]

const TAMPERED: readonly Forgery[] = [
  forgery(SIGNATURE, 'has other claims than were signed', (api) =>
    changed(api, ([h = '', , s = '']) => [h, encoded(claimsFor(api)), s])
  ),
  forgery(SIGNATURE, 'has another header than was signed', (api) =>
    changed(api, ([, p = '', s = '']) => [
      encoded({ alg: 'ES256', kid: api.keys.current('ES256').kid, cty: 'x' }),
      p,
      s,
    ])
  ),
  forgery(SIGNATURE, 'has one letter of its signature changed', (api) =>
    changed(api, ([h = '', p = '', s = '']) => [h, p, (s[0] === 'A' ? 'B' : 'A') + s.slice(1)])
  ),
  forgery(KEY, 'has another algorithm than its key', (api) =>
    changed(api, ([, p = '', s = '']) => [
      encoded({ alg: 'RS256', kid: api.keys.current('ES256').kid }),
      p,
      s,
    ])
  ),
]

const OTHER_KEYS: readonly Forgery[] = [
  forgery(HEADER, 'is an HMAC with the public key as PEM', async (api) =>
    macWith(api, await exportSPKI(api.keys.current('RS256').publicKey))
  ),
  forgery(HEADER, 'is an HMAC with the public key as JWK', (api) =>
    macWith(api, JSON.stringify(api.keys.current('RS256').jwk))
  ),
  forgery(SIGNATURE, 'is an HMAC that says RS256', async (api) =>
    macWith(api, await exportSPKI(api.keys.current('RS256').publicKey), 'RS256')
  ),
  forgery(KEY, 'brings its own key in jwk', (api) => selfSigned(api, {})),
  forgery(SIGNATURE, 'brings its own key under a published key id', (api) =>
    selfSigned(api, { kid: api.keys.current('ES256').kid })
  ),
  forgery(KEY, 'says in jku where its key is', (api) =>
    selfSigned(api, { jwk: undefined, jku: `${api.issuer}/forged-keys` })
  ),
  forgery(KEY, 'says in x5u where its certificate is', (api) =>
    selfSigned(api, { x5u: `${api.issuer}/forged-keys`, x5c: ['AAAA'] })
  ),
  forgery(HEADER, 'is encrypted instead of signed', async (api) =>
    new EncryptJWT(claimsFor(api))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(await generateSecret('A256GCM'))
  ),
]

const KEY_IDS: readonly Forgery[] = [
  ...[undefined, '', 7, null, ['a'], '../../../dev/null', "' OR 1=1 --", 'x'.repeat(4000)].map(
    (kid) =>
      forgery(
        typeof kid === 'string' && kid !== '' && kid.length < 256 ? KEY : HEADER,
        `has the key id ${JSON.stringify(kid)?.slice(0, 20)}`,
        async (api) => {
          const { privateKey } = await makeSigningKey('ES256')
          const header = encoded({ alg: 'ES256', kid })
          const signed = await new SignJWT(claimsFor(api))
            .setProtectedHeader({ alg: 'ES256' })
            .sign(privateKey)
          return [header, ...signed.split('.').slice(1)].join('.')
        }
      )
  ),
]

export const FORGED_TOKENS = [...UNSIGNED, ...TAMPERED, ...OTHER_KEYS, ...KEY_IDS]
