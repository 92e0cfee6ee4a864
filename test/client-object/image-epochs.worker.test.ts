// Images that are started anew, from end to end inside workerd: a bridge reports, the client's object asks.

import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ask, objectOf, openSession } from '../support/engine-door.ts'

const REGISTRY = { o1: { class: 'Point' }, o2: 'o1' }

/** A bridge says which start of the image it sees; the client's object forgets what it was told a moment ago. */
async function started(image_id: string, epoch: string, client_id?: string): Promise<void> {
  const address = 'tcp://localhost:5555'
  await ask('report_image_status', { image_id, status: 'Connected', epoch, address, name: 'Pharo' })
  if (client_id !== undefined) await evictDurableObject(objectOf(client_id))
}

describe('A session whose image was started anew', () => {
  it('hears which ids are stale, until they are stored anew', async () => {
    await started('again', 'first')
    const image = { image_id: 'again', object_registry: REGISTRY }
    const session_id = await openSession('eve', image)
    const fresh = await ask('restore_session', { session_id })
    expect(fresh.result).toMatchObject({ object_registry_stale: false })

    await started('again', 'second', 'eve')
    const stale = { object_registry_stale: true, stale_ids: ['o1', 'o2'] }
    expect((await ask('restore_session', { session_id })).result).toMatchObject(stale)
    expect((await ask('load_context', { session_id })).result).toMatchObject(stale)
    expect((await ask('get_session_info', { session_id })).result).toMatchObject({
      object_registry_stale: true,
    })

    const merge = { session_id, mode: 'merge', object_registry: { o2: 'o3', o3: {} } }
    await ask('update_session_state', merge)
    expect((await ask('restore_session', { session_id })).result.stale_ids).toEqual(['o1'])

    await ask('update_session_state', { session_id, object_registry: REGISTRY })
    const whole = await ask('restore_session', { session_id })
    expect(whole.result).toMatchObject({ object_registry: REGISTRY, object_registry_stale: false })
  })

  it('of a client that nobody knew before knows its first ids', async () => {
    await started('new', 'first')
    const image = { image_id: 'new', object_registry: REGISTRY }
    const session_id = await openSession('first-time', image)
    await started('new', 'second', 'first-time')
    expect((await ask('restore_session', { session_id })).result.stale_ids).toEqual(['o1', 'o2'])
  })
})

describe('A session that is switched to another image', () => {
  it('takes the address of the image from the directory', async () => {
    await started('there', 'first')
    const session_id = await openSession('mo', { image_id: 'here', object_registry: REGISTRY })
    const move = { session_id, from_image_id: 'here', to_image_id: 'there' }
    const dry = await ask('switch_image_context', { ...move, dry_run: true })
    const { result } = await ask('switch_image_context', move)
    expect(result).toMatchObject({
      image_id: 'there',
      image_address: 'localhost:5555',
      image_name: 'Pharo',
      components: { object_registry: { outcome: 'stale' } },
    })
    expect(dry.result).toEqual({ ...result, dry_run: true, revision: 1 })
    expect((await ask('restore_session', { session_id })).result).toMatchObject({
      image_id: 'there',
      stale_ids: ['o1', 'o2'],
    })
  })
})
