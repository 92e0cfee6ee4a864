// Damaged rows: the newest good text comes back, and the answer says so.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { bytesOfTexts, flipBit, loseText, numberOf } from '../../support/engine-rows.ts'
import { create, follow, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeDamage(test: EngineTest): void {
  describe('A damaged text', () => {
    for (const [how, damage] of [
      ['with a flipped bit', flipBit],
      ['that is missing', loseText],
    ] as const) {
      test(`${how} is replaced by the newest good one, and the answer says so`, (host) => {
        const session_id = twoRevisions(host)
        damage(host.sql, { session_id, revision: 2 })
        const restored = host.done('restore_session', { session_id })
        expect(restored.result).toMatchObject({
          session_state: { n: 1 },
          workspace_context: { w: 1 },
          recovered_from: { session_state: 1 },
          revision: 3,
        })
        expect(restored.warnings).toEqual(['Repaired from earlier revisions: session_state.'])
        expect(causes(host, session_id)[0]).toEqual([3, 'repair', ['session_state']])
        const again = host.done('restore_session', { session_id })
        expect(again.result).toMatchObject({ session_state: { n: 1 }, revision: 3 })
        expect(again.result.recovered_from).toBeUndefined()
        expect(again.warnings).toEqual([])
      })
    }

    test('goes back as far as it must', (host) => {
      const session_id = twoRevisions(host)
      update(host, session_id, { n: 3 })
      flipBit(host.sql, { session_id, revision: 3 })
      flipBit(host.sql, { session_id, revision: 2 })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 1 },
        recovered_from: { session_state: 1 },
        revision: 4,
      })
    })

    test('with no good one left is session_corrupted, and nothing is written', (host) => {
      const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
      flipBit(host.sql, { session_id, revision: 1 })
      const refused = host.refused('restore_session', { session_id })
      expect(refused).toMatchObject({
        error_code: 'session_corrupted',
        error_type: 'SessionNotFound',
        http_status: 500,
        details: { session_id, components: ['session_state'] },
      })
      expect(follow(host, refused).ok).toBe(true)
      expect(causes(host, session_id)).toHaveLength(1)
    })

    test('leaves the other components unharmed, and an update heals it', (host) => {
      const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
      flipBit(host.sql, { session_id, revision: 1 })
      const other = host.done('update_session_state', { session_id, workspace_context: { w: 2 } })
      expect(other.result).toMatchObject({ session_state: {}, changed: ['workspace_context'] })
      expect(other.warnings).toHaveLength(1)
      update(host, session_id, { n: 2 })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 2 },
        workspace_context: { w: 2 },
      })
    })

    test('is healed by the same text sent again', (host) => {
      const session_id = twoRevisions(host)
      flipBit(host.sql, { session_id, revision: 2 })
      expect(update(host, session_id, { n: 2 })).toBe(3)
      const { result } = host.done('restore_session', { session_id })
      expect(result).toMatchObject({ session_state: { n: 2 }, revision: 3 })
      expect(result.recovered_from).toBeUndefined()
    })

    test('is not the base of a merge: the newest good one is, and the answer says so', (host) => {
      const session_id = twoRevisions(host)
      flipBit(host.sql, { session_id, revision: 2 })
      const patch = { session_id, mode: 'merge', state_data: { m: 5 } }
      expect(host.done('update_session_state', patch).result).toMatchObject({
        session_state: { n: 1, m: 5 },
        recovered_from: { session_state: 1 },
      })
    })

    test('refuses a merge when no good one is left', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      flipBit(host.sql, { session_id, revision: 1 })
      const patch = { session_id, mode: 'merge', state_data: { m: 5 } }
      expect(host.refused('update_session_state', patch).error_code).toBe('session_corrupted')
    })

    test('of an earlier revision is replaced when that revision is shown', (host) => {
      const session_id = twoRevisions(host)
      update(host, session_id, { n: 3 })
      flipBit(host.sql, { session_id, revision: 2 })
      const earlier = host.done('restore_session', { session_id, revision: 2 }).result
      expect(earlier).toMatchObject({
        session_state: { n: 1 },
        recovered_from: { session_state: 1 },
        revision: 2,
      })
      expect(stateText(host, session_id)).toBe('{"n":3}')
    })

    test('of a revision to revert to is replaced, and the answer says so', (host) => {
      const session_id = twoRevisions(host)
      update(host, session_id, { n: 3 })
      flipBit(host.sql, { session_id, revision: 2 })
      const reverted = host.done('revert_session', { session_id, revision: 2 })
      expect(reverted.result).toMatchObject({ session_state: { n: 1 }, revision: 4 })
      expect(reverted.warnings).toEqual([
        'Damaged at revision 2 and taken from earlier revisions: session_state.',
      ])
    })

    test('under a lost change is replaced in its copy, and the answer says so', (host) => {
      const session_id = twoRevisions(host)
      flipBit(host.sql, { session_id, revision: 2 })
      host.done('update_session_state', { session_id, workspace_context: { w: 3 } })
      const copy = host.done('update_session_state', {
        session_id,
        user_preferences: { mine: 1 },
        if_revision: 2,
        on_conflict: 'copy',
      }).result
      expect(copy).toMatchObject({
        session_state: { n: 1 },
        recovered_from: { session_state: 1 },
      })
    })

    test('does not keep a change that replaces it from being copied', (host) => {
      const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
      flipBit(host.sql, { session_id, revision: 1 })
      const copy = host.done('update_session_state', {
        session_id,
        state_data: { mine: 1 },
        if_revision: 7,
        on_conflict: 'copy',
      }).result
      expect(host.done('restore_session', { session_id: copy.session_id }).result).toMatchObject({
        session_state: { mine: 1 },
        workspace_context: { w: 1 },
      })
    })

    test(
      'is not the only one that is kept: the last good one under it stays',
      (host) => {
        const session_id = twoRevisions(host)
        flipBit(host.sql, { session_id, revision: 2 })
        for (let w = 2; w <= 9; w += 1) {
          host.done('update_session_state', { session_id, workspace_context: { w } })
        }
        expect(causes(host, session_id)).toHaveLength(3)
        expect(host.done('restore_session', { session_id }).result).toMatchObject({
          session_state: { n: 1 },
          recovered_from: { session_state: 1 },
        })
        expectBytesToAgree(host, session_id)
      },
      { limits: { revisionsKept: 3, spacedKept: 0 } }
    )

    test(
      'is forgotten once a good one has taken its place',
      (host) => {
        const session_id = twoRevisions(host)
        flipBit(host.sql, { session_id, revision: 2 })
        for (let n = 3; n <= 9; n += 1) update(host, session_id, { n })
        expectBytesToAgree(host, session_id)
        expect(host.done('get_session_info', { session_id }).result.stored_bytes).toBe(7 + 21)
      },
      { limits: { revisionsKept: 3, spacedKept: 0 } }
    )
  })
}

function twoRevisions(host: EngineHost): string {
  const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
  update(host, session_id, { n: 2 })
  return session_id
}

function causes(host: EngineHost, session_id: string) {
  const { revisions } = host.done('list_session_revisions', { session_id }).result
  return revisions.map(({ revision, cause, changed }) => [revision, cause, changed])
}

function expectBytesToAgree(host: EngineHost, session_id: string): void {
  const [row] = host.sql.exec<{ stored_bytes: number }>(
    'SELECT stored_bytes FROM session WHERE number = ?',
    numberOf(host.sql, session_id)
  )
  expect(row?.stored_bytes).toBe(bytesOfTexts(host.sql, session_id))
}
