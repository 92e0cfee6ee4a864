// A client's object whose settings name keys: its storage shows nothing of a state.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Env } from '../../src/env.ts'
import { ClientSessions } from '../../src/index.ts'
import type { JsonObject } from '../../src/protocol/command.ts'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { testCipher } from '../support/engine-cipher.ts'
import { objectOf } from '../support/engine-door.ts'
import { type EngineHost, engineHost } from '../support/engine-host.ts'
import { dump, flipBit, withoutChain } from '../support/engine-rows.ts'
import { create, stateText, update } from '../support/engine-sessions.ts'

const MARKER = 'marker-of-the-state'
const KEYS = `new:${Buffer.alloc(32, 2).toString('base64url')},old:${Buffer.alloc(32, 1).toString('base64url')}`

const inFreshObject = <T>(work: (host: EngineHost) => T) =>
  runInDurableObject(env.CLIENTS.getByName(`sealed ${crypto.randomUUID()}`), (_, { storage }) =>
    work(engineHost(durableSql(storage), { cipher: testCipher('a') }))
  )

/** Works with the object of a client as a Worker with keys would make it. */
function withKeys<T>(client_id: string, keys: string | undefined, work: (run: Run) => T) {
  return runInDurableObject(objectOf(client_id), (_, state) => {
    const settings: Env = { ...env, STUI_ENCRYPTION_KEYS: keys }
    const object = new ClientSessions(state, settings)
    const caller = { team: 'local', subject: 'local', client_ids: [] }
    const run = (command: string, parameters: JsonObject) => {
      const reply = object.execute({ command, parameters, caller })
      if (reply instanceof Promise) throw new Error(`${command} waits for somebody else`)
      const { outcome } = reply
      return outcome.ok ? outcome.value : outcome.failure.reason
    }
    return work(Object.assign(run, { rows: () => dump(durableSql(state.storage)) }))
  })
}

type Run = ((command: string, parameters: JsonObject) => string) & { rows(): string }

describe('An object under encryption', () => {
  it('seals every text of a state, whatever its size, and gives it back', () =>
    inFreshObject((host) => {
      const session_id = create(host, { state_data: { n: MARKER } })
      for (const length of [1, 1000, 5000, 160_000]) {
        const text = `${MARKER} ${'😀é'.repeat(length)}`
        update(host, session_id, { text })
        expect(stateText(host.reopen(), session_id)).toBe(JSON.stringify({ text }))
      }
      expect(dump(host.sql)).not.toContain(MARKER)
      expect(withoutChain(dump(host.sql))).not.toMatch(/[0-9a-f]{64}/)
    }))

  it('repairs a damaged text from the newest good one, and seals the repair', () =>
    inFreshObject((host) => {
      const session_id = create(host, { state_data: { n: MARKER } })
      update(host, session_id, { n: 2 })
      flipBit(host.sql, { session_id, revision: 2 })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: MARKER },
        recovered_from: { session_state: 1 },
        revision: 3,
      })
      expect(stateText(host, session_id)).toBe(`{"n":"${MARKER}"}`)
      expect(dump(host.sql)).not.toContain(MARKER)
    }))
})

describe('The setting STUI_ENCRYPTION_KEYS', () => {
  const session = { client_id: 'keyed', state_data: `{"n":"${MARKER}"}` }

  it('makes the object seal, and keeps what was written before readable', async () => {
    await withKeys('keyed', undefined, (run) => {
      run('create_session', session)
      expect(run.rows()).toContain(MARKER)
    })
    await withKeys('keyed', KEYS, (run) => {
      expect(run('restore_session', { client_id: 'keyed', latest: true })).toContain(MARKER)
    })
    await withKeys('sealed', KEYS, (run) => {
      run('create_session', { ...session, client_id: 'sealed' })
      expect(run.rows()).toContain('session_state')
      expect(run.rows()).not.toContain(MARKER)
    })
    await withKeys('sealed', undefined, (run) => {
      expect(run('restore_session', { client_id: 'sealed', latest: true })).toBe(
        'session_corrupted'
      )
    })
    await withKeys('sealed', KEYS, (run) => {
      expect(run('restore_session', { client_id: 'sealed', latest: true })).toContain(MARKER)
    })
  })
})
