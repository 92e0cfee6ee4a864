// The Worker as it authenticates, inside workerd: tokens of the small STUI API, without its socket, by a clock that
// stands still.

import { createSigningKeys, type SigningKeys } from '../../local-bridge/stack/stui-api/keys.ts'
import { CREDENTIALS, createRoutes } from '../../local-bridge/stack/stui-api/routes.ts'
import { AUDIENCE, createTokens, type Tokens } from '../../local-bridge/stack/stui-api/tokens.ts'
import type { Fetch } from '../../src/access/stui-api.ts'
import type { AppParts } from '../../src/http/app.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'
import { type Answer, ask, type Door, workerWith } from './worker.ts'

const ISSUER = 'https://stui.test'

/** The settings of each mode of authentication. */
export const AUTH_SETTINGS = {
  jwt: { STUI_AUTH: 'jwt', STUI_API_ISSUER: ISSUER, STUI_API_AUDIENCE: AUDIENCE },
  introspection: {
    STUI_AUTH: 'introspection',
    STUI_API_ISSUER: ISSUER,
    STUI_API_AUDIENCE: AUDIENCE,
    STUI_API_INTROSPECTION_URL: `${ISSUER}/introspect`,
    STUI_API_CLIENT_ID: CREDENTIALS.id,
    STUI_API_CLIENT_SECRET: CREDENTIALS.secret,
  },
} as const

export type AuthenticatingDoor = {
  readonly clock: FixedClock
  readonly token: Tokens['issue']
  readonly revoke: Tokens['revoke']
  readonly rotate: SigningKeys['rotate']
  readonly door: Door
  /** Takes the STUI API away, or brings it back. */
  become(state: 'away' | 'there'): void
  /** Requests that the STUI API got for the path. */
  requests(path: string): number
  /** Sends a message, with the token if there is one, from the address. */
  ask(message: unknown, token?: string, address?: string): Promise<Answer>
}

/** @example const { ask, token } = await startDoor(); await ask({ command: 'ping' }, await token('frida')) */
export async function startDoor(
  mode: keyof typeof AUTH_SETTINGS = 'jwt',
  settings: Readonly<Record<string, unknown>> = {},
  parts: Partial<AppParts> = {}
): Promise<AuthenticatingDoor> {
  const clock = fixedClock()
  const keys = await createSigningKeys()
  const tokens = createTokens(ISSUER, keys, clock)
  const routes = createRoutes(ISSUER, keys, tokens)
  const asked: string[] = []
  let state: 'away' | 'there' = 'there'

  const fetch: Fetch = async (url, { method, headers, body = '' }) => {
    const path = new URL(url).pathname
    asked.push(path)
    if (state === 'away') throw new Error('nobody answers')
    const form = new URLSearchParams(body)
    const { authorization = '' } = headers
    const { status, json } = await routes({ method, path, authorization, form })
    return Response.json(json, { status })
  }

  const door = workerWith({ ...AUTH_SETTINGS[mode], ...settings }, { clock, fetch, ...parts })
  return {
    clock,
    token: tokens.issue,
    revoke: tokens.revoke,
    rotate: keys.rotate,
    door,
    become: (next) => {
      state = next
    },
    requests: (path) => asked.filter((one) => one === path).length,
    ask: (message, token, address = '203.0.113.7') =>
      ask(
        message,
        {
          'cf-connecting-ip': address,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        door
      ),
  }
}
