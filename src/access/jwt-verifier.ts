// Verifies JSON Web Tokens with the published keys of the STUI API (RFC 7519, RFC 8725). Asks nobody about a single token,
// so a revocation counts only from `exp` on: tokens for this mode are short-lived.

import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import * as z from 'zod'
import { succeed } from '../outcome.ts'
import { MAX_ID_LENGTH } from '../protocol/limits.ts'
import { isToken } from './bearer.ts'
import { type Expected, principalOf, tokenExpired } from './claims.ts'
import { createKeySet, type KeyName, type KeySetOptions } from './key-set.ts'
import { systemTimeLimit } from './stui-api.ts'
import { type Access, LEEWAY_S, refuse, type Verifier } from './verifier.ts'

/** Asymmetric ones alone: with HS256 a public key would be a secret that everybody has. */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const

export type JwtVerifierOptions = Expected &
  Omit<KeySetOptions, 'limit'> & { readonly limit?: KeySetOptions['limit'] }

/** @example createJwtVerifier({ issuer, audience, fetch: (url, init) => fetch(url, init), clock }) */
export function createJwtVerifier(options: JwtVerifierOptions): Verifier {
  const { issuer, audience, clock, limit = systemTimeLimit } = options
  const keys = createKeySet({ ...options, limit })

  async function verify(token: string) {
    const name = readHeader(token)
    if (!name.ok) return name
    const key = await keys.find(name.value)
    if (!key.ok) return key
    const claims = await claimsOf(() =>
      jwtVerify(token, key.value, {
        issuer,
        audience,
        algorithms: [...ALGORITHMS],
        requiredClaims: ['exp'],
        clockTolerance: LEEWAY_S,
        currentDate: new Date(clock.now()),
      })
    )
    return claims.ok ? principalOf(claims.value) : claims
  }

  return { verify }
}

// `jku`, `jwk`, `x5u` and `x5c` would let a token bring its own key: they are not even read. Types of other protocols
// (logout tokens, DPoP proofs) are refused although the same issuer signed them.
const headerSchema = z.object({
  alg: z.enum(ALGORITHMS),
  kid: z.string().min(1).max(MAX_ID_LENGTH),
  typ: z
    .string()
    .regex(/^(?:application\/)?(?:at\+)?jwt$/i)
    .optional(),
})

function readHeader(token: string): Access<KeyName> {
  if (!isToken(token)) return refuse('the token is too long or has characters that no token has')
  const { data } = headerSchema.safeParse(decodedHeader(token))
  if (data === undefined) {
    return refuse('the token is no JWT, or has no usable alg, kid or typ in its header')
  }
  return succeed({ alg: data.alg, kid: data.kid })
}

function decodedHeader(token: string): unknown {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}

async function claimsOf(
  verified: () => Promise<{ readonly payload: JWTPayload }>
): Promise<Access<JWTPayload>> {
  try {
    return succeed((await verified()).payload)
  } catch (error) {
    // Anything else is a bug of ours, not of the token.
    if (!(error instanceof errors.JOSEError)) throw error
    if (error instanceof errors.JWTExpired) return tokenExpired(error.payload.exp)
    return refuse(detailOf(error))
  }
}

/** What was wrong, from the fields of jose's error; its text may quote the token. */
function detailOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'the signature of the token is wrong'
  }
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'the token is malformed'
  switch (error.claim) {
    case 'iss':
      return 'the token is from another issuer'
    case 'aud':
      return 'the token is for another audience'
    case 'nbf':
      return 'the token is not valid yet'
    default:
      return 'the token has no usable exp claim'
  }
}
