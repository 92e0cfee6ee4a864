// if_revision and on_conflict: nobody's work is overwritten unseen.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { CLIENT, create, createSeveral, follow, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeConflicts(test: EngineTest): void {
  describe('if_revision', () => {
    test('lets a change pass that was made on the newest revision', (host) => {
      const session_id = create(host)
      const change = { session_id, state_data: { a: 1 }, if_revision: 1 }
      expect(host.done('update_session_state', change).result.revision).toBe(2)
    })

    test('refuses a change that was made on another one, and changes nothing', (host) => {
      const session_id = create(host)
      update(host, session_id, { theirs: 1 })
      const refused = host.refused('update_session_state', {
        session_id,
        state_data: { mine: 1 },
        if_revision: 1,
      })
      expect(refused).toMatchObject({
        error_code: 'revision_conflict',
        error_type: 'SessionError',
        http_status: 409,
        details: { session_id, if_revision: 1, current_revision: 2 },
      })
      expect(follow(host, refused)).toMatchObject({
        ok: true,
        result: { session_state: { theirs: 1 }, revision: 2 },
      })
    })

    test('may say error instead of copy in words', (host) => {
      const session_id = create(host)
      const change = { session_id, state_data: {}, if_revision: 5, on_conflict: 'error' }
      expect(host.refused('update_session_state', change).error_code).toBe('revision_conflict')
    })
  })

  describe('on_conflict "copy"', () => {
    test('keeps the loser as an active session of its own, and leaves the winner alone', (host) => {
      const session_id = create(host, {
        name: 'parser',
        timeout: 600,
        image_id: 'pharo-12',
        state_data: { base: 1 },
        workspace_context: { w: 1 },
      })
      update(host, session_id, { theirs: 1 })
      const winner = host.done('get_session_info', { session_id }).text
      const copied = host.done('update_session_state', losing(session_id)).result
      expect(copied).toMatchObject({
        revision: 1,
        session_state: { mine: 1 },
        changed: ['session_state', 'workspace_context'],
        conflict: { session_id, current_revision: 2, copy_is_active: true },
        image_id: 'pharo-12',
      })
      expect(copied.session_id).not.toBe(session_id)
      expect(host.done('get_session_info', { session_id }).text).toBe(winner)
      expect(host.done('restore_session', { session_id: copied.session_id }).result).toMatchObject({
        name: 'parser (conflict 2026-03-01)',
        timeout: 600,
        session_state: { mine: 1 },
        workspace_context: { w: 1 },
      })
    })

    test('names the copy of a session without a name', (host) => {
      expect(nameOfCopy(host, create(host))).toBe('session (conflict 2026-03-01)')
    })

    test('keeps the name of the copy as long as a name may be', (host) => {
      const name = nameOfCopy(host, create(host, { name: 'n'.repeat(120) }))
      expect(name).toBe(`${'n'.repeat(98)} (conflict 2026-03-01)`)
      expect(name).toHaveLength(120)
    })

    test('does not cut a name through a character', (host) => {
      const name = nameOfCopy(host, create(host, { name: `${'n'.repeat(97)}😀${'n'.repeat(20)}` }))
      expect(name).toBe(`${'n'.repeat(97)} (conflict 2026-03-01)`)
    })

    test('keeps the copy closed while five sessions are active, to be revived', (host) => {
      const [session_id = ''] = createSeveral(host, 5)
      update(host, session_id, { theirs: 1 })
      const { result } = host.done('update_session_state', losing(session_id))
      expect(result.conflict).toMatchObject({ copy_is_active: false })
      host.done('close_session', { session_id })
      const revived = host.done('restore_session', { session_id: result.session_id, revive: true })
      expect(revived.result.session_state).toEqual({ mine: 1 })
    })

    test('has an ordinal of its own', (host) => {
      const session_id = create(host)
      update(host, session_id, { theirs: 1 })
      const copy = host.done('update_session_state', losing(session_id)).result.session_id
      expect([copy, create(host)].map((id) => id.split('_')[1])).toEqual(['2', '3'])
    })

    test('takes no creation token', (host) => {
      const session_id = create(host)
      update(host, session_id, { theirs: 1 })
      for (let n = 0; n < 8; n += 1) host.done('update_session_state', losing(session_id))
      host.done('close_session', { session_id })
    })

    test('merges a lost patch into the revision that its author saw', (host) => {
      const session_id = create(host, { state_data: { base: 1 } })
      update(host, session_id, { theirs: 1 })
      const lost = { ...losing(session_id), mode: 'merge' }
      expect(host.done('update_session_state', lost).result.session_state).toEqual({
        base: 1,
        mine: 1,
      })
    })

    test(
      'starts from the newest revision when the author saw one that is forgotten',
      (host) => {
        const session_id = create(host, { workspace_context: { w: 1 } })
        for (let n = 1; n <= 4; n += 1) update(host, session_id, { n })
        const { session_id: copy } = host.done('update_session_state', losing(session_id)).result
        expect(host.done('restore_session', { session_id: copy }).result).toMatchObject({
          session_state: { mine: 1 },
          workspace_context: { w: 1 },
        })
      },
      { limits: { revisionsKept: 2 } }
    )

    test(
      'refuses a copy that would be too large',
      (host) => {
        const session_id = create(host)
        update(host, session_id, { theirs: 1 })
        const lost = { ...losing(session_id), state_data: { mine: 'x'.repeat(200) } }
        expect(host.refused('update_session_state', lost).error_code).toBe('session_too_large')
      },
      { limits: { sessionBytes: 100 } }
    )

    test('is made once, however often the change arrives', (host) => {
      const session_id = create(host)
      update(host, session_id, { theirs: 1 })
      const first = host.done('update_session_state', losing(session_id), { key: 'k' })
      const again = host.done('update_session_state', losing(session_id), { key: 'k' })
      expect(again).toMatchObject({ replayed: true, text: first.text })
      const { session_count } = host.done('list_client_sessions', { client_id: CLIENT }).result
      expect(session_count).toBe(2)
    })
  })
}

function losing(session_id: string) {
  return { session_id, state_data: { mine: 1 }, if_revision: 1, on_conflict: 'copy' }
}

function nameOfCopy(host: EngineHost, session_id: string): string {
  update(host, session_id, { theirs: 1 })
  const copy = host.done('update_session_state', losing(session_id)).result.session_id
  return host.done('get_session_info', { session_id: copy }).result.name
}
