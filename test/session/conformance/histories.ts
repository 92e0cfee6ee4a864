// evaluation_history under save_context: it grows, and forgets its oldest entries beyond its limits.

import { describe, expect } from 'vitest'
import { MAX_HISTORY_BYTES, MAX_HISTORY_ENTRIES } from '../../../src/protocol/limits.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { flipBit } from '../../support/engine-rows.ts'
import { create, stateText } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeHistories(test: EngineTest): void {
  describe('The evaluation history', () => {
    test('grows by a list of entries or by one entry', (host) => {
      const session_id = create(host)
      save(host, session_id, '[{"code": "3 + 4"} , 7]')
      save(host, session_id, '{"code":"big","result":9007199254740993}')
      save(host, session_id, '"text"')
      expect(stateText(host, session_id, 'evaluation_history')).toBe(
        '[{"code": "3 + 4"},7,{"code":"big","result":9007199254740993},"text"]'
      )
    })

    test('stays as it is when nothing is added', (host) => {
      const session_id = create(host, { evaluation_history: ['e'] })
      expect(save(host, session_id, '[]').result).toMatchObject({ revision: 1, changed: [] })
    })

    test('that is an object becomes the first entry', (host) => {
      const session_id = create(host, { evaluation_history: { last: 1 } })
      save(host, session_id, '[2]')
      expect(stateText(host, session_id, 'evaluation_history')).toBe('[{"last":1},2]')
    })

    test('forgets its oldest entries beyond a thousand, and says so', (host) => {
      const session_id = create(host)
      const entries = Array.from({ length: MAX_HISTORY_ENTRIES }, (_, n) => n)
      expect(save(host, session_id, JSON.stringify(entries)).warnings).toEqual([])
      expect(save(host, session_id, '["a","b"]').warnings).toEqual([
        'The oldest entries of evaluation_history were forgotten (2): at most 1000 entries and 256000 bytes are kept.',
      ])
      expect(stateText(host, session_id, 'evaluation_history')).toBe(
        JSON.stringify([...entries.slice(2), 'a', 'b'])
      )
    })

    test('forgets its oldest entries beyond its bytes, counted in UTF-8', (host) => {
      const session_id = create(host)
      const entry = (name: string) => name + 'é'.repeat(63_998)
      save(host, session_id, JSON.stringify([entry('a')]))
      expect(save(host, session_id, JSON.stringify(['b'])).warnings).toEqual([])
      expect(save(host, session_id, JSON.stringify([entry('c')])).warnings).toHaveLength(1)
      const kept = stateText(host, session_id, 'evaluation_history') ?? ''
      expect(kept).toBe(JSON.stringify(['b', entry('c')]))
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(MAX_HISTORY_BYTES)
    })

    test('refuses an entry that is larger than a history may be, and keeps the others', (host) => {
      const session_id = create(host, { evaluation_history: ['kept'] })
      const bytes = MAX_HISTORY_BYTES - 2
      const refused = host.refused('save_context', {
        session_id,
        components: { evaluation_history: ['x'.repeat(bytes - 1)] },
      })
      expect(refused.error).toBe(
        `Invalid components.evaluation_history parameter: one entry has ${bytes + 1} bytes; at most ${bytes} are kept.`
      )
      expect(stateText(host, session_id, 'evaluation_history')).toBe('["kept"]')
      save(host, session_id, JSON.stringify('x'.repeat(bytes - 2)))
      expect(stateText(host, session_id, 'evaluation_history')).toHaveLength(MAX_HISTORY_BYTES)
    })

    test('is replaced by update_session_state, whatever its size', (host) => {
      const session_id = create(host, { evaluation_history: ['old'] })
      const evaluation_history = Array.from({ length: 2000 }, (_, n) => n)
      host.done('update_session_state', { session_id, evaluation_history })
      expect(stateText(host, session_id, 'evaluation_history')).toBe(
        JSON.stringify(evaluation_history)
      )
    })

    test('takes additions to its newest good text when it is damaged', (host) => {
      const session_id = create(host, { evaluation_history: ['1'] })
      save(host, session_id, '["2"]')
      flipBit(host.sql, { session_id, component: 'evaluation_history', revision: 2 })
      expect(save(host, session_id, '["3"]').result.recovered_from).toEqual({
        evaluation_history: 1,
      })
      expect(stateText(host, session_id, 'evaluation_history')).toBe('["1","3"]')
    })
  })
}

function save(host: EngineHost, session_id: string, history: string) {
  const components = `{"evaluation_history":${history}}`
  return host.done('save_context', `{"session_id":"${session_id}","components":${components}}`)
}
