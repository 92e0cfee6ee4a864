// The history of a session: list_session_revisions, revert_session, and what is kept.

import { describe, expect } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/session/limits.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { bytesOfTexts } from '../../support/engine-rows.ts'
import { CLIENT, create, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { SECOND } from '../../support/fixed-clock.ts'

export function describeRevisions(test: EngineTest): void {
  describe('list_session_revisions', () => {
    test('lists what changed, when and why, the newest first', (host) => {
      const session_id = create(host)
      host.clock.advance(SECOND)
      update(host, session_id, { a: 1 })
      host.clock.advance(SECOND)
      host.done('revert_session', { session_id, revision: 1 })
      expect(host.done('list_session_revisions', { session_id }).result).toEqual({
        session_id,
        client_id: CLIENT,
        revisions: [
          {
            ...revision(3, '09:00:02', ['session_state'], 0, 'revert_session'),
            label: 'revert to 1',
            is_current: true,
          },
          revision(2, '09:00:01', ['session_state'], 7, 'update_session_state'),
          revision(1, '09:00:00', [], 0, 'create_session'),
        ],
      })
    })

    test('answers for closed sessions too', (host) => {
      const session_id = create(host)
      host.done('close_session', { session_id })
      expect(kept(host, session_id)).toEqual([1])
    })
  })

  describe('revert_session', () => {
    test('writes the earlier state as a new revision', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      update(host, session_id, { n: 2 })
      expect(host.done('revert_session', { session_id, revision: 1 }).result).toMatchObject({
        session_state: { n: 1 },
        revision: 3,
        changed: ['session_state'],
        reverted_to: 1,
        state_bytes: 7,
        update_successful: true,
      })
      expect(stateText(host, session_id)).toBe('{"n":1}')
    })

    test('takes components away that the earlier revision did not have', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      host.done('update_session_state', { session_id, workspace_context: { w: 1 } })
      expect(host.done('revert_session', { session_id, revision: 1 }).result).toMatchObject({
        changed: ['workspace_context'],
        session_state: { n: 1 },
      })
      expect(stateText(host, session_id, 'workspace_context')).toBe('{}')
      const { components } = host.done('get_session_info', { session_id }).result
      expect(Object.keys(components)).toEqual(['session_state'])
    })

    test('can be reverted itself', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      host.done('update_session_state', {
        session_id,
        state_data: { n: 2 },
        workspace_context: { w: 1 },
      })
      host.done('revert_session', { session_id, revision: 1 })
      host.done('revert_session', { session_id, revision: 2 })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 2 },
        workspace_context: { w: 1 },
        revision: 4,
      })
    })

    test('to what the session already is changes nothing', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      expect(host.done('revert_session', { session_id, revision: 1 }).result).toMatchObject({
        revision: 1,
        changed: [],
        session_state: { n: 1 },
      })
    })

    test(
      'refuses a revision that is no longer kept, or not yet made',
      (host) => {
        const session_id = create(host)
        for (let n = 1; n <= 4; n += 1) update(host, session_id, { n })
        for (const revision of [2, 6]) {
          expect(host.refused('revert_session', { session_id, revision })).toMatchObject({
            error_code: 'invalid_parameter',
            details: { path: 'revision', detail: `revision ${revision} is not kept; 3 to 5 are` },
          })
        }
        expect(host.refused('revert_session', { session_id }).error).toBe(
          'Missing revision parameter'
        )
      },
      { limits: { revisionsKept: 3, spacedKept: 0 } }
    )
  })

  describe('The history', () => {
    test('keeps the last twenty revisions, and one of those before in the same minute', (host) => {
      const session_id = create(host)
      for (let n = 1; n <= 30; n += 1) update(host, session_id, { n })
      expect(kept(host, session_id)).toEqual(Array.from({ length: 21 }, (_, n) => 31 - n))
      host.done('revert_session', { session_id, revision: 12 })
      expect(stateText(host, session_id)).toBe('{"n":11}')
    })

    test(
      'may keep a few more than twenty for a while',
      (host) => {
        const session_id = create(host)
        const counts = Array.from({ length: 60 }, (_, n) => {
          update(host, session_id, { n })
          return kept(host, session_id).length
        })
        expect(Math.min(...counts.slice(20))).toBe(20)
        expect(Math.max(...counts)).toBe(27)
      },
      {
        limits: {
          forgetEvery: DEFAULT_LIMITS.forgetEvery,
          spacedKept: 0,
          commands: { perMinute: 600, burst: 200 },
        },
      }
    )

    test('keeps a text for as long as a kept revision has it', (host) => {
      const session_id = create(host, { workspace_context: { kept: 'since the beginning' } })
      for (let n = 1; n <= 30; n += 1) update(host, session_id, { n })
      expect(stateText(host, session_id, 'workspace_context')).toBe(
        '{"kept":"since the beginning"}'
      )
    })

    test(
      'takes no more bytes than it may, but always keeps the newest revision',
      (host) => {
        const session_id = create(host)
        for (let n = 10; n < 20; n += 1) update(host, session_id, { n, fill: 'x'.repeat(80) })
        expect(kept(host, session_id)).toEqual([11, 10, 9])
        update(host, session_id, { fill: 'x'.repeat(900) })
        expect(kept(host, session_id)).toEqual([12])
        expect(stateText(host, session_id)).toHaveLength(911)
      },
      { limits: { historyBytes: 3 * 98 } }
    )

    test(
      'is measured by stored_bytes',
      (host) => {
        const session_id = create(host)
        for (let n = 1; n <= 5; n += 1) update(host, session_id, { n })
        const info = host.done('get_session_info', { session_id }).result
        expect(info).toMatchObject({ state_bytes: 7, stored_bytes: 21 })
        expect(bytesOfTexts(host.sql, session_id)).toBe(21)
      },
      { limits: { revisionsKept: 3, spacedKept: 0 } }
    )

    test(
      'forgets the texts of a component that no kept revision has',
      (host) => {
        const session_id = create(host)
        host.done('update_session_state', { session_id, workspace_context: { w: 'x'.repeat(500) } })
        host.done('revert_session', { session_id, revision: 1 })
        for (let n = 1; n <= 5; n += 1) update(host, session_id, { n })
        const info = host.done('get_session_info', { session_id }).result
        expect(info).toMatchObject({ state_bytes: 7, stored_bytes: 21 })
        expect(bytesOfTexts(host.sql, session_id)).toBe(21)
      },
      { limits: { revisionsKept: 3, spacedKept: 0 } }
    )
  })
}

function revision(number: number, time: string, changed: string[], bytes: number, cause: string) {
  const told = { changed, bytes, cause, label: '', is_current: false }
  return { revision: number, at: `2026-03-01T${time}.000Z`, ...told }
}

function kept(host: EngineHost, session_id: string): number[] {
  const { revisions } = host.done('list_session_revisions', { session_id }).result
  return revisions.map((row) => row.revision)
}
