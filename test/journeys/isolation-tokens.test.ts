// Without a good token nobody is let in, not even with the ids of one's own sessions: every command × no token, one that has
// ended, was revoked, is for somebody else or is a forgery, by a message, in a batch and for a socket. Nothing changes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FORGED_TOKENS } from '../access/forged-tokens.ts'
import { MISUSED_TOKENS } from '../access/misused-tokens.ts'
import { type IdentityStack, leaked, startIdentityStack } from '../support/identity-stack.ts'
import { refusedSocket } from '../support/raw-watcher.ts'
import type { TestApi } from '../support/stui-api.ts'
import {
  createStage,
  type Ids,
  LINES,
  nobodys,
  type Stage,
  told,
  waysOf,
} from './isolation-stage.ts'

/** How a token is made, and the code that it is refused with. */
type Bad = readonly [string, (api: TestApi) => Promise<string | undefined>, string]

const NONE: Bad = ['none', async () => undefined, 'unauthenticated']

const BY_JWT: readonly Bad[] = [
  NONE,
  ['one that has ended', ended, 'token_expired'],
  ...[...FORGED_TOKENS, ...MISUSED_TOKENS].map(
    ({ name, make }): Bad => [`one that ${name}`, make, 'unauthenticated']
  ),
]

/** Whether a token was revoked only the STUI API can tell. */
const BY_INTROSPECTION: readonly Bad[] = [
  NONE,
  ['one that has ended', ended, 'unauthenticated'],
  ['one that was revoked', revoked, 'unauthenticated'],
]

/** Each is asked for from an address of its own, so that none spends what another one may fail. */
let sockets = 0

describe.each([
  ['jwt', BY_JWT],
  ['introspection', BY_INTROSPECTION],
] as const)('without a good token, by %s', (mode, bad) => {
  let stack: IdentityStack
  let stage: Stage
  let theirs: Ids

  beforeAll(async () => {
    stack = await startIdentityStack(mode)
    stage = createStage(stack, await stack.api.issueToken('frida'))
    theirs = await stage.owned(TELLS_THE_TEAM)
  })

  afterAll(async () => {
    const { secrets, output } = await stack.stop()
    expect(leaked(secrets, output)).toEqual([])
  })

  it.each(bad)('no command is carried out: %s', async (_, make, error_code) => {
    const token = await make(stack.api)
    const nowhere = nobodys(theirs)
    const before = await stage.seenByOwner(TELLS_THE_TEAM, theirs)
    for (const [, line, command] of LINES) {
      for (const way of waysOf(line, command, 'member')) {
        const foreign = await stage.ask(way, theirs, token)
        expect(foreign).toMatchObject({ status: 401, reply: { status: 'error', error_code } })
        expect(foreign.headers.get('www-authenticate')).toContain('error="invalid_token"')
        const absent = await stage.ask(way, nowhere, token)
        expect(told(foreign, theirs)).toBe(told(absent, nowhere))
      }
    }
    expect(await stage.seenByOwner(TELLS_THE_TEAM, theirs)).toEqual(before)
  })

  it.each(bad)('no socket is opened: %s', async (_, make, error_code) => {
    const token = await make(stack.api)
    const nowhere = nobodys(theirs)
    const socketOf = (query: Readonly<Record<string, string>>) => {
      sockets += 1
      const address = `10.200.${sockets >> 8}.${sockets & 255}`
      return refusedSocket(stack.url, query, { token, address })
    }
    const foreign = await socketOf({ client_id: theirs.client_id })
    const absent = await socketOf({ client_id: nowhere.client_id })
    const ofTeam = await socketOf({ scope: 'team' })
    expect(told(foreign, theirs)).toBe(told(absent, nowhere))
    for (const { status, text } of [foreign, ofTeam]) {
      expect(status).toBe(401)
      expect(JSON.parse(text)).toMatchObject({ status: 'error', error_code })
    }
  })
})

/** Of what it is about the team's directory is told, too. */
const TELLS_THE_TEAM = 'get_bridge_status'

/** A good token of the owner that has ended two minutes ago. */
function ended(api: TestApi): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) - 120
  return api.issueToken('frida', { claims: { iat: exp - 900, nbf: exp - 900, exp } })
}

/** A good token of the owner that was taken back. */
async function revoked(api: TestApi): Promise<string> {
  const token = await api.issueToken('frida')
  api.revoke(token)
  return token
}
