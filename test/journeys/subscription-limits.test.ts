// An operator and a subscription that both say something about limits, over HTTP: what is told is what binds.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import type { Members } from '../support/fixtures.ts'
import { type IdentityStack, leaked, startIdentityStack } from '../support/identity-stack.ts'

/** More sessions than the tier `free` allows, fewer than the others; fewer bytes than every tier. */
const OPERATOR = {
  STUI_MAX_SESSIONS_PER_CLIENT: '7',
  STUI_SESSION_BYTES: '500',
  STUI_CREATIONS_PER_MINUTE: '100000',
  STUI_CREATION_BURST: '100000',
}

/** How many sessions bind a developer of each tier. */
const MOST: readonly (readonly [string, UserName, number])[] = [
  ['free', 'frida', 7],
  ['pro', 'priya', 20],
  ['enterprise', 'enzo', 50],
]

let stack: IdentityStack

beforeAll(async () => {
  stack = await startIdentityStack('jwt', OPERATOR)
})

afterAll(async () => {
  const { secrets, output } = await stack.stop()
  expect(leaked(secrets, output)).toEqual([])
})

async function asking(user: UserName) {
  const token = await stack.api.issueToken(user)
  return async (message: Members): Promise<Members> => (await stack.ask(message, token)).reply
}

describe.each(MOST)('on the tier %s', (tier, user, most) => {
  const create = { command: 'create_session', client_id: `desk-${tier}` }

  it('as many sessions are allowed as the operator or the subscription allows, and told', async () => {
    const ask = await asking(user)
    for (let n = 0; n < most; n += 1) {
      const { result } = await ask(create)
      expect(result).toMatchObject({ max_concurrent_clients: most })
    }
    expect(await ask(create)).toMatchObject({
      error_code: 'session_limit_exceeded',
      details: { limit: most, active: most },
    })
    const { result } = await ask({ command: 'get_session_statistics' })
    expect(result).toMatchObject({ max_sessions_per_client: most })
  })

  it('no session is larger than the operator allows, and the panel is told the same', async () => {
    const ask = await asking(user)
    const { session_bytes } = (await config()) as { readonly session_bytes: number }
    const other = { ...create, client_id: `other-${tier}` }
    const fits = { ...other, state_data: ['x'.repeat(session_bytes - 4)] }
    expect(await ask(fits)).toMatchObject({ status: 'success' })
    expect(await ask({ ...other, state_data: ['x'.repeat(session_bytes - 3)] })).toMatchObject({
      error_code: 'session_too_large',
      details: { bytes: 501, limit: 500 },
    })
  })
})

async function config(): Promise<unknown> {
  return (await fetch(`${stack.url}/panel/config.json`)).json()
}
