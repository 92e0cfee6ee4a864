// switch_image_context: a session goes on in another image, and nothing of it is lost.

import { describe, expect } from 'vitest'
import { type KnownImage, unreported, type WantedImages } from '../../../src/image/record.ts'
import { MAX_CLASSES_SOUGHT, MAX_MISSING_CLASSES } from '../../../src/protocol/limits.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump, withoutChain } from '../../support/engine-rows.ts'
import type { SendOptions } from '../../support/engine-send.ts'
import { auditLog, CLIENT, create, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { MINUTE } from '../../support/fixed-clock.ts'

const FROM = 'pharo-11'
const TO = 'pharo-12'

const STATE = {
  state_data: { s: 1 },
  workspace_context: { w: 1 },
  inspector_state: { views: ['raw'], stack: [{ of: 'o2' }] },
  object_registry: { o1: {}, o2: 'o1' },
  user_preferences: { p: 1 },
  evaluation_history: ['3 + 4'],
}

const NEW: KnownImage = {
  ...unreported(TO, 0),
  image_address: 'localhost:5599',
  image_name: 'Pharo 12',
  image_version: '12.0',
  image_metadata: { vm: 'Cog' },
  epoch: 'n',
  reported_status: 'Connected',
}

const OLD: KnownImage = { ...NEW, image_id: FROM, image_name: 'Pharo 11', epoch: 'o' }

const DIRECTORY: SendOptions = {
  images: ({ ids }) => [NEW, OLD].filter(({ image_id }) => ids.includes(image_id)),
}

/** A directory that knows the classes of the image to work on, and what it was asked. */
function directoryWith(classes: readonly string[]) {
  const asked: (readonly string[] | undefined)[] = []
  const there = new Set(classes)
  return {
    asked,
    images: (wanted: WantedImages) => {
      asked.push(wanted.classes)
      const missing_classes = wanted.classes?.filter((name) => !there.has(name))
      return [{ ...NEW, ...(missing_classes !== undefined && { missing_classes }) }]
    },
  }
}

function opened(host: EngineHost, image_id = FROM): string {
  const parameters = { client_id: CLIENT, image_id, image_address: 'localhost:1', ...STATE }
  return host.done('create_session', parameters, DIRECTORY).result.session_id
}

const move = (session_id: string) => ({ session_id, from_image_id: FROM, to_image_id: TO })

export function describeSwitching(test: EngineTest): void {
  describe('switch_image_context', () => {
    test('moves a session, and tells what becomes of each component', (host) => {
      const session_id = opened(host)
      const { result, warnings } = host.done('switch_image_context', move(session_id), DIRECTORY)
      expect(result).toMatchObject({
        from_image_id: FROM,
        to_image_id: TO,
        session_id,
        context_preserved: true,
        dry_run: false,
        revision: 2,
        snapshot_revision: 1,
        image_id: TO,
        image_address: 'localhost:5599',
        image_name: 'Pharo 12',
        image_version: '12.0',
        image_metadata: { vm: 'Cog' },
      })
      const outcomes = Object.entries(result.components).map(([name, fate]) => [
        name,
        fate?.outcome,
      ])
      expect(Object.fromEntries(outcomes)).toEqual({
        session_state: 'moved',
        workspace_context: 'moved',
        inspector_state: 'stale',
        object_registry: 'stale',
        user_preferences: 'moved',
        evaluation_history: 'moved',
      })
      expect(result.components.workspace_context?.bytes).toBe(7)
      expect(warnings).toEqual([expect.stringContaining('revert_session brings components back')])
      const { state_data, ...components } = STATE
      expect(host.done('restore_session', { session_id }, DIRECTORY).result).toMatchObject({
        ...components,
        session_state: state_data,
        image_id: TO,
        object_registry_stale: true,
        stale_ids: ['o1', 'o2'],
      })
    })

    test('leaves inspectors alone that refer to no object', (host) => {
      const session_id = create(host, { image_id: FROM, inspector_state: { views: ['raw'] } })
      const { components } = host.done('switch_image_context', move(session_id), DIRECTORY).result
      expect(components.inspector_state?.outcome).toBe('moved')
      const looking = create(host, { image_id: FROM, inspector_state: { selected_object: 'x' } })
      const seen = host.done('switch_image_context', move(looking), DIRECTORY).result
      expect(seen.components.inspector_state?.outcome).toBe('stale')
    })

    test('calls every component stale that mentions an object, and counts the objects', (host) => {
      const session_id = create(host, {
        image_id: FROM,
        object_registry: { o1: {}, o2: {}, '0': {} },
        state_data: { focus: 'about o1' },
        workspace_context: { variables: { p: { value: 'o1' }, q: { value: 'o2' }, r: 'o1' } },
        user_preferences: ['dark'],
        evaluation_history: [{ code: 'p', result: 'o2' }],
        inspector_state: { selected_object: 'x', views: { o1: {} } },
      })
      const { components } = host.done('switch_image_context', move(session_id), DIRECTORY).result
      const told = Object.entries(components).map(([name, fate]) => [name, fate?.reason])
      expect(Object.fromEntries(told)).toEqual({
        session_state: 'It is kept as it is.',
        workspace_context: `It is kept; it refers to objects in ${FROM} (2).`,
        inspector_state: `It is kept; it refers to objects in ${FROM} (2).`,
        object_registry: `It is kept; its ids are of objects in ${FROM}.`,
        user_preferences: 'It is kept as it is.',
        evaluation_history: `It is kept; it refers to objects in ${FROM} (1).`,
      })
    })

    test('names the revision before it, unless that has a name', (host) => {
      const session_id = opened(host)
      host.done('switch_image_context', move(session_id), DIRECTORY)
      host.done('update_session_state', { session_id, state_data: { n: 2 }, label: 'my own' })
      const back = { session_id, from_image_id: TO, to_image_id: FROM }
      host.done('switch_image_context', back, DIRECTORY)
      const { revisions } = host.done('list_session_revisions', { session_id }).result
      expect(revisions.map(({ cause, label }) => [cause, label])).toEqual([
        ['switch_image_context', `from ${TO} to ${FROM}`],
        ['update_session_state', 'my own'],
        ['switch_image_context', `from ${FROM} to ${TO}`],
        ['create_session', `before ${TO}`],
      ])
      expect(revisions[0]?.changed).toContain('image_id')
    })

    test('makes ids good again when the session comes back', (host) => {
      const session_id = opened(host)
      host.done('switch_image_context', move(session_id), DIRECTORY)
      const back = { session_id, from_image_id: TO, to_image_id: FROM }
      host.done('switch_image_context', back, DIRECTORY)
      expect(host.done('restore_session', { session_id }, DIRECTORY).result).toMatchObject({
        image_id: FROM,
        object_registry_stale: false,
      })
    })

    test('empties everything if that is asked for, and revert_session brings it back', (host) => {
      const session_id = opened(host)
      const { text } = host.done('restore_session', { session_id }, DIRECTORY)
      const asked = { ...move(session_id), preserve_context: false }
      const { result } = host.done('switch_image_context', asked, DIRECTORY)
      expect(result.context_preserved).toBe(false)
      expect(Object.values(result.components).map((fate) => fate?.outcome)).toEqual(
        Array(6).fill('dropped')
      )
      expect(host.done('restore_session', { session_id }, DIRECTORY).result).toMatchObject({
        object_registry: {},
        object_registry_stale: false,
      })
      host.done('revert_session', { session_id, revision: result.snapshot_revision })
      const reverted = host.done('restore_session', { session_id }, DIRECTORY)
      expect(reverted.result).toMatchObject({ image_id: TO, stale_ids: ['o1', 'o2'] })
      for (const name of ['session_state', 'object_registry', 'evaluation_history']) {
        expect(text).toContain(`"${name}":${reverted.member(name)}`)
      }
    })

    test('tells the same and writes nothing in a dry run', (host) => {
      const session_id = opened(host)
      const before = dump(host.sql)
      const asked = { ...move(session_id), dry_run: true }
      const dry = host.done('switch_image_context', asked, { ...DIRECTORY, id: 'm-1' }).result
      expect(dump(host.sql)).toBe(before)
      const real = host.done('switch_image_context', move(session_id), DIRECTORY).result
      expect({ ...dry, dry_run: false, revision: 2 }).toEqual(real)
    })

    test('takes the active session of the client that was used last on the image', (host) => {
      const first = opened(host)
      host.clock.advance(MINUTE)
      const second = opened(host)
      host.clock.advance(MINUTE)
      opened(host, 'other')
      const asked = { client_id: CLIENT, from_image_id: FROM, to_image_id: TO }
      const moved = () => host.done('switch_image_context', asked, DIRECTORY).result.session_id
      expect([moved(), moved()]).toEqual([second, first])
      expect(host.refused('switch_image_context', asked).error_code).toBe('session_not_found')
    })

    test('tells which classes the other image lacks, of those that its work names', (host) => {
      const session_id = create(host, {
        image_id: FROM,
        object_registry: { o1: { class: 'MyParser' }, o2: { class: 'MyParser class' } },
        workspace_context: { variables: { p: { type: 'Point' } } },
        inspector_state: { selection: { class_name: 'MyNode' } },
        state_data: { browser: { class: 'NotAsked' } },
      })
      const directory = directoryWith(['Point'])
      const dry = { ...move(session_id), dry_run: true }
      const told = { missing_classes: ['MyNode', 'MyParser'], missing_class_count: 2 }
      expect(host.done('switch_image_context', dry, directory).result).toMatchObject(told)
      expect(directory.asked).toEqual([['MyNode', 'MyParser', 'Point']])
      expect(host.done('switch_image_context', move(session_id), directory).result).toMatchObject(
        told
      )
    })

    test('tells that no class is missing, of a session that names none, too', (host) => {
      const session_id = create(host, { image_id: FROM })
      const { result } = host.done('switch_image_context', move(session_id), directoryWith([]))
      expect(result).toMatchObject({ missing_classes: [], missing_class_count: 0 })
    })

    test('tells nothing of classes where nobody knows them, and asks for none that stay behind', (host) => {
      const object_registry = { o1: { class: 'MyParser' } }
      const session_id = create(host, { image_id: FROM, object_registry })
      const dry = { ...move(session_id), dry_run: true }
      const directory = directoryWith([])
      for (const [asked, options] of [
        [dry, DIRECTORY],
        [dry, {}],
        [{ ...dry, preserve_context: false }, directory],
      ] as const) {
        const { result } = host.done('switch_image_context', asked, options)
        expect(result).not.toHaveProperty('missing_classes')
        expect(result).not.toHaveProperty('missing_class_count')
      }
      expect(directory.asked).toEqual([undefined])
    })

    test('asks about the session that it takes by itself, and about none that is elsewhere', (host) => {
      const object_registry = { o1: { class: 'MyParser' } }
      const session_id = create(host, { image_id: FROM, object_registry })
      const named = create(host, { image_id: 'other', object_registry: { o1: { class: 'Other' } } })
      const directory = directoryWith([])
      const { session_id: _, ...latest } = move(session_id)
      const dry = { ...latest, client_id: CLIENT, dry_run: true }
      host.done('switch_image_context', dry, directory)
      host.refused('switch_image_context', move(named), directory)
      expect(directory.asked).toEqual([['MyParser'], undefined])
    })

    test('names so many missing classes, and counts all', (host) => {
      const names = Array.from({ length: MAX_MISSING_CLASSES + 5 }, (_, n) => `Class${n}`).sort()
      const object_registry = Object.fromEntries(names.map((name) => [name, { class: name }]))
      const session_id = create(host, { image_id: FROM, object_registry })
      const { result } = host.done('switch_image_context', move(session_id), directoryWith([]))
      expect(result.missing_classes).toEqual(names.slice(0, MAX_MISSING_CLASSES))
      expect(result.missing_class_count).toBe(names.length)
    })

    test('has so many classes looked for, however many its work names', (host) => {
      const many = Array.from({ length: MAX_CLASSES_SOUGHT + 5 }, (_, n) => ({ class: `C${n}` }))
      const object_registry = Object.fromEntries(many.map((object, n) => [`o${n}`, object]))
      const session_id = create(host, { image_id: FROM, object_registry })
      const directory = directoryWith([])
      host.done('switch_image_context', move(session_id), directory)
      expect(directory.asked.map((names) => names?.length)).toEqual([MAX_CLASSES_SOUGHT])
    })

    test('goes to an image that nobody knows, and says so', (host) => {
      for (const [directory, sentence] of [
        [DIRECTORY, 'No bridge has reported'],
        [{}, 'could not be asked'],
      ] as const) {
        const session_id = opened(host)
        const asked = { ...move(session_id), to_image_id: 'nowhere' }
        const { result, warnings } = host.done('switch_image_context', asked, directory)
        expect(result).toMatchObject({ image_id: 'nowhere', image_address: '', image_metadata: {} })
        expect(warnings).toContainEqual(expect.stringContaining(sentence))
      }
    })

    test('gives a session without an image its first one, with the ids that it has', (host) => {
      const session_id = opened(host, '')
      const asked = { session_id, from_image_id: '', to_image_id: TO }
      const { components } = host.done('switch_image_context', asked, DIRECTORY).result
      expect(components.object_registry?.outcome).toBe('moved')
      expect(host.done('restore_session', { session_id }, DIRECTORY).result).toMatchObject({
        image_id: TO,
        object_registry_stale: false,
      })
      const restarted: SendOptions = { images: () => [{ ...NEW, epoch: 'n2' }] }
      expect(host.done('restore_session', { session_id }, restarted).result.stale_ids).toEqual([
        'o1',
        'o2',
      ])
    })

    test('takes the image as another session has it while the directory is away', (host) => {
      const session_id = opened(host)
      const image = { image_id: TO, image_address: 'localhost:7', image_name: 'mine' }
      const image_metadata = { vm: 'Spur' }
      create(host, { ...image, image_metadata })
      const { result } = host.done('switch_image_context', move(session_id))
      expect(result).toMatchObject({ ...image, image_metadata })
      expect(host.store.sessions.find(session_id)).toMatchObject(image)
    })

    test('is news for the directory, an event for those who watch, and a row of the audit log', (host) => {
      const session_id = opened(host)
      const before = host.store.sessions.find(session_id)?.sequence ?? 0
      host.done('switch_image_context', move(session_id), DIRECTORY)
      expect(host.store.sessions.find(session_id)?.sequence).toBe(before + 1)
      const { events } = host.done('get_events', { client_id: CLIENT }).result
      expect(events.at(-1)).toMatchObject({
        type: 'session.moved',
        data: { session_id, image_id: TO, revision: 2 },
      })
      expect(auditLog(host).filter(({ action }) => action === 'image_switched')).toMatchObject([
        { session_id, detail: { from_image_id: FROM, to_image_id: TO } },
      ])
    })

    test('renews the lease, and happens once for one key', (host) => {
      const session_id = opened(host)
      host.clock.advance(MINUTE)
      const options = { ...DIRECTORY, key: 'k' }
      const first = host.done('switch_image_context', move(session_id), options)
      expect(host.done('switch_image_context', move(session_id), options)).toMatchObject({
        replayed: true,
        text: first.text,
      })
      const info = host.done('get_session_info', { session_id }).result
      expect(info).toMatchObject({ revision: 2, time_until_expiry: 3600 })
    })

    test('refuses what cannot be meant, and changes nothing', (host) => {
      const session_id = opened(host)
      const unnamed = create(host)
      const before = withoutChain(dump(host.sql))
      for (const [parameters, path, detail] of [
        [{ ...move(session_id), from_image_id: 'other' }, 'from_image_id', `works on ${FROM}`],
        [move(unnamed), 'from_image_id', 'has no image'],
        [{ ...move(session_id), to_image_id: FROM }, 'to_image_id', 'to be left'],
        [{ ...move(session_id), to_image_id: '' }, 'to_image_id', 'one image'],
        [{ ...move(session_id), to_image_id: '*' }, 'to_image_id', 'one image'],
      ] as const) {
        const refused = host.refused('switch_image_context', parameters, DIRECTORY)
        expect(refused).toMatchObject({ error_code: 'invalid_parameter', details: { path } })
        expect(refused.error).toContain(detail)
      }
      const { session_id: _, ...nobody } = move(session_id)
      expect(host.refused('switch_image_context', nobody).error).toBe(
        'Missing session_id parameter'
      )
      expect(withoutChain(dump(host.sql))).toBe(before)
    })

    test('refuses a session that is closed or expired', (host) => {
      const session_id = opened(host)
      const closed = opened(host)
      host.done('close_session', { session_id: closed })
      host.clock.advance(61 * MINUTE)
      expect(host.refused('switch_image_context', move(closed)).error_code).toBe('session_closed')
      expect(host.refused('switch_image_context', move(session_id)).error_code).toBe(
        'session_expired'
      )
      expect(update(host, create(host), {})).toBe(2)
    })
  })
}
