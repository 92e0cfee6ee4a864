// Tokens that the STUI API itself signed, and that are not for us or not for now.

import { type Forgery, forgery, HEADER } from './forgery.ts'

const YEAR_2100 = 4_102_444_800
const AUDIENCE = 'the token is for another audience'
const ISSUER = 'the token is from another issuer'
const EARLY = 'the token is not valid yet'

function signed(because: string, name: string, claims: Record<string, unknown>, header = {}) {
  return forgery(because, name, (api) => api.issueToken('enzo', { claims, header }))
}

function unusable(claim: string, name: string, claims: Record<string, unknown>) {
  return signed(`the token has no usable ${claim} claim`, name, claims)
}

export const MISUSED_TOKENS: readonly Forgery[] = [
  signed(AUDIENCE, 'is for another audience', { aud: 'stui-website' }),
  signed(AUDIENCE, 'is for other audiences', { aud: ['stui-website', 'stui-sessions-2'] }),
  signed(AUDIENCE, 'is for nobody', { aud: undefined }),
  signed(AUDIENCE, 'has an object as audience', { aud: { 0: 'stui-sessions' } }),
  signed(ISSUER, 'is from another issuer', { iss: 'https://stui.test' }),
  signed(ISSUER, 'is from nobody', { iss: undefined }),
  signed(ISSUER, 'is from a list of issuers', { iss: ['x'] }),
  forgery(ISSUER, 'is from an issuer that only looks like it', (api) =>
    api.issueToken('enzo', { claims: { iss: `${api.issuer}/` } })
  ),
  unusable('exp', 'ends at a text', { exp: '4102444800' }),
  unusable('exp', 'ends after the end of time', { exp: 1e300 }),
  signed(EARLY, 'begins in the future', { nbf: YEAR_2100 }),
  signed(EARLY, 'begins at a text', { nbf: 'now' }),
  unusable('sub', 'has no subject', { sub: undefined }),
  unusable('team', 'has no team', { team: undefined }),
  unusable('team', 'is of a team with a NUL', { team: 'atelier\0x' }),
  signed('the team of the token is a reserved name', 'is of the reserved team', { team: 'local' }),
  unusable('client_ids', 'lists no client id', { client_ids: [] }),
]

/** Good where the STUI API vouches for the token itself: what a signature alone cannot tell. */
export const NOT_BY_SIGNATURE: readonly Forgery[] = [
  unusable('exp', 'never ends', { exp: undefined }),
  unusable('exp', 'ends at null', { exp: null }),
  signed(HEADER, 'is a logout token', {}, { typ: 'logout+jwt' }),
  signed(HEADER, 'is a DPoP proof', {}, { typ: 'dpop+jwt' }),
]
