import { describe, expect, it } from 'vitest'
import { claim, openReplica } from '../../../local-bridge/replica/replica.ts'
import { readServiceAnswer } from '../../../local-bridge/replica/service-answer.ts'
import { warm } from '../../../local-bridge/replica/warm.ts'
import { asJsonText } from '../../../src/protocol/json-text.ts'
import { testCipher } from '../../support/engine-cipher.ts'
import { seededBytes } from '../../support/engine-random.ts'
import { fixedClock, MINUTE } from '../../support/fixed-clock.ts'

const session_id = 'session_1_1795253429_0pc7Q7K2i1kbcGS6MEECkWWat0JzvKcl0jdYrLQjCekbhvru'
const HOLDER = { team: 'local', subject: 'local', client_ids: [] }

/** A replica in memory that hears what a service has answered. */
function startReplica() {
  const clock = fixedClock()
  const replica = openReplica(':memory:', '0pc7Q7K2i1kbcGS6MEECkW', {
    ...{ cipher: testCipher('a'), clock, random: seededBytes(1) },
    onFault: (error) => {
      throw error
    },
  })
  claim(replica, HOLDER, 'desk', clock.now())
  const time = (after = 0) => new Date(clock.now() + after).toISOString()

  function hear(command: string, parameters: Record<string, string>, told: object) {
    const result = { session_id, client_id: 'desk', ...told }
    const answer = readServiceAnswer(
      Buffer.from(JSON.stringify({ id: 1, status: 'success', result, meta: {} }))
    )
    if (answer?.ok !== true) throw new Error('the answer cannot be read')
    const state = Object.entries(parameters).map(([name, text]) => [name, asJsonText(text)])
    const passed = { command, parameters: Object.fromEntries(state), answer, at: clock.now() }
    replica.lightly(() => warm(replica, passed))
  }

  hear(
    'create_session',
    { state_data: '{"n":1}' },
    { revision: 1, created_at: time(), timeout: 3600, expires_at: time(60 * MINUTE) }
  )
  clock.advance(MINUTE)
  return { replica, clock, time, hear }
}

const restored = (time: (after: number) => string) => ({
  ...{ revision: 1, is_active: true, timeout: 3600, session_state: { n: 1 } },
  expires_at: time(59 * MINUTE),
  created_at: time(-MINUTE),
})

describe('an answer that comes behind a newer one, to somebody else', () => {
  it('does not take a session back to what it was', () => {
    const { replica, time, hear } = startReplica()
    const state_data = '{"n":2}'
    const update = { revision: 2, changed: ['session_state'], state_bytes: state_data.length }
    hear('update_session_state', { state_data }, { ...update, last_modified: time() })
    hear('restore_session', {}, restored(time))
    expect(replica.store.sessions.find(session_id)).toMatchObject({ revision: 2 })
    expect(replica.copies.find(session_id)).toMatchObject({ level: 2, synced_revision: 2 })
  })

  it('does not open a session that was closed', () => {
    const { replica, time, hear } = startReplica()
    hear('close_session', {}, { closed: true, closed_at: time() })
    hear('restore_session', {}, restored(time))
    expect(replica.store.sessions.find(session_id)).toMatchObject({ status: 'closed' })
  })
})
