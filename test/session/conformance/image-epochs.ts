// Ids of objects after their image was started anew: which are good, which are stale, and what is not known.

import { describe, expect } from 'vitest'
import { unreported } from '../../../src/image/record.ts'
import { MAX_STALE_IDS } from '../../../src/protocol/limits.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump, flipBit } from '../../support/engine-rows.ts'
import type { SendOptions } from '../../support/engine-send.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { startOf } from './image-scene.ts'

const IMAGE = 'pharo-12'
const ONE = startOf('one')
const TWO = startOf('two')
const REGISTRY = { a: { class: 'Point' }, b: 'a' }

/** A session whose registry was stored while the image was in its first start. */
function opened(host: EngineHost, object_registry: unknown = REGISTRY): string {
  const parameters = { client_id: CLIENT, image_id: IMAGE, object_registry }
  return host.done('create_session', parameters, ONE).result.session_id
}

export function describeImageEpochs(test: EngineTest): void {
  describe('An imported registry', () => {
    for (const format of ['json', 'ston'] as const) {
      test(`is of the start that it was exported in, in ${format}`, (host) => {
        const session_id = host.done(
          'create_session',
          { client_id: CLIENT, image_id: 'pharo', object_registry: { o1: {} } },
          startOf('first')
        ).result.session_id
        const { content } = host.done('export_session', { session_id, format }).result
        const made = host.done('import_session', { client_id: CLIENT, content }).result.session_id
        const restored = (epoch: string) =>
          host.done('restore_session', { session_id: made }, startOf(epoch)).result
        expect(restored('first')).toMatchObject({ object_registry_stale: false })
        expect(restored('second')).toMatchObject({
          object_registry_stale: true,
          stale_ids: ['o1'],
        })
      })
    }

    test('is stale in another image than it was exported from', (host) => {
      const session_id = create(host, { image_id: 'pharo', object_registry: { o1: {} } })
      const { content } = host.done('export_session', { session_id }).result
      const asked = { client_id: CLIENT, content, image_id: 'squeak' }
      const made = host.done('import_session', asked).result.session_id
      const { result } = host.done('restore_session', { session_id: made }, startOf('first'))
      expect(result).toMatchObject({ object_registry_stale: true })
    })

    test('of a document that does not say of which start it is is never said to be stale', (host) => {
      const session_id = create(host, { image_id: 'pharo', object_registry: { o1: {} } })
      const { content } = host.done('export_session', { session_id }).result
      const { object_registry_origin: origin, ...document } = JSON.parse(content)
      expect(origin).toEqual({ image_id: 'pharo', epoch: '', later: [] })
      const asked = { client_id: CLIENT, document }
      const made = host.done('import_session', asked).result.session_id
      const { result } = host.done('restore_session', { session_id: made }, startOf('second'))
      expect(result).toMatchObject({ object_registry_stale: false })
    })

    test('is refused with an origin that no export writes', (host) => {
      const session_id = create(host, { image_id: 'pharo', object_registry: { o1: {} } })
      const { content } = host.done('export_session', { session_id }).result
      const document = { ...JSON.parse(content), object_registry_origin: { epoch: 7 } }
      const refused = host.refused('import_session', { client_id: CLIENT, document })
      expect(refused.details).toMatchObject({
        detail: 'its object_registry_origin is not as export_session writes it',
      })
    })
  })

  describe('An image that two bridges report, each with a name of its own for the start', () => {
    const seenAs = (epoch: string, ...epochs: string[]): SendOptions => ({
      images: ({ ids }) =>
        ids.map((id) => ({ ...unreported(id, 0), reported_status: 'Connected', epoch, epochs })),
    })

    test('makes no id stale while one of them still has the name that it was stored under', (host) => {
      const session_id = opened(host)
      const restored = (images: SendOptions) =>
        host.done('restore_session', { session_id }, images).result.object_registry_stale
      expect(restored(seenAs('two', 'two', 'one'))).toBe(false)
      expect(restored(seenAs('two', 'two', 'three'))).toBe(true)
    })
  })

  describe('An image that was started anew', () => {
    test('makes the ids of the registry stale, and says which', (host) => {
      const session_id = opened(host)
      const before = host.done('restore_session', { session_id }, ONE).result
      expect(before.object_registry_stale).toBe(false)
      expect(before).not.toHaveProperty('stale_ids')
      const stale = { object_registry_stale: true, stale_ids: ['a', 'b'] }
      const { result, warnings } = host.done('restore_session', { session_id }, TWO)
      expect(result).toMatchObject({ object_registry: REGISTRY, ...stale })
      expect(warnings).toEqual([])
      const components = ['workspace_context']
      expect(host.done('load_context', { session_id, components }, TWO).result).toMatchObject(stale)
      const info = host.done('get_session_info', { session_id }, TWO).result
      expect(info.object_registry_stale).toBe(true)
    })

    test('finds ids in the member objects, and in a list', (host) => {
      const inner = opened(host, { version: 2, objects: { o1: {}, o2: {} } })
      const listed = opened(host, [{ id: 7 }, { object_id: 'o8' }])
      const stale = (session_id: string) =>
        host.done('restore_session', { session_id }, TWO).result.stale_ids
      expect(stale(inner)).toEqual(['o1', 'o2'])
      expect(stale(listed)).toEqual(['7', 'o8'])
    })

    test('is forgotten with a registry that is stored anew, even the same to the letter', (host) => {
      const session_id = opened(host)
      const again = { session_id, object_registry: REGISTRY }
      const { result } = host.done('update_session_state', again, TWO)
      expect(result).toMatchObject({ revision: 1, changed: [] })
      expect(host.done('restore_session', { session_id }, TWO).result).toMatchObject({
        object_registry_stale: false,
      })
      const three = startOf('three')
      host.done('save_context', { session_id, components: { object_registry: { c: 1 } } }, three)
      expect(host.done('restore_session', { session_id }, three).result).toMatchObject({
        object_registry_stale: false,
      })
    })

    test('leaves ids stale that a merge does not name', (host) => {
      const session_id = opened(host)
      const merge = { session_id, mode: 'merge', object_registry: { b: 'a', c: 'new' } }
      host.done('update_session_state', merge, TWO)
      expect(host.done('restore_session', { session_id }, TWO).result.stale_ids).toEqual(['a'])
      expect(
        host.done('restore_session', { session_id }, startOf('three')).result.stale_ids
      ).toEqual(['a', 'b', 'c'])
      host.done('update_session_state', { ...merge, object_registry: { a: null } }, TWO)
      expect(host.done('restore_session', { session_id }, TWO).result).toMatchObject({
        object_registry: { b: 'a', c: 'new' },
        object_registry_stale: false,
      })
    })

    test('is seen with an earlier revision, and when that comes back', (host) => {
      const session_id = opened(host)
      host.done('update_session_state', { session_id, object_registry: { n: 1 } }, TWO)
      const earlier = host.done('restore_session', { session_id, revision: 1 }, TWO).result
      expect(earlier.stale_ids).toEqual(['a', 'b'])
      expect(host.done('restore_session', { session_id }, TWO).result).toMatchObject({
        object_registry_stale: false,
      })
      host.done('revert_session', { session_id, revision: 1 })
      expect(host.done('restore_session', { session_id }, TWO).result.stale_ids).toEqual(['a', 'b'])
    })

    test('is seen in a copy that a conflict made', (host) => {
      const session_id = opened(host)
      host.done('update_session_state', { session_id, state_data: { n: 1 } }, TWO)
      const lost = { session_id, if_revision: 1, on_conflict: 'copy' }
      const kept = host.done('update_session_state', { ...lost, state_data: { n: 2 } }, TWO).result
      const merged = host.done(
        'update_session_state',
        { ...lost, mode: 'merge', object_registry: { a: 2 } },
        TWO
      ).result
      const stale = (id: string) =>
        host.done('restore_session', { session_id: id }, TWO).result.stale_ids
      expect(stale(kept.session_id)).toEqual(['a', 'b'])
      expect(stale(merged.session_id)).toEqual(['b'])
    })

    test('is seen with a registry that was repaired from before it', (host) => {
      const session_id = opened(host)
      host.done('update_session_state', { session_id, object_registry: { n: 1 } }, TWO)
      flipBit(host.sql, { session_id, component: 'object_registry', revision: 2 })
      for (const revision of [3, 3]) {
        expect(host.done('restore_session', { session_id }, TWO).result).toMatchObject({
          object_registry: REGISTRY,
          revision,
          stale_ids: ['a', 'b'],
        })
      }
    })

    test('is not said of a registry that is empty or gone', (host) => {
      const session_id = opened(host, {})
      expect(host.done('restore_session', { session_id }, TWO).result.object_registry_stale).toBe(
        false
      )
      const full = opened(host)
      host.done('clear_context', { session_id: full, components: ['object_registry'] })
      expect(host.done('restore_session', { session_id: full }, TWO).result).toMatchObject({
        object_registry_stale: false,
      })
    })
  })

  describe('A start of an image that nobody knows', () => {
    test('makes nothing stale', (host) => {
      const unknown = startOf('')
      const session_id = opened(host)
      const restored = host.done('restore_session', { session_id }, unknown)
      expect(restored.result.object_registry_stale).toBe(false)
      const parameters = { client_id: CLIENT, image_id: IMAGE, object_registry: REGISTRY }
      const early = host.done('create_session', parameters, unknown).result.session_id
      expect(
        host.done('restore_session', { session_id: early }, TWO).result.object_registry_stale
      ).toBe(false)
    })

    test('is told in a warning if the directory is away', (host) => {
      const session_id = opened(host)
      for (const command of ['restore_session', 'load_context'] as const) {
        const { result, warnings } = host.done(command, { session_id })
        expect(result.object_registry_stale).toBe(false)
        expect(warnings).toEqual([expect.stringContaining('is not known')])
      }
      const merge = { session_id, mode: 'merge', object_registry: { c: 1 } }
      host.done('update_session_state', merge)
      expect(host.done('restore_session', { session_id }, TWO).result.stale_ids).toEqual(['a', 'b'])
    })
  })

  describe('A session without an image', () => {
    test('asks nobody, and stores and tells nothing of ids', (host) => {
      const nobody = {
        images: () => {
          throw new Error('the directory was asked')
        },
      }
      const parameters = { client_id: CLIENT, object_registry: REGISTRY }
      const { session_id } = host.done('create_session', parameters, nobody).result
      host.done('update_session_state', { session_id, object_registry: { c: 1 } }, nobody)
      const { result, warnings } = host.done('restore_session', { session_id }, nobody)
      expect(result).not.toHaveProperty('object_registry_stale')
      expect(host.done('load_context', { session_id }, nobody).result).not.toHaveProperty(
        'object_registry_stale'
      )
      expect(warnings).toEqual([])
      expect(dump(host.sql)).not.toContain('registry_epoch ')
    })

    test('takes its registry to be of the image that it names first', (host) => {
      const session_id = create(host, { object_registry: REGISTRY })
      host.done('update_session_state', { session_id, image_id: IMAGE }, ONE)
      expect(host.done('restore_session', { session_id }, ONE).result.object_registry_stale).toBe(
        false
      )
      expect(host.done('restore_session', { session_id }, TWO).result.stale_ids).toEqual(['a', 'b'])
    })
  })

  describe('What a session knows of its ids', () => {
    test('is asked of the directory only where it matters', (host) => {
      const session_id = opened(host)
      const asked: string[] = []
      const images = (wanted: { readonly ids: readonly string[] }) => {
        asked.push(...wanted.ids)
        return []
      }
      host.done('update_session_state', { session_id, state_data: { n: 1 } }, { images })
      host.done('save_context', { session_id, components: { user_preferences: {} } }, { images })
      expect(asked).toEqual([])
      host.done('restore_session', { client_id: CLIENT, latest: true }, { images })
      expect(asked).toEqual([IMAGE])
    })

    test('goes with the text that it is about', (host) => {
      const session_id = opened(host)
      for (let n = 0; n < 25; n += 1) {
        host.done('update_session_state', { session_id, object_registry: { [n]: n } }, ONE)
      }
      const rows = dump(host.sql).split('\n')
      const texts = rows.filter((row) => /^component .*object_registry/.test(row))
      expect(rows.filter((row) => row.startsWith('registry_epoch '))).toHaveLength(texts.length)
    })

    test('is never kept with an answer', (host) => {
      const session_id = opened(host, { 'secret object': 1 })
      const restore = { session_id, revive: true }
      const first = host.done('restore_session', restore, { ...TWO, key: 'k' })
      expect(first.result.stale_ids).toEqual(['secret object'])
      const again = host.done('restore_session', restore, { ...TWO, key: 'k' })
      expect(again.replayed).toBe(true)
      expect(again.result).not.toHaveProperty('stale_ids')
      const answers = dump(host.sql)
        .split('\n')
        .filter((row) => row.startsWith('answered '))
      expect(answers.join()).not.toContain('secret object')
    })

    test('tells so many ids, and that there are more', (host) => {
      const many = Object.fromEntries(
        Array.from({ length: MAX_STALE_IDS + 1 }, (_, n) => [`o${n}`, 0])
      )
      const session_id = opened(host, many)
      const { result } = host.done('restore_session', { session_id }, TWO)
      expect(result.stale_ids).toHaveLength(MAX_STALE_IDS)
      expect(result.stale_ids_truncated).toBe(true)
    })
  })
}
