// An image that starts anew behind a bridge: whoever restores a session hears which ids lead nowhere, from the service and
// from the bridge alike.

import { describe, expect, it } from 'vitest'
import { type ImageStandIn, startImage } from '../../support/image-stand-in.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }
const IMAGE = 'pharo'
const SESSION = {
  ...CLIENT,
  image_id: IMAGE,
  object_registry: { o1: { class: 'Point' }, o2: 'o1' },
  inspector_state: { selected_object: 'o1', navigation: ['o9'] },
}
const FRESH = { object_registry_stale: false, inspector_state_stale: false }
const STALE = {
  object_registry_stale: true,
  inspector_state_stale: true,
  stale_ids: ['o1', 'o2', 'o9'],
}

type Told = Record<string, unknown>

/** Asks again until it is so: another process is about to say it, and nobody can be told when. */
async function until(look: () => Promise<Told>, isSo: (told: Told) => boolean): Promise<Told> {
  for (;;) {
    const told = await look()
    if (isSo(told)) return told
  }
}

/** A bridge with a replica before one image, which the service knows to be there. */
async function startDesk() {
  await using started = new AsyncDisposableStack()
  const image = started.use(await startImage({ epoch: 'monday' }))
  const images = [{ name: IMAGE, address: image.address }]
  const stack = started.use(await startOfflineStack({ images }))
  await until(
    () => stack.elsewhere('get_image_connection_status', { image_id: IMAGE }),
    ({ status }) => status === 'Connected'
  )
  const rest = started.move()
  return { image, stack, [Symbol.asyncDispose]: () => rest.disposeAsync() }
}

async function restart(image: ImageStandIn, epoch: string): Promise<void> {
  await image.kill()
  await image.start(epoch)
}

const restored = (stack: OfflineStack, session_id: string) => () =>
  stack.run('restore_session', { session_id })

const isStale = ({ object_registry_stale }: Told) => object_registry_stale === true

describe('An image that starts anew', () => {
  it('makes a restore say which ids are stale, until they are saved again', async () => {
    await using desk = await startDesk()
    const { image, stack } = desk
    const session_id = await stack.begin(SESSION)
    const restore = restored(stack, session_id)
    expect(await restore()).toMatchObject(FRESH)
    await restart(image, 'tuesday')
    expect(await until(restore, isStale)).toMatchObject(STALE)
    const { object_registry, inspector_state } = SESSION
    const components = { object_registry, inspector_state }
    await stack.run('save_context', { session_id, components })
    expect(await restore()).toMatchObject(FRESH)
  })

  it('is noticed by the bridge while the service is away', async () => {
    await using desk = await startDesk()
    const { image, stack } = desk
    const session_id = await stack.begin({ ...CLIENT, image_id: IMAGE })
    const { object_registry, inspector_state } = SESSION
    await stack.run('update_session_state', { session_id, object_registry })
    await stack.run('save_context', { session_id, components: { inspector_state } })
    await stack.away()
    const restore = restored(stack, session_id)
    expect(await restore()).toMatchObject(FRESH)
    await restart(image, 'tuesday')
    expect(await until(restore, isStale)).toMatchObject(STALE)
    expect(await stack.run('get_session_info', { session_id })).toMatchObject({
      object_registry_stale: true,
      inspector_state_stale: true,
    })
    await stack.run('update_session_state', { session_id, object_registry, inspector_state })
    expect(await restore()).toMatchObject(FRESH)
  })

  it('is noticed with sessions that another machine has made, and those that were stale stay so', async () => {
    await using desk = await startDesk()
    const { image, stack } = desk
    const made = async () => {
      const { session_id } = await stack.elsewhere('create_session', SESSION)
      return String(session_id)
    }
    const old = await made()
    await restart(image, 'tuesday')
    await until(() => stack.elsewhere('load_context', { session_id: old }), isStale)
    const young = await made()
    await stack.begin(CLIENT)
    await stack.away()
    expect(await restored(stack, old)()).toMatchObject({
      object_registry_stale: true,
      inspector_state_stale: true,
    })
    const restore = restored(stack, young)
    expect(await restore()).toMatchObject(FRESH)
    await restart(image, 'wednesday')
    expect(await until(restore, isStale)).toMatchObject(STALE)
  })
})
