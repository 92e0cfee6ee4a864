// How long a stranger waits must not tell what is there. That is measured by test/bench/strangers.ts; here is why it holds:
// until the answer is given, an object runs the same statements for somebody else's session as for one that never was.

import { describe, expect } from 'vitest'
import { COMMANDS } from '../../../src/protocol/commands/index.ts'
import { findCommand } from '../../../src/protocol/registry.ts'
import type { ClientCommand } from '../../../src/session/context.ts'
import { CLIENT as ITS_CLIENT, SESSION } from '../../journeys/isolation-cells.ts'
import { MATRIX } from '../../journeys/isolation-matrix.ts'
import { type EngineHost, engineHost } from '../../support/engine-host.ts'
import type { SendOptions } from '../../support/engine-send.ts'
import { CLIENT, create, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { traced } from '../../support/engine-trace.ts'

const STRANGER: SendOptions = { subject: 'somebody' }

const STRANGERS: readonly (readonly [string, SendOptions])[] = [
  ['another member of the team', STRANGER],
  ['somebody of another team', { team: 'other' }],
  ['the owner with credentials for other clients', { client_ids: ['other-*'] }],
]

/** Every command about a session, in every way to name it. */
const ABOUT_SESSIONS = COMMANDS.map(({ name }) => name)
  .filter(isClients)
  .flatMap((command) =>
    MATRIX[command].ways
      .filter((way) => way.session_id === SESSION)
      .map(({ idempotency_key, ...parameters }) => ({
        command,
        parameters,
        ...(typeof idempotency_key === 'string' && { key: idempotency_key }),
      }))
  )

function isClients(command: string): command is ClientCommand {
  return findCommand(command)?.scope.startsWith('client') === true
}

export function describeStrangers(test: EngineTest): void {
  describe('Until a stranger is answered', () => {
    for (const [who, stranger] of STRANGERS) {
      test(`${who} costs the same statements, whether the session is there or not`, (host) => {
        const session_id = create(host, { state_data: { n: 1 } })
        update(host, session_id, { n: 2 })
        const never = host.ids.mint({ team: 'local', client_id: CLIENT }, 1, host.clock.now())
        for (const sent of ABOUT_SESSIONS) {
          const foreign = statements(host, { ...sent, session_id }, stranger)
          const absent = statements(host, { ...sent, session_id: never }, stranger)
          expect(foreign).toEqual(absent)
          // Whose object it is, and nothing of what is in it; once that is known, nothing at all.
          expect(foreign.first.join()).not.toMatch(/FROM (session|revision|component|answered)/)
          expect(foreign.next).toEqual([])
        }
      })
    }

    test('an object of nobody runs nothing either, once it is awake', (host) => {
      const never = host.ids.mint({ team: 'local', client_id: CLIENT }, 1, host.clock.now())
      for (const sent of ABOUT_SESSIONS) {
        const { next } = statements(host, { ...sent, session_id: never }, STRANGER)
        expect(next).toEqual([])
      }
    })

    test('the owner, for whom there is something to do, costs more', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      for (const { key: _, ...sent } of ABOUT_SESSIONS) {
        expect(statements(host, { ...sent, session_id }, {}).first.join()).toMatch(/FROM session/)
      }
    })
  })
}

type Sent = {
  readonly command: ClientCommand
  readonly parameters: object
  readonly key?: string
}

/** What runs until an object that has just woken has answered once, and then once more. */
function statements(
  { sql, clock }: EngineHost,
  { command, parameters, key, session_id }: Sent & { readonly session_id: string },
  caller: SendOptions
) {
  const trace = traced(sql)
  const woken = engineHost(trace, {}, clock)
  trace.taken()
  const filled = JSON.stringify(parameters)
    .replaceAll(SESSION, session_id)
    .replaceAll(ITS_CLIENT, CLIENT)
  const ask = () => {
    woken.send(command, filled, { ...caller, ...(key !== undefined && { key }) })
    return trace.taken()
  }
  return { first: ask(), next: ask() }
}
