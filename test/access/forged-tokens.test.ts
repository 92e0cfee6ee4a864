// Nobody comes in with a forged token, whichever way tokens are verified, and no refusal repeats one.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, startApiClient } from '../support/stui-api-client.ts'
import { FORGED_TOKENS } from './forged-tokens.ts'
import { MALFORMED_TOKENS } from './malformed-tokens.ts'
import { MISUSED_TOKENS, NOT_BY_SIGNATURE } from './misused-tokens.ts'

const FORGERIES = [...FORGED_TOKENS, ...MALFORMED_TOKENS, ...MISUSED_TOKENS]

let client: ApiClient

beforeAll(async () => {
  client = await startApiClient()
})

afterAll(() => client.api.stop())

/** True if the refusal holds the token or a part of it. */
function tells(refusal: unknown, token: string): boolean {
  const text = JSON.stringify(refusal)
  return token.split('.').some((part) => part.length >= 8 && text.includes(part))
}

describe('By signature and claims', () => {
  it.each([...FORGERIES, ...NOT_BY_SIGNATURE])(
    'a token that $name is refused, because $because',
    async ({ because: detail, make }) => {
      const token = await make(client.api)
      const refused = await client.jwtVerifier().verify(token)
      expect(refused).toEqual({ ok: false, failure: { reason: 'unauthenticated', detail } })
      expect(tells(refused, token)).toBe(false)
    }
  )

  it('no token makes us fetch from an address of its own', () => {
    expect(client.api.requests('/forged-keys')).toBe(0)
  })
})

describe('By asking the STUI API', () => {
  it.each(FORGERIES)('a token that $name is refused', async ({ make }) => {
    const token = await make(client.api)
    const refused = await client.introspectionVerifier().verify(token)
    expect(refused).toMatchObject({ ok: false, failure: { reason: 'unauthenticated' } })
    expect(tells(refused, token)).toBe(false)
  })

  it.each(NOT_BY_SIGNATURE)('a token that $name is good if the API says so', async ({ make }) => {
    const token = await make(client.api)
    expect(await client.introspectionVerifier().verify(token)).toMatchObject({ ok: true })
  })
})
