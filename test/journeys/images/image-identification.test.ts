// Seed 003, first success criterion, Image Identification: sessions are uniquely tied to specific Smalltalk images.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SECOND } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { SOLUTION } from '../../support/image-decoders.ts'
import { type ImageStage, startImageStage } from '../../support/image-stage.ts'
import { TUI_DIALECTS, type Tui } from '../../support/tui.ts'

/** Images that are all called the same: each differs from the first in one thing. */
const IMAGES: Readonly<Record<string, Members>> = {
  first: { image_address: 'localhost:5555', image_name: 'Pharo', image_version: '12.0' },
  'another address': {
    image_address: 'localhost:5556',
    image_name: 'Pharo',
    image_version: '12.0',
  },
  'another version': {
    image_address: 'localhost:5555',
    image_name: 'Pharo',
    image_version: '11.0',
  },
  'another name': { image_address: 'localhost:5555', image_name: 'Moose', image_version: '12.0' },
}

/** Ids that a careless reader takes for one another, or for something else than an id. */
const ALIKE = ['Pharo', 'pharo', 'Pharo ', 'Pharo%', '__proto__', "'; DROP TABLE session", '漢😀']

const NONE = { image_id: '', image_address: '', image_name: '', image_version: '' }

let stage: ImageStage

beforeAll(async () => {
  stage = await startImageStage()
})

afterAll(() => stage[Symbol.asyncDispose]())

describe.each(TUI_DIALECTS)('In dialect %s', (dialect) => {
  let tui: Tui

  beforeAll(() => {
    tui = stage.tui(dialect)
  })

  const listed = async (client_id: string, image_id: string) => {
    const { sessions } = await tui.run('list_image_sessions', { client_id, image_id })
    return (sessions as Members[]).map(({ session_id }) => session_id)
  }

  it('every answer about a session names its image: id, address, name, version and further facts', async () => {
    const client_id = `named-${dialect}`
    const image_metadata = { dialect: 'Pharo', bits: '64' }
    const image = { image_id: 'pharo-12', ...IMAGES.first, image_metadata }
    const given = { ...image, image_address: 'tcp://LOCALHOST:5555' }
    const created = await tui.run('create_session', { client_id, ...given })
    const { session_id } = created
    expect(created).toMatchObject(image)
    for (const command of ['get_session_info', 'restore_session']) {
      expect(await tui.run(command, { session_id })).toMatchObject(image)
    }
    const update = { session_id, state_data: { n: 1 } }
    expect(await tui.run('update_session_state', update)).toMatchObject({ update_successful: true })
    for (const command of ['list_client_sessions', 'list_image_sessions']) {
      const { sessions } = await tui.run(command, { client_id })
      expect(sessions).toMatchObject([{ session_id, ...image }])
    }
    const { sessions } = await tui.run('list_image_sessions', { client_id })
    SOLUTION.SessionMetadata((sessions as Members[])[0], 'session')
  })

  it('images that share a name, a version or an address are apart: each has its own session', async () => {
    const client_id = `shared-${dialect}`
    const made = new Map<string, unknown>()
    for (const [image_id, image] of Object.entries(IMAGES)) {
      const { session_id } = await tui.run('create_session', { client_id, image_id, ...image })
      made.set(image_id, session_id)
    }
    for (const [image_id, session_id] of made) {
      expect(await listed(client_id, image_id)).toEqual([session_id])
      const latest = { client_id, image_id, latest: true }
      expect(await tui.run('restore_session', latest)).toMatchObject({ session_id, image_id })
    }
    const { images } = await tui.run('list_image_sessions', { client_id })
    for (const [image_id, image] of Object.entries(IMAGES)) {
      const told = { image_id, ...image, current_session_id: made.get(image_id) }
      expect(images).toContainEqual(expect.objectContaining(told))
    }
  })

  it('images that are called the same and run at different addresses have names of their own, the same in every answer', async () => {
    const client_id = `same-${dialect}`
    const ids = ['desk', 'laptop'].map((place) => `${place}-${dialect}`)
    const uids: unknown[] = []
    for (const [n, image_id] of ids.entries()) {
      const facts = { name: 'Pharo 12', version: '12.0', address: `tcp://LOCALHOST:700${n}` }
      const { image_uid } = await stage.report(image_id, 'Connected', facts)
      uids.push(image_uid)
      await tui.run('create_session', { client_id, image_id })
    }
    expect(uids).toEqual(Array(2).fill(expect.stringMatching(/^[a-z2-7]{26}$/)))
    expect(new Set(uids).size).toBe(ids.length)
    await stage.heard(1, ids[1])
    await stage.advance(2 * SECOND)
    for (const [n, image_id] of ids.entries()) {
      const told = { image_id, image_uid: uids[n] }
      expect(await tui.run('get_image_connection_status', { image_id })).toMatchObject(told)
      for (const command of ['list_client_sessions', 'list_image_sessions']) {
        const { images } = await tui.run(command, { client_id })
        expect(images).toContainEqual(expect.objectContaining(told))
      }
      const { images } = await tui.run('list_image_sessions', { scope: 'team', image_id })
      expect(images).toMatchObject([told])
    }
    const list = await tui.run('list_client_sessions', { client_id, image_id: ids[0] })
    expect(list.images).toMatchObject([{ image_uid: uids[0] }])
  })

  it('a session that has no image, and an image of which only the id is known, have no such name', async () => {
    const client_id = `nameless-${dialect}`
    await tui.run('create_session', { client_id })
    await tui.run('create_session', { client_id, image_id: `nameless-${dialect}` })
    const { images } = await tui.run('list_client_sessions', { client_id })
    expect((images as Members[]).map(({ image_uid }) => image_uid)).toEqual(['', ''])
  })

  it('an id is compared as it is, to the letter', async () => {
    const client_id = `alike-${dialect}`
    const made = new Map<string, unknown>()
    for (const image_id of ALIKE) {
      const { session_id } = await tui.run('create_session', { client_id, image_id })
      made.set(image_id, session_id)
    }
    for (const image_id of ALIKE) {
      expect(await listed(client_id, image_id)).toEqual([made.get(image_id)])
      const stats = await tui.run('get_image_session_stats', { client_id, image_id })
      expect(stats).toMatchObject({ image_id, total_sessions: 1 })
    }
  })

  it('a session without an image has empty texts in the place of one, and gets one later with its state unchanged', async () => {
    const client_id = `later-${dialect}`
    const state_data = { variables: { n: 1 } }
    const { session_id } = await tui.run('create_session', { client_id, state_data })
    expect(await tui.run('get_session_info', { session_id })).toMatchObject({
      ...NONE,
      image_metadata: {},
    })
    expect(await listed(client_id, '')).toEqual([session_id])
    const image = { image_id: 'later', ...IMAGES.first }
    await tui.run('update_session_state', { session_id, ...image })
    expect(await listed(client_id, '')).toEqual([])
    expect(await listed(client_id, 'later')).toEqual([session_id])
    const restored = await tui.run('restore_session', { session_id })
    expect(restored).toMatchObject({ ...image, session_state: state_data })
  })

  it('an image that starts anew at another address is the same image, and keeps its sessions', async () => {
    const client_id = `again-${dialect}`
    const image_id = `restarted-${dialect}`
    await stage.report(image_id, 'Connected', { address: 'localhost:5555', epoch: 'first' })
    const { session_id } = await tui.run('create_session', { client_id, image_id })
    await stage.report(image_id, 'Connected', { address: 'localhost:6666', epoch: 'second' })
    await stage.advance(2 * SECOND)
    const list = await tui.run('list_image_sessions', { client_id, image_id })
    expect(list).toMatchObject({
      sessions: [{ session_id }],
      images: [{ image_id, address: 'localhost:6666', epoch: 'second' }],
    })
  })

  it('what is no address is refused by name', async () => {
    const asked = { client_id: `none-${dialect}`, image_id: 'x', image_address: 'nowhere' }
    const reply = await tui.ask('create_session', asked)
    expect(reply).toMatchObject({ status: 'error' })
    expect(JSON.stringify(reply)).toContain('image_address')
  })
})
