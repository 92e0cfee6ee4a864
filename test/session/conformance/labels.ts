// Names of revisions, and going back and forth between them.

import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { COMPONENTS } from '../../../src/protocol/components.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { jsonContainerText } from '../../support/engine-json.ts'
import { create, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

export function describeLabels(test: EngineTest): void {
  describe('The label of a revision', () => {
    test('is what an update, a save or a revert calls it', (host) => {
      const session_id = create(host)
      host.done('update_session_state', { session_id, state_data: { n: 1 }, label: 'lunch' })
      host.done('save_context', { session_id, components: { session_state: [] }, label: 'tea 🫖' })
      host.done('revert_session', { session_id, revision: 2, label: 'back' })
      host.done('revert_session', { session_id, revision: 1 })
      expect(labels(host, session_id)).toEqual(['revert to 1', 'back', 'tea 🫖', 'lunch', ''])
    })

    test('makes a revision where nothing else differs, once', (host) => {
      const session_id = create(host, { state_data: { n: 1 } })
      const named = { session_id, state_data: { n: 1 }, label: 'before the refactoring' }
      expect(host.done('update_session_state', named).result).toMatchObject({
        revision: 2,
        changed: ['label'],
        session_state: { n: 1 },
      })
      expect(host.done('update_session_state', named).result).toMatchObject({
        revision: 2,
        changed: [],
      })
      host.done('revert_session', { session_id, revision: 2, label: 'same again' })
      expect(labels(host, session_id)).toEqual(['same again', 'before the refactoring', ''])
    })

    test('says which conflict a copy comes from, unless the client named it', (host) => {
      const session_id = create(host)
      update(host, session_id, { theirs: 1 })
      const lost = { session_id, state_data: { mine: 1 }, if_revision: 1, on_conflict: 'copy' }
      const copies = [lost, { ...lost, label: 'mine' }].map(
        (change) => host.done('update_session_state', change).result.session_id
      )
      expect(copies.map((copy) => labels(host, copy)[0])).toEqual([
        'conflict with revision 2',
        'mine',
      ])
    })

    for (const label of ['', 'x'.repeat(121), 7]) {
      test(`may not be ${JSON.stringify(label).slice(0, 8)}`, (host) => {
        const session_id = create(host)
        const change = { session_id, state_data: { n: 1 }, label }
        expect(host.refused('update_session_state', change).details).toMatchObject({
          path: 'label',
        })
        host.done('update_session_state', { ...change, label: 'x'.repeat(120) })
      })
    }
  })

  describe('The current revision', () => {
    test('is the newest one of the list', (host) => {
      const session_id = create(host)
      update(host, session_id, { n: 1 })
      const { revisions } = host.done('list_session_revisions', { session_id }).result
      expect(revisions.map((row) => [row.revision, row.is_current])).toEqual([
        [2, true],
        [1, false],
      ])
    })
  })

  describe('Going back and forth', () => {
    test(
      'loses nothing: a revert that is reverted gives every text back',
      (host) => {
        const session_id = create(host)
        const state = fc.dictionary(fc.constantFrom(...COMPONENTS), jsonContainerText, {
          minKeys: 1,
        })
        fc.assert(
          fc.property(state, state, (one, two) => {
            const [first, second] = [one, two].map((texts) => only(host, session_id, texts))
            const before = allTexts(host, session_id)
            host.done('revert_session', { session_id, revision: first })
            host.done('revert_session', { session_id, revision: second })
            expect(allTexts(host, session_id)).toEqual(before)
          }),
          { seed: 4459, numRuns: 60 }
        )
      },
      { limits: { commands: { perMinute: 1, burst: 1e9 } } }
    )
  })
}

/** Makes these texts the whole state, and gives its revision. */
function only(host: EngineHost, session_id: string, texts: Readonly<Record<string, string>>) {
  host.done('clear_context', { session_id })
  const members = Object.entries(texts).map(
    ([name, text]) => `"${name === 'session_state' ? 'state_data' : name}":${text}`
  )
  const message = `{"session_id":"${session_id}",${members.join(',')}}`
  return host.done('update_session_state', message).result.revision
}

function allTexts(host: EngineHost, session_id: string) {
  const restored = host.done('restore_session', { session_id })
  return COMPONENTS.map((name) => restored.member(name))
}

function labels(host: EngineHost, session_id: string): string[] {
  const { revisions } = host.done('list_session_revisions', { session_id }).result
  return revisions.map(({ label }) => label)
}
