// The examples of the commands: together they tell one session's story, and every figure in it is true.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../src/protocol/components.ts'
import { describeCommand } from '../../src/protocol/describe-command.ts'
import { answeredAt } from '../../src/protocol/reference-commands.ts'
import { findCommand } from '../../src/protocol/registry.ts'

const exampleOf = (name: string) => findCommand(name)?.example.result ?? {}

const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

const bytes = (value: unknown) => JSON.stringify(value).length

describe('the examples', () => {
  const restored = exampleOf('restore_session')
  const updated = exampleOf('update_session_state')
  const kept = COMPONENTS.filter((name) => name !== 'session_state').filter(
    (name) => bytes(restored[name]) > 2
  )
  const stateBytes = (state: unknown) =>
    kept.reduce((sum, name) => sum + bytes(restored[name]), bytes(state))

  it('tell one story with true sizes', () => {
    const before = stateBytes(restored.session_state)
    const after = stateBytes(updated.session_state)
    expect(updated).toMatchObject({ revision: 3, state_bytes: after })
    expect(exampleOf('list_client_sessions')).toMatchObject({
      sessions: [{ revision: 3, state_bytes: after }],
    })
    expect(exampleOf('list_session_revisions')).toMatchObject({
      revisions: [{ bytes: after }, { bytes: before }, { bytes: 0 }],
    })
    expect(exampleOf('revert_session')).toMatchObject({
      session_state: restored.session_state,
      state_bytes: before,
    })
    expect(exampleOf('get_session_info')).toMatchObject({
      state_bytes: after,
      stored_bytes: before + bytes(updated.session_state),
      usage: { updates: 2, bytes_written: before + bytes(updated.session_state) },
    })
  })

  it('have true checksums', () => {
    const state: Record<string, unknown> = { ...restored, session_state: updated.session_state }
    const { components } = exampleOf('get_session_info')
    const expected = ['session_state' as const, ...kept].map((name) => [
      name,
      {
        bytes: bytes(state[name]),
        sha256: sha256(state[name]),
        revision: name === 'session_state' ? 3 : 2,
      },
    ])
    expect(components).toEqual(Object.fromEntries(expected))
  })

  it('have true hashes in the audit log', () => {
    const { entries, head_hash } = exampleOf('get_audit_log')
    let previous: unknown = ''
    for (const { hash, ...entry } of entries as Record<string, unknown>[]) {
      const values = Object.values({ ...entry, at: Date.parse(String(entry.at)) })
      expect([entry.previous_hash, hash]).toEqual([previous, sha256(values)])
      previous = hash
    }
    expect(head_hash).toBe(previous)
  })

  it('were used for as long as their times say, and restored once', () => {
    const { revisions } = exampleOf('list_session_revisions') as { revisions: { at: string }[] }
    const times = [...revisions.map(({ at }) => at), answeredAt(restored) ?? ''].sort()
    const [first = '', last = ''] = [times[0], times.at(-1)]
    expect(exampleOf('get_session_info').usage).toMatchObject({
      restores: 1,
      last_command: 'update_session_state',
      active_seconds: (Date.parse(last) - Date.parse(first)) / 1000,
    })
  })

  it('have times that agree with each other', () => {
    expect(answeredAt(exampleOf('create_session'))).toBe('2025-08-30T10:30:00.000Z')
    expect(answeredAt(restored)).toBe('2025-08-30T10:40:00.000Z')
    expect(answeredAt(updated)).toBe(updated.last_modified)
    expect(answeredAt(exampleOf('get_session_info'))).toBe('2025-08-30T10:50:00.000Z')
    const created = Date.parse(String(exampleOf('create_session').created_at)) / 1000
    expect(String(exampleOf('create_session').session_id)).toContain(`_${created}_`)
  })

  it('count their sums right', () => {
    const { total_sessions, active_sessions, expired_sessions, closed_sessions } =
      exampleOf('get_session_statistics')
    expect(Number(active_sessions) + Number(expired_sessions) + Number(closed_sessions)).toBe(
      total_sessions
    )
  })

  it('of describe shows what describe answers', () => {
    const ping = findCommand('ping')
    expect(ping && exampleOf('describe').commands).toEqual({ ping: ping && describeCommand(ping) })
  })
})
