// Seed 003, second success criterion, Multi-Image Management: multiple image connections can be managed simultaneously.
// Three images, a real bridge and a real Worker process.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SECOND } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { type DeskTui, type ImageDesk, startImageDesk } from '../../support/image-desk.ts'
import { type ImageStage, startImageStage } from '../../support/image-stage.ts'
import { inTurn, TUI_DIALECTS } from '../../support/tui.ts'

const NAMES = ['pharo', 'squeak', 'cuis'] as const

let stage: ImageStage
let desk: ImageDesk<(typeof NAMES)[number]>

beforeAll(async () => {
  stage = await startImageStage()
  desk = await startImageDesk(stage.url, NAMES)
  for (const name of NAMES) await stage.until(name, 'Connected')
})

afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  await stage[Symbol.asyncDispose]()
})

describe.each(TUI_DIALECTS)('To a TUI that speaks dialect %s', (dialect) => {
  let tui: DeskTui

  beforeAll(() => {
    tui = desk.tui(dialect)
  })

  /** Two sessions on each image, the second of them used last. */
  async function begin(client_id: string) {
    const made: [string, string, string][] = []
    for (const image_id of NAMES) {
      const ids: string[] = []
      for (const n of [1, 2]) {
        await stage.advance(SECOND)
        const asked = { client_id, image_id, name: `${image_id} ${n}`, state_data: { n } }
        ids.push(String((await tui.run('create_session', asked)).session_id))
      }
      made.push([image_id, ids[0] ?? '', ids[1] ?? ''])
    }
    await stage.advance(2 * SECOND)
    return made
  }

  it('one answer shows every image, connected, with its sessions and the one to go on with', async () => {
    const client_id = `shown-${dialect}`
    const made = await begin(client_id)
    const { sessions, images } = await tui.run('list_image_sessions', { client_id })
    for (const [image_id, first, second] of made) {
      expect(images).toContainEqual(
        expect.objectContaining({
          image_id,
          status: 'Connected',
          address: desk.images[image_id as (typeof NAMES)[number]].address.replace('tcp://', ''),
          current_session_id: second,
        })
      )
      const group = (sessions as Members[]).filter((session) => session.image_id === image_id)
      expect(group.map(({ session_id }) => session_id)).toEqual([second, first])
    }
    expect(images).toHaveLength(NAMES.length)
  })

  it('all images work at the same time, each on the messages of its own sessions', async () => {
    const made = await begin(`working-${dialect}`)
    const others = NAMES.map(() => desk.tui(dialect))
    await Promise.all(
      made.map(async ([image_id, first, second], index) => {
        const mine = others[index] ?? tui
        for (let n = 0; n < 5; n += 1) {
          const id = `${dialect}-${image_id}-${n}`
          await mine.evaluate(n % 2 === 0 ? first : second, id)
        }
      })
    )
    for (const name of NAMES) {
      const ran = [...desk.images[name].executions().keys()].filter((id) =>
        id.includes(`"${dialect}-`)
      )
      expect(ran.sort()).toEqual([0, 1, 2, 3, 4].map((n) => `"${dialect}-${name}-${n}"`))
    }
  })

  it('work on one image changes nothing of the sessions of another', async () => {
    const made = await begin(`apart-${dialect}`)
    const [changed, ...untouched] = made
    const info = async (session_id: string) => {
      const { time_until_expiry: _, ...told } = await tui.run('get_session_info', { session_id })
      return told
    }
    const ids = untouched.flatMap(([, ...session_ids]) => session_ids)
    const before = await inTurn(ids, info)
    const session_id = changed?.[1]
    await tui.run('update_session_state', { session_id, workspace_context: { code: 'x := 1' } })
    await tui.run('close_session', { session_id: changed?.[2] })
    expect(await inTurn(ids, info)).toEqual(before)
  })

  it('a session goes over to another image, its work with it, and its messages go there from then on', async () => {
    const client_id = `moved-${dialect}`
    const state_data = { n: 1 }
    const begun = await tui.run('create_session', { client_id, image_id: 'pharo', state_data })
    const { session_id } = begun
    await tui.evaluate(session_id, `${dialect}-before`)
    const moved = { from_image_id: 'pharo', to_image_id: 'cuis' }
    const told = await tui.run('switch_image_context', { session_id, ...moved })
    expect(told).toMatchObject({ ...moved, session_id, context_preserved: true })
    await tui.evaluate(session_id, `${dialect}-after`)
    const ran = NAMES.map((name) => [...desk.images[name].executions().keys()])
    expect(ran.map((ids) => ids.includes(`"${dialect}-before"`))).toEqual([true, false, false])
    expect(ran.map((ids) => ids.includes(`"${dialect}-after"`))).toEqual([false, false, true])
    const restored = await tui.run('restore_session', { session_id })
    expect(restored).toMatchObject({ image_id: 'cuis', session_state: state_data })
    for (const [image_id, total_count] of [
      ['pharo', 0],
      ['cuis', 1],
    ]) {
      const list = await tui.run('list_image_sessions', { client_id, image_id })
      expect(list).toMatchObject({ total_count })
    }
  })

  it('the sums of all images are those of each, and another developer is counted, not shown', async () => {
    const client_id = `summed-${dialect}`
    await begin(client_id)
    const [everything, ...each] = await inTurn(['*', ...NAMES], (image_id) =>
      tui.run('get_image_session_stats', { client_id, image_id })
    )
    for (const name of ['total_sessions', 'active_sessions', 'total_context_size']) {
      expect(each.reduce((sum, stats) => sum + Number(stats[name]), 0)).toBe(everything?.[name])
    }
    expect(everything).toMatchObject({ total_sessions: 6 })
    const other = { client_id: `other-${dialect}` }
    const { session_id } = await tui.run('create_session', other)
    const list = await tui.run('list_image_sessions', other)
    expect(list).toMatchObject({ sessions: [{ session_id, image_id: '' }], total_count: 1 })
    expect((list.images as Members[]).map(({ image_id }) => image_id).sort()).toEqual(
      [...NAMES].sort()
    )
    for (const { session_count } of list.images as Members[]) {
      expect(session_count).toBeGreaterThanOrEqual(2)
    }
  })
})
