// A client's database under encryption: what its rows show, and what rotation does to them.

import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/session/digest.ts'
import { testCipher } from '../support/engine-cipher.ts'
import { type EngineHost, engineHost } from '../support/engine-host.ts'
import { dump, flippedBytes, withoutChain } from '../support/engine-rows.ts'
import { create, stateText, update } from '../support/engine-sessions.ts'
import { openNodeSql } from '../support/node-sql.ts'

const MARKER = 'marker-of-the-state'

function work(host: EngineHost): string {
  const session_id = create(host, { state_data: { n: MARKER }, workspace_context: { w: MARKER } })
  host.done('update_session_state', { session_id, evaluation_history: [MARKER] }, { id: 'u1' })
  host.done('restore_session', { session_id }, { key: 'k' })
  const lost = { session_id, object_registry: { o: MARKER }, if_revision: 9, on_conflict: 'copy' }
  host.done('update_session_state', lost, { id: 'u2' })
  return session_id
}

const sealedHost = (...ids: string[]) => engineHost(openNodeSql(), { cipher: testCipher(...ids) })

/** Forms of the columns that may be sealed. */
function formsOf({ sql }: EngineHost): string[] {
  const columns = { component: 'text', revision: 'manifest', answered: 'request' }
  return Object.entries(columns).flatMap(([table, column]) =>
    sql
      .exec<{ form: string }>(`SELECT DISTINCT typeof(${column}) AS form FROM ${table}`)
      .map(({ form }) => form)
  )
}

describe('Rows under encryption', () => {
  it('show nothing of a state, nor a checksum by which it could be guessed', () => {
    const host = sealedHost('a')
    const session_id = work(host)
    const rows = dump(host.sql)
    expect(formsOf(host)).toEqual(['blob', 'blob', 'blob'])
    expect(rows).not.toContain(MARKER)
    expect(withoutChain(rows)).not.toMatch(/[0-9a-f]{64}/)
    const { components } = host.done('get_session_info', { session_id }).result
    expect(components.session_state?.sha256).toBe(sha256(`{"n":"${MARKER}"}`))
    expect(stateText(host, session_id)).toBe(`{"n":"${MARKER}"}`)
  })

  it('would show both without a key', () => {
    const host = engineHost(openNodeSql())
    work(host)
    expect(formsOf(host)).toEqual(['text', 'text', 'text'])
    expect(dump(host.sql)).toContain(MARKER)
    expect(dump(host.sql)).toContain(sha256(`{"n":"${MARKER}"}`))
  })

  it('do not change places: a text put under another session is a damaged one', () => {
    const host = sealedHost('a')
    const [one, two] = [
      create(host, { state_data: { n: 1 } }),
      create(host, { state_data: { n: 2 } }),
    ]
    host.sql.exec(
      'UPDATE component SET text = (SELECT text FROM component WHERE session = 1) WHERE session = 2'
    )
    expect(stateText(host, one)).toBe('{"n":1}')
    expect(host.refused('restore_session', { session_id: two }).error_code).toBe(
      'session_corrupted'
    )
  })

  it('with a damaged manifest lead to the texts themselves', () => {
    const host = sealedHost('a')
    const session_id = create(host, { state_data: { n: 1 } })
    const [row] = host.sql.exec<{ manifest: Uint8Array }>('SELECT manifest FROM revision')
    host.sql.exec(
      'UPDATE revision SET manifest = ?',
      flippedBytes(row?.manifest ?? new Uint8Array())
    )
    expect(host.done('get_session_info', { session_id }).result.components).toEqual({
      session_state: { revision: 1, sha256: sha256('{"n":1}'), bytes: 7 },
    })
    expect(stateText(host, session_id)).toBe('{"n":1}')
  })

  it('with a damaged manifest and a damaged text are told as a whole answer', () => {
    const host = sealedHost('a')
    const session_id = create(host, { state_data: { n: 1 } })
    for (const column of ['revision SET manifest', 'component SET text']) {
      host.sql.exec(`UPDATE ${column} = ?`, new Uint8Array([1, 1, 97]))
    }
    const { components } = host.done('get_session_info', { session_id }).result
    expect(components.session_state).toMatchObject({ sha256: '0'.repeat(64), bytes: 7 })
    expect(host.refused('restore_session', { session_id }).error_code).toBe('session_corrupted')
    update(host, session_id, { n: 2 })
    expect(stateText(host, session_id)).toBe('{"n":2}')
  })
})

describe('Enabling encryption', () => {
  it('leaves what was written before readable, and seals what is written then', () => {
    const plain = engineHost(openNodeSql())
    const session_id = work(plain)
    const sealing = plain.reopen({ cipher: testCipher('a') })
    expect(stateText(sealing, session_id)).toBe(`{"n":"${MARKER}"}`)
    update(sealing, session_id, { n: 2 })
    expect(new Set(formsOf(sealing))).toEqual(new Set(['text', 'blob']))
    expect(sealing.done('revert_session', { session_id, revision: 1 }).result).toMatchObject({
      session_state: { n: MARKER },
    })
  })

  it('knows a request again that was answered before', () => {
    const plain = engineHost(openNodeSql())
    const session_id = create(plain)
    const change = { session_id, state_data: { n: 1 } }
    plain.done('update_session_state', change, { key: 'k' })
    const sealing = plain.reopen({ cipher: testCipher('a') })
    expect(sealing.done('update_session_state', change, { key: 'k' }).replayed).toBe(true)
  })
})

describe('Rotation', () => {
  it('keeps sessions and answers of the old key, and seals with the new one', () => {
    const old = sealedHost('a')
    const session_id = create(old)
    const change = { session_id, state_data: { n: 1 } }
    old.done('update_session_state', change, { key: 'k' })
    const rotated = old.reopen({ cipher: testCipher('b', 'a') })
    expect(rotated.done('update_session_state', change, { key: 'k' }).replayed).toBe(true)
    expect(stateText(rotated, session_id)).toBe('{"n":1}')
    update(rotated, session_id, { n: 2 })
    expect(stateText(rotated.reopen({ cipher: testCipher('b') }), session_id)).toBe('{"n":2}')
  })

  it('that drops a key too early damages what only it can open, and hurts nothing else', () => {
    const old = sealedHost('a')
    const session_id = create(old, { state_data: { n: 1 } })
    const retired = old.reopen({ cipher: testCipher('b') })
    expect(retired.refused('restore_session', { session_id }).error_code).toBe('session_corrupted')
    expect(retired.faults).toEqual([])
    expect(stateText(old.reopen(), session_id)).toBe('{"n":1}')
  })

  it('that forgets all keys is told as damage, not as a fault', () => {
    const old = sealedHost('a')
    const session_id = create(old, { state_data: { n: 1 } })
    const keyless = old.reopen({ cipher: undefined })
    expect(keyless.refused('restore_session', { session_id }).error_code).toBe('session_corrupted')
    expect(keyless.faults).toEqual([])
  })
})
