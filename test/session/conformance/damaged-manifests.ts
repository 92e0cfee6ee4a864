// Damaged manifests: what a revision consists of can be told from the texts themselves.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { flipBit } from '../../support/engine-rows.ts'
import { create, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeDamagedManifests(test: EngineTest): void {
  describe('A damaged manifest', () => {
    test('is rebuilt from the texts themselves', (host) => {
      const session_id = twoRevisions(host)
      host.sql.exec('UPDATE revision SET manifest = ? WHERE revision = 2', '{"session_state":{}}')
      expect(host.done('get_session_info', { session_id }).result.state_bytes).toBe(14)
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 2 },
        workspace_context: { w: 1 },
        revision: 2,
      })
    })

    test('whose row is missing is rebuilt, too', (host) => {
      const session_id = twoRevisions(host)
      host.sql.exec('DELETE FROM revision WHERE revision = 2')
      expect(stateText(host, session_id)).toBe('{"n":2}')
      expect(update(host, session_id, { n: 3 })).toBe(3)
      expect(stateText(host, session_id)).toBe('{"n":3}')
    })

    test('over a damaged text still leads to the newest good one', (host) => {
      const session_id = twoRevisions(host)
      host.sql.exec("UPDATE revision SET root = '' WHERE revision = 2")
      flipBit(host.sql, { session_id, revision: 2 })
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 1 },
        recovered_from: { session_state: 1 },
      })
    })
  })
}

function twoRevisions(host: EngineHost): string {
  const session_id = create(host, { state_data: { n: 1 }, workspace_context: { w: 1 } })
  update(host, session_id, { n: 2 })
  return session_id
}
