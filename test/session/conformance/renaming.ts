// Giving a session another name.

import { describe, expect } from 'vitest'
import { create, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeRenaming(test: EngineTest): void {
  describe('The name of a session', () => {
    test('changes without its state being sent again', (host) => {
      const session_id = create(host, { name: 'old', state_data: { n: 1 } })
      const { result } = host.done('update_session_state', { session_id, name: 'new' })
      expect(result).toMatchObject({ revision: 2, changed: ['name'], session_state: { n: 1 } })
      expect(host.done('get_session_info', { session_id }).result.name).toBe('new')
      expect(host.done('restore_session', { session_id }).result.name).toBe('new')
    })

    test('stays where an update does not give one, or gives the same', (host) => {
      const session_id = create(host, { name: 'same' })
      expect(update(host, session_id, { n: 1 })).toBe(2)
      const again = { session_id, name: 'same' }
      expect(host.done('update_session_state', again).result).toMatchObject({
        revision: 2,
        changed: [],
      })
      expect(host.done('get_session_info', { session_id }).result.name).toBe('same')
    })

    test('is heard by the directory of the team', (host) => {
      const session_id = create(host)
      const before = sequenceOf()
      host.done('update_session_state', { session_id, name: 'new' })
      expect(sequenceOf()).toBe(before + 1)

      function sequenceOf(): number {
        return host.store.sessions.find(session_id)?.sequence ?? 0
      }
    })

    test('is that of the copy where the change lost', (host) => {
      const session_id = create(host, { name: 'theirs' })
      update(host, session_id, { theirs: 1 })
      const lost = { session_id, name: 'mine', if_revision: 1, on_conflict: 'copy' }
      const copy = host.done('update_session_state', lost).result.session_id
      expect(host.done('get_session_info', { session_id: copy }).result.name).toBe('mine')
      expect(host.done('get_session_info', { session_id }).result.name).toBe('theirs')
    })

    for (const name of ['', 'x'.repeat(121), 7]) {
      test(`may not be changed to ${JSON.stringify(name).slice(0, 8)}`, (host) => {
        const session_id = create(host, { name: 'good' })
        expect(host.refused('update_session_state', { session_id, name }).details).toMatchObject({
          path: 'name',
        })
        expect(host.done('get_session_info', { session_id }).result.name).toBe('good')
      })
    }
  })
}
