// Every command that a bridge takes over, through a real bridge whose service cannot be reached.

import { describe, expect, it } from 'vitest'
import { partOf } from '../../../local-bridge/replica/offline-commands.ts'
import type { Declaration } from '../../../src/protocol/command.ts'
import { COMMANDS } from '../../../src/protocol/commands/index.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }
const STATE = { state_data: { n: 0 }, workspace_context: { x: 1 } }

const infoOf = (stack: OfflineStack, session_id: unknown) =>
  stack.elsewhere('get_session_info', { session_id, state: true })

async function othersOf(stack: OfflineStack, session_id: string): Promise<string[]> {
  const list = await stack.elsewhere('list_client_sessions', { ...CLIENT, include: 'all' })
  const all = (list.sessions as { session_id: string }[]).map((one) => one.session_id)
  return all.filter((id) => id !== session_id)
}

describe('clear_context while the service is away', () => {
  it('is kept, read back, and made when the service is there again, in its place among other changes', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    await stack.away()
    const components = ['workspace_context']
    const cleared = await stack.ask({
      ...{ id: 'c', command: 'clear_context', parameters: { session_id, components } },
    })
    expect(cleared).toMatchObject({
      result: { revision: 2, changed: components },
      meta: { persistence: 'journaled' },
    })
    await stack.run('update_session_state', { session_id, inspector_state: { y: 2 } })
    const restored = await stack.run('restore_session', { session_id })
    expect(restored).toMatchObject({ session_state: { n: 0 }, workspace_context: {} })
    await stack.back()
    const state = await infoOf(stack, session_id)
    expect(state).toMatchObject({ revision: 3, session_state: { n: 0 }, inspector_state: { y: 2 } })
    expect(state).not.toHaveProperty('workspace_context')
    expect(stack.log.of('delivery_refused')).toEqual([])
    expect(stack.log.of('conflict_kept')).toEqual([])
  })

  it('that meets a change made elsewhere takes nothing away from it: the emptied session is a copy', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    await stack.away()
    await stack.run('clear_context', { session_id, components: ['workspace_context'] })
    await stack.elsewhere('update_session_state', {
      session_id,
      workspace_context: { by: 'laptop' },
    })
    await stack.back()
    expect(await infoOf(stack, session_id)).toMatchObject({
      ...{ revision: 2, session_state: { n: 0 }, workspace_context: { by: 'laptop' } },
    })
    const [copy, ...more] = await othersOf(stack, session_id)
    expect(more).toEqual([])
    const emptied = await infoOf(stack, copy)
    expect(emptied).toMatchObject({ session_state: { n: 0 } })
    expect(emptied).not.toHaveProperty('workspace_context')
    expect(stack.log.of('conflict_kept')).toMatchObject([{ command: 'clear_context' }])
    expect(stack.log.of('delivery_refused')).toEqual([])
  })

  it('of a session that somebody has closed is made in it', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    await stack.away()
    await stack.run('clear_context', { session_id })
    await stack.elsewhere('close_session', { session_id })
    await stack.back()
    const closed = await infoOf(stack, session_id)
    expect(closed).toMatchObject({ status: 'closed', revision: 2 })
    expect(closed).not.toHaveProperty('workspace_context')
    expect(stack.log.of('delivery_refused')).toEqual([])
  })
})

describe('export_session and import_session while the service is away', () => {
  it('give the session as it is here, and make another one of it that keeps its id', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE, name: 'parser' })
    await stack.away()
    await stack.run('update_session_state', { session_id, state_data: { big: 1, n: 1 } })
    const exported = await stack.run('export_session', { session_id })
    expect(exported).toMatchObject({ session_id, revision: 2, format: 'json' })
    const imported = await stack.ask({
      id: 'i',
      command: 'import_session',
      parameters: { ...CLIENT, content: exported.content, sha256: exported.sha256, name: 'again' },
    })
    expect(imported).toMatchObject({
      result: { name: 'again', imported_from: { session_id } },
      meta: { persistence: 'journaled' },
    })
    const made = String(imported.result?.session_id)
    await stack.run('update_session_state', { session_id: made, inspector_state: { z: 3 } })
    const document = JSON.parse(String(exported.content))
    const third = await stack.run('import_session', { ...CLIENT, document })
    await stack.back()
    expect(await infoOf(stack, made)).toMatchObject({
      ...{ name: 'again', revision: 2, session_state: { big: 1, n: 1 } },
      ...{ workspace_context: { x: 1 }, inspector_state: { z: 3 } },
    })
    expect(await infoOf(stack, third.session_id)).toMatchObject({
      ...{ name: 'parser', session_state: { big: 1, n: 1 } },
    })
    expect(await othersOf(stack, session_id)).toHaveLength(2)
    expect(stack.log.of('delivery_refused')).toEqual([])
  })

  it('do not export what only the service knows: from which start of its image objects are', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, object_registry: { o1: {} } })
    await stack.away()
    const asked = { id: 'e', command: 'export_session', parameters: { session_id } }
    expect(await stack.ask(asked)).toMatchObject({
      error_code: 'upstream_unavailable',
      error: expect.stringContaining('only the service knows from which start'),
    })
  })
})

describe('what needs earlier revisions while the service is away', () => {
  it('is answered of a session that this machine has known from its beginning', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
    await stack.away()
    await stack.run('update_session_state', { session_id, state_data: { n: 2 } })
    const diff = await stack.run('diff_session_revisions', { session_id, from_revision: 1 })
    expect(diff).toMatchObject({
      ...{ from_revision: 1, to_revision: 3, changed: ['session_state'] },
      components: { session_state: { change: 'changed', patch: { n: 2 } } },
    })
    const { revisions } = await stack.run('list_session_revisions', { session_id })
    expect(revisions).toMatchObject([{ revision: 3 }, { revision: 2 }, { revision: 1 }])
    const earlier = await stack.run('export_session', { session_id, revision: 1 })
    expect(JSON.parse(String(earlier.content))).toMatchObject({
      components: { session_state: { n: 0 } },
    })
  })

  it('says that they are not here where the session came from elsewhere', async () => {
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    const { session_id } = await stack.elsewhere('create_session', { ...CLIENT, ...STATE })
    await stack.elsewhere('update_session_state', { session_id, state_data: { n: 1 } })
    await stack.run('get_session_info', { session_id })
    await stack.complete()
    await stack.away()
    for (const [command, more] of [
      ['diff_session_revisions', { from_revision: 1 }],
      ['list_session_revisions', {}],
      ['export_session', { revision: 1 }],
    ] as const) {
      const asked = { id: command, command, parameters: { session_id, ...more } }
      expect(await stack.ask(asked)).toMatchObject({
        error_code: 'upstream_unavailable',
        error: expect.stringContaining('earlier revisions of this session are not on this machine'),
      })
    }
    expect(await stack.run('export_session', { session_id })).toMatchObject({ revision: 2 })
  })
})

describe('renew_session while the service is away', () => {
  const expiryOf = (told: Record<string, unknown>) => Date.parse(String(told.expires_at))

  it('is kept, and renews the lease when the service is there again', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    // The session that was used last has a lease that is as good as new.
    const latest = await stack.begin(CLIENT)
    const before = expiryOf(await infoOf(stack, session_id))
    await stack.away()
    const renew = (id: string) =>
      stack.ask({ id, command: 'renew_session', parameters: { session_id: id } })
    expect(await renew(latest)).toMatchObject({ meta: { persistence: 'cached' } })
    const renewed = await renew(session_id)
    expect(renewed).toMatchObject({
      result: { session_id, is_active: true, revision: 1 },
      meta: { persistence: 'journaled', source: 'replica' },
    })
    expect(expiryOf(renewed.result ?? {})).toBeGreaterThan(before)
    await stack.back()
    expect(expiryOf(await infoOf(stack, session_id))).toBeGreaterThan(before)
    expect(stack.log.of('delivery_refused')).toEqual([])
  })

  it('of a session that was revived hides no change made elsewhere: what follows is kept beside it', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    await stack.run('close_session', { session_id })
    await stack.away()
    const revived = await stack.run('renew_session', { session_id, revive: true })
    expect(revived).toMatchObject({ is_active: true, revision: 1 })
    await stack.run('update_session_state', { session_id, state_data: { by: 'desk' } })
    await stack.elsewhere('renew_session', { session_id, revive: true })
    await stack.elsewhere('update_session_state', { session_id, state_data: { by: 'laptop' } })
    await stack.back()
    const there = await infoOf(stack, session_id)
    expect(there).toMatchObject({ revision: 2, session_state: { by: 'laptop' } })
    const [copy] = await othersOf(stack, session_id)
    expect(await infoOf(stack, copy)).toMatchObject({ session_state: { by: 'desk' } })
    expect(stack.log.of('conflict_kept')).toMatchObject([{ command: 'update_session_state' }])
    expect(stack.log.of('delivery_refused')).toEqual([])
  })

  it('of a session that cannot be active when it arrives is not refused: the session rests', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    await stack.run('close_session', { session_id })
    await stack.away()
    await stack.run('renew_session', { session_id, revive: true })
    for (let n = 0; n < 5; n += 1) await stack.elsewhere('create_session', CLIENT)
    await stack.back()
    expect(await infoOf(stack, session_id)).toMatchObject({ status: 'closed' })
    expect(stack.log.of('delivery_refused')).toEqual([])
  })
})

describe('the sessions of a client by image, while the service is away', () => {
  it('are listed and counted with the work that was done meanwhile, and the answer says how old it is', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE, image_id: 'main' })
    await stack.away()
    const made = await stack.run('create_session', { ...CLIENT, image_id: 'main' })
    const list = await stack.ask({
      id: 'l',
      command: 'list_image_sessions',
      parameters: { ...CLIENT, image_id: 'main' },
    })
    expect(list).toMatchObject({
      result: {
        total_count: 2,
        sessions: expect.arrayContaining([
          expect.objectContaining({ session_id }),
          expect.objectContaining({ session_id: made.session_id }),
        ]),
      },
      meta: {
        ...{ persistence: 'journaled', source: 'replica', stale_s: expect.any(Number) },
        warnings: [expect.stringContaining('the status of images is unknown')],
      },
    })
    const parameters = { ...CLIENT, image_id: 'main' }
    const stats = await stack.ask({ id: 't', command: 'get_image_session_stats', parameters })
    expect(stats).toMatchObject({
      result: { total_sessions: 2, active_sessions: 2, orphaned_sessions: 0 },
      meta: { stale_s: expect.any(Number) },
    })
  })

  it('have the name that their image has alone, as the service tells it', async () => {
    await using stack = await startOfflineStack()
    const image = { image_id: 'main', image_name: 'Pharo 12', image_address: 'localhost:5555' }
    await stack.begin({ ...CLIENT, ...STATE, ...image })
    const uids = async () => {
      const lists = await Promise.all(
        ['list_client_sessions', 'list_image_sessions'].map((command) => stack.run(command, CLIENT))
      )
      const images = lists.flatMap((list) => list.images as { readonly image_uid: string }[])
      return images.map(({ image_uid }) => image_uid)
    }
    const there = await uids()
    expect(there).toEqual(Array(2).fill(expect.stringMatching(/^[a-z2-7]{26}$/)))
    await stack.away()
    expect(await uids()).toEqual(there)
  })

  it('are told of nobody else: those of a whole team are the service’s', async () => {
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    await stack.away()
    for (const command of ['list_image_sessions', 'get_image_session_stats']) {
      const parameters = { ...CLIENT, image_id: '*', scope: 'team' }
      expect(await stack.ask({ id: command, command, parameters })).toMatchObject({
        error_code: 'upstream_unavailable',
        error: expect.stringContaining('only the service itself can do this'),
      })
    }
  })
})

describe('what only the service can do', () => {
  it('says so', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, ...STATE })
    await stack.away()
    const asked = [
      ['revert_session', { session_id, revision: 1 }],
      ['switch_image_context', { session_id, from_image_id: '', to_image_id: 'main' }],
      ['get_events', CLIENT],
    ] as const
    for (const [command, parameters] of asked) {
      expect(await stack.ask({ id: command, command, parameters })).toMatchObject({
        error_code: 'upstream_unavailable',
        error: expect.stringContaining('only the service itself can do this'),
      })
    }
  })
})

describe('a declaration', () => {
  it('says that work is kept only of a command that changes something', () => {
    for (const { name, offline, mutates } of COMMANDS as readonly Declaration[]) {
      if (offline === 'work') expect([name, mutates]).toEqual([name, true])
      expect(partOf({ command: name, parameters: {} })).toBe(
        offline === undefined ? undefined : offline === 'work' ? 'journal' : 'read'
      )
    }
  })
})
