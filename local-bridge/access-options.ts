// Gets the developer's token from where the settings say it is.

import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import type { AccessSettings } from './access-settings.ts'
import { askToken } from './ask-token.ts'
import type { AccessOptions } from './start-bridge.ts'
import { createTokenSource } from './token-source.ts'

/** Asks for the token where it is to be typed; the failure is one sentence. */
export async function withToken({
  token: place,
  ...api
}: AccessSettings): Promise<Outcome<AccessOptions, string>> {
  if (place.from !== 'prompt') return succeed({ ...api, token: createTokenSource(place) })
  const token = await askToken(process.stdin, (text) => process.stderr.write(text))
  if (token !== undefined) {
    return succeed({ ...api, token: createTokenSource({ from: 'prompt', token }) })
  }
  return { ok: false, failure: 'No token was typed: --ask-token needs a terminal and an answer.' }
}
