// Inspectors after their image was started anew: whether the objects that they show are still those.

import { describe, expect } from 'vitest'
import { cleanup } from '../../../src/session/cleanup.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump, flipBit } from '../../support/engine-rows.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY } from '../../support/fixed-clock.ts'
import { startOf } from './image-scene.ts'

const IMAGE = 'pharo-12'
const ONE = startOf('one')
const TWO = startOf('two')
const INSPECTOR = { selected_object: 'x1', navigation: ['x0', { object_id: 7 }], views: ['raw'] }
const STALE = { object_registry_stale: false, inspector_state_stale: true }
const FRESH = { object_registry_stale: false, inspector_state_stale: false }

/** A session whose inspectors were stored while the image was in its first start. */
function opened(host: EngineHost, more: object = {}): string {
  const parameters = { client_id: CLIENT, image_id: IMAGE, inspector_state: INSPECTOR, ...more }
  return host.done('create_session', parameters, ONE).result.session_id
}

/** What a restore in the second start of the image tells. */
function restored(host: EngineHost, session_id: string, revision?: number) {
  return host.done('restore_session', { session_id, ...(revision && { revision }) }, TWO).result
}

export function describeInspectorEpochs(test: EngineTest): void {
  describe('An inspector after its image was started anew', () => {
    test('shows other objects, whether or not they are registered', (host) => {
      const session_id = opened(host)
      const before = host.done('restore_session', { session_id }, ONE).result
      expect(before).toMatchObject(FRESH)
      expect(before).not.toHaveProperty('stale_ids')
      const told = { ...STALE, stale_ids: ['x1', 'x0', '7'] }
      expect(restored(host, session_id)).toMatchObject(told)
      const components = ['user_preferences']
      expect(host.done('load_context', { session_id, components }, TWO).result).toMatchObject(told)
      expect(host.done('get_session_info', { session_id }, TWO).result).toMatchObject(STALE)
    })

    test('is told beside the registry, each id once', (host) => {
      const session_id = opened(host, { object_registry: { x1: {}, raw: {}, r: {} } })
      expect(restored(host, session_id)).toMatchObject({
        object_registry_stale: true,
        inspector_state_stale: true,
        stale_ids: ['x1', 'raw', 'r', 'x0', '7'],
      })
    })

    test('is stale although its registry was stored anew', (host) => {
      const session_id = opened(host)
      host.done('update_session_state', { session_id, object_registry: { x1: {} } }, TWO)
      expect(restored(host, session_id)).toMatchObject(STALE)
    })

    test('is good again once it is stored anew, even the same to the letter', (host) => {
      const session_id = opened(host)
      const again = { session_id, inspector_state: INSPECTOR }
      const { result } = host.done('update_session_state', again, TWO)
      expect(result).toMatchObject({ revision: 1, changed: [] })
      expect(restored(host, session_id)).toMatchObject(FRESH)
      const THREE = startOf('three')
      const components = { inspector_state: { selected_object: 'y' } }
      host.done('save_context', { session_id, components }, THREE)
      expect(host.done('restore_session', { session_id }, THREE).result).toMatchObject(FRESH)
      expect(restored(host, session_id).stale_ids).toEqual(['y'])
    })

    test('keeps the objects stale that a merge does not name', (host) => {
      const session_id = opened(host)
      const merge = { session_id, mode: 'merge', inspector_state: { selected_object: 'new' } }
      host.done('update_session_state', merge, TWO)
      expect(restored(host, session_id)).toMatchObject({ ...STALE, stale_ids: ['x0', '7'] })
      const forget = { session_id, mode: 'merge', inspector_state: { navigation: null } }
      host.done('update_session_state', forget, TWO)
      expect(restored(host, session_id)).toMatchObject(FRESH)
    })

    test('is seen with an earlier revision, and when that comes back', (host) => {
      const session_id = opened(host)
      const inspector_state = { selected_object: 'y' }
      host.done('update_session_state', { session_id, inspector_state }, TWO)
      expect(restored(host, session_id)).toMatchObject(FRESH)
      expect(restored(host, session_id, 1)).toMatchObject(STALE)
      host.done('revert_session', { session_id, revision: 1 })
      expect(restored(host, session_id)).toMatchObject(STALE)
    })

    test('is seen in a copy that a conflict made', (host) => {
      const session_id = opened(host)
      host.done('update_session_state', { session_id, state_data: { n: 1 } }, TWO)
      const lost = { session_id, if_revision: 1, on_conflict: 'copy' }
      const change = (more: object) =>
        host.done('update_session_state', { ...lost, ...more }, TWO).result.session_id
      expect(restored(host, change({ state_data: { n: 2 } }))).toMatchObject(STALE)
      expect(restored(host, change({ inspector_state: INSPECTOR }))).toMatchObject(FRESH)
    })

    test('is seen when it was repaired from before the start', (host) => {
      const session_id = opened(host)
      const inspector_state = { selected_object: 'y' }
      host.done('update_session_state', { session_id, inspector_state }, TWO)
      flipBit(host.sql, { session_id, component: 'inspector_state', revision: 2 })
      for (const revision of [3, 3]) {
        expect(restored(host, session_id)).toMatchObject({ ...STALE, revision })
      }
    })

    test('is stale in another image, and good again on the way back', (host) => {
      const session_id = opened(host)
      const move = { session_id, from_image_id: IMAGE, to_image_id: 'other' }
      host.done('switch_image_context', move, ONE)
      expect(host.done('restore_session', { session_id }, ONE).result).toMatchObject(STALE)
      const back = { session_id, from_image_id: 'other', to_image_id: IMAGE }
      host.done('switch_image_context', back, ONE)
      expect(host.done('restore_session', { session_id }, ONE).result).toMatchObject(FRESH)
    })

    test('is stale without ids where the object that is looked at says none', (host) => {
      const session_id = opened(host, { inspector_state: { selected_object: { class: 'Point' } } })
      expect(restored(host, session_id)).toMatchObject({ ...STALE, stale_ids: [] })
    })

    test('is not said of one that shows no object, nor where a start is not known', (host) => {
      const layout = { views: ['raw'], selected_object: '' }
      expect(restored(host, opened(host, { inspector_state: layout }))).toMatchObject(FRESH)
      const nobody = { client_id: CLIENT, image_id: IMAGE, inspector_state: INSPECTOR }
      const early = host.done('create_session', nobody, startOf('')).result.session_id
      expect(restored(host, early)).toMatchObject(FRESH)
      const { result, warnings } = host.done('restore_session', { session_id: early })
      expect(result).toMatchObject(FRESH)
      expect(warnings).toEqual([expect.stringContaining('is not known')])
    })

    test('is taken to be of the image that its session names first', (host) => {
      const session_id = create(host, { inspector_state: INSPECTOR })
      expect(dump(host.sql)).not.toContain('registry_epoch ')
      host.done('update_session_state', { session_id, image_id: IMAGE }, ONE)
      expect(host.done('restore_session', { session_id }, ONE).result).toMatchObject(FRESH)
      expect(restored(host, session_id)).toMatchObject(STALE)
    })

    for (const format of ['json', 'ston'] as const) {
      test(`is known of a document, in ${format}`, (host) => {
        const { content } = host.done('export_session', {
          session_id: opened(host),
          format,
        }).result
        const made = host.done('import_session', { client_id: CLIENT, content }).result.session_id
        expect(host.done('restore_session', { session_id: made }, ONE).result).toMatchObject(FRESH)
        expect(restored(host, made)).toMatchObject(STALE)
      })
    }
  })

  describe('What a session knows of its inspectors', () => {
    test('costs no statement where neither ids nor an image come', (host) => {
      const session_id = opened(host, { object_registry: { a: 1 } })
      const asked: string[] = []
      const images = ({ ids }: { readonly ids: readonly string[] }) => {
        asked.push(...ids)
        return []
      }
      const rows = () =>
        dump(host.sql)
          .split('\n')
          .filter((row) => row.startsWith('registry_epoch '))
      const before = rows()
      host.done('update_session_state', { session_id, state_data: { n: 1 } }, { images })
      expect([asked, rows()]).toEqual([[], before])
    })

    test('goes with the session', (host) => {
      opened(host, { object_registry: { a: 1 } })
      expect(dump(host.sql)).toContain('registry_epoch ')
      host.clock.advance(31 * DAY)
      cleanup(host.store, host.limits, host.clock.now())
      expect(dump(host.sql)).not.toContain('registry_epoch ')
    })

    test('goes with the texts that it is about', (host) => {
      const session_id = opened(host)
      for (let n = 0; n < 95; n += 1) {
        const inspector_state = { selected_object: `o${n}` }
        host.done('update_session_state', { session_id, inspector_state }, ONE)
      }
      const rows = (form: RegExp) =>
        dump(host.sql)
          .split('\n')
          .filter((row) => form.test(row))
      const texts = rows(/^component .*inspector_state/)
      expect(texts.length).toBeLessThan(95)
      expect(rows(/^registry_epoch /)).toHaveLength(texts.length)
    })
  })
}
