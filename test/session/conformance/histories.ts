// evaluation_history: it grows under save_context, and forgets its oldest entries beyond its limits whoever writes it.

import { describe, expect } from 'vitest'
import { MAX_HISTORY_BYTES, MAX_HISTORY_ENTRIES } from '../../../src/protocol/limits.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { flipBit } from '../../support/engine-rows.ts'
import { CLIENT, create, stateText } from '../../support/engine-sessions.ts'
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

    const LONG = Array.from({ length: MAX_HISTORY_ENTRIES + 5 }, (_, n) => n)
    const NEWEST = JSON.stringify(LONG.slice(5))
    const FORGOTTEN =
      'The oldest entries of evaluation_history were forgotten (5): at most 1000 entries and 256000 bytes are kept.'

    for (const mode of ['replace', 'merge']) {
      test(`that update_session_state brings keeps its newest entries (${mode})`, (host) => {
        const session_id = create(host, { evaluation_history: ['old'] })
        const long = { session_id, mode, evaluation_history: LONG }
        expect(host.done('update_session_state', long).warnings).toEqual([FORGOTTEN])
        expect(stateText(host, session_id, 'evaluation_history')).toBe(NEWEST)
        const few = { session_id, mode, state_data: { evaluation_history: [1, { a: 2.0 }] } }
        expect(host.done('update_session_state', few).warnings).toEqual([])
        expect(stateText(host, session_id, 'evaluation_history')).toBe('[1,{"a":2}]')
      })
    }

    test('that create_session or a document brings keeps its newest entries', (host) => {
      const first = { client_id: CLIENT, evaluation_history: LONG }
      const made = host.done('create_session', first)
      expect(made.warnings).toEqual([FORGOTTEN])
      const { session_id } = made.result
      expect(stateText(host, session_id, 'evaluation_history')).toBe(NEWEST)
      const { content } = host.done('export_session', { session_id }).result
      const { sha256: _, ...document } = JSON.parse(content)
      document.components.evaluation_history = LONG
      const imported = host.done('import_session', { client_id: CLIENT, document })
      expect(imported.warnings).toContain(FORGOTTEN)
      expect(stateText(host, imported.result.session_id, 'evaluation_history')).toBe(NEWEST)
    })

    test('that a lost change brings is bounded in its copy', (host) => {
      const session_id = create(host, { evaluation_history: ['old'] })
      const lost = { session_id, if_revision: 9, on_conflict: 'copy', evaluation_history: LONG }
      const { result, warnings } = host.done('update_session_state', lost)
      expect(warnings).toEqual([FORGOTTEN])
      expect(stateText(host, result.session_id, 'evaluation_history')).toBe(NEWEST)
    })

    test('that is no list stays as it is, however long', (host) => {
      const entries = Object.fromEntries(LONG.map((n) => [`e${n}`, 'x'.repeat(300)]))
      const session_id = create(host, { evaluation_history: entries })
      expect(stateText(host, session_id, 'evaluation_history')).toBe(JSON.stringify(entries))
    })

    test('is bounded in bytes wherever it comes from, and refuses an entry that it cannot hold', (host) => {
      const session_id = create(host, { evaluation_history: ['kept'] })
      const half = 'é'.repeat(MAX_HISTORY_BYTES / 4)
      const two = { session_id, evaluation_history: [half, half] }
      expect(host.done('update_session_state', two).warnings).toHaveLength(1)
      expect(stateText(host, session_id, 'evaluation_history')).toBe(JSON.stringify([half]))
      const large = { session_id, evaluation_history: [half + half] }
      expect(host.refused('update_session_state', large).error).toContain(
        'Invalid evaluation_history parameter: one entry has'
      )
      expect(stateText(host, session_id, 'evaluation_history')).toBe(JSON.stringify([half]))
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
