// Reads the token out of an `Authorization` header (RFC 6750), strictly, before anything looks into it.

import { succeed } from '../outcome.ts'
import { type Access, refuse } from './verifier.ts'

/** Characters of a token. */
export const MAX_TOKEN_LENGTH = 8192

const MAX_HEADER_LENGTH = MAX_TOKEN_LENGTH + 'Bearer '.length

/** RFC 6750 section 2.1: b64token. Two headers, which arrive joined by a comma, do not match. */
const B64_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/
const HEADER = /^bearer ([^ ]+)$/i

/** The token of the header's value; undefined if there is no header. */
export function readBearer(header: string | null | undefined): Access<string | undefined> {
  if (header === null || header === undefined) return succeed(undefined)
  if (header.length > MAX_HEADER_LENGTH) return refuse('the Authorization header is too long')
  const token = HEADER.exec(header)?.[1]
  if (token === undefined) return refuse('the Authorization header must be "Bearer" and one token')
  return isToken(token) ? succeed(token) : refuse('the token has characters that no token has')
}

/** True if the text can be a token at all; it may have come from elsewhere than a header. */
export function isToken(text: string): boolean {
  return text.length <= MAX_TOKEN_LENGTH && B64_TOKEN.test(text)
}
