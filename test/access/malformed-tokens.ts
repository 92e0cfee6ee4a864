// Texts that are no tokens, or none that can be read.

import { changed, encoded, type Forgery, forgery, HEADER, SHAPE } from './forgery.ts'

export const MALFORMED_TOKENS: readonly Forgery[] = [
  ...['', '.', '..', 'a.b.c', 'null', 'e30.e30.', ' ', 'Bearer x'].map((text) =>
    forgery(/[ "]|^$/.test(text) ? SHAPE : HEADER, `is "${text}"`, async () => text)
  ),
  forgery(HEADER, 'has a header that is a list', async () => `${encoded([])}.${encoded({})}.AAAA`),
  forgery(SHAPE, 'has a line at its end', async (api) => `${await api.issueToken('frida')}\n`),
  forgery(SHAPE, 'is too long', (api) =>
    api.issueToken('frida', { claims: { padding: 'x'.repeat(8192) } })
  ),
  forgery('the token is malformed', 'asks for what is not understood', (api) =>
    changed(api, ([, p = '', s = '']) => [
      encoded({ alg: 'ES256', kid: api.keys.current('ES256').kid, crit: ['forged'], forged: 1 }),
      p,
      s,
    ])
  ),
]
