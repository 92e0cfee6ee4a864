// Seed 003, third success criterion, Disconnection Handling: image disconnections are detected and handled gracefully.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { PLAN, SOLUTION } from '../../support/image-decoders.ts'
import { type DeskTui, type ImageDesk, startImageDesk } from '../../support/image-desk.ts'
import { type ImageStage, startImageStage } from '../../support/image-stage.ts'
import { TUI_DIALECTS } from '../../support/tui.ts'

/** The bridge says nothing by the clock, so that what is heard is heard at once. */
const ONLY_CHANGES = HOUR

let stage: ImageStage

beforeAll(async () => {
  stage = await startImageStage()
})

afterAll(() => stage[Symbol.asyncDispose]())

describe.each(TUI_DIALECTS)(
  'An image whose bridge falls silent, asked in dialect %s',
  (dialect) => {
    const image_id = `silent-${dialect}`

    const told = async () => {
      const answer = await stage.tui(dialect).run('get_image_connection_status', { image_id })
      PLAN.ImageConnectionStatus(answer, 'status')
      SOLUTION.ImageConnectionStatus(answer, 'status')
      const { status, image_status, connection_status, connection_health } = answer
      return [status, image_status, connection_status, connection_health].join(' ')
    }

    const HERE = 'Connected Connected Connected Healthy'
    const LATE = 'Connected Connected Reconnecting Warning'
    const AWAY = 'Disconnected Disconnected Disconnected Critical'
    const ORPHANED = 'Disconnected Orphaned Disconnected Critical'

    it('is reconnecting after two missed reports, disconnected after 30 s, orphaned after 300 s', async () => {
      await stage.report(image_id, 'Connected', { round_trip_ms: 4 })
      for (const [milliseconds, expected] of [
        [10 * SECOND, HERE],
        [1, LATE],
        [20 * SECOND - 2, LATE],
        [1, AWAY],
        [270 * SECOND - 1, AWAY],
        [1, ORPHANED],
      ] as const) {
        await stage.advance(milliseconds)
        expect(await told()).toBe(expected)
      }
    })

    it('is connected again with its first report, however long it was away', async () => {
      await stage.advance(60 * MINUTE)
      await stage.report(image_id, 'Connected', { round_trip_ms: 4 })
      expect(await told()).toBe(HERE)
    })
  }
)

describe.each(TUI_DIALECTS)(
  'An image that is killed at the desk of a TUI that speaks %s',
  (dialect) => {
    const client_id = `desk-${dialect}`
    const image_id = `killed-${dialect}`
    let desk: ImageDesk<string>
    let tui: DeskTui
    let session_id: string

    const listed = async () => {
      await stage.advance(2 * SECOND)
      const { sessions, images } = await tui.run('list_image_sessions', { client_id, image_id })
      const [session, image] = [(sessions as Members[])[0], (images as Members[])[0]]
      expect(session).toMatchObject({ session_id })
      return [session?.connection_status, session?.orphaned, image?.status, image?.session_count]
    }

    beforeAll(async () => {
      desk = await startImageDesk(stage.url, [image_id], ONLY_CHANGES)
      tui = desk.tui(dialect)
      await stage.until(image_id, 'Connected')
      const created = await tui.run('create_session', { client_id, image_id, state_data: { n: 1 } })
      session_id = String(created.session_id)
    })

    afterAll(() => desk[Symbol.asyncDispose]())

    it('is seen to be gone at once, and its session stays active', async () => {
      expect(await listed()).toEqual(['Connected', false, 'Connected', 1])
      await desk.images[image_id]?.kill()
      await stage.until(image_id, 'Disconnected')
      expect(await listed()).toEqual(['Disconnected', false, 'Disconnected', 1])
    })

    it('keeps nobody from going on: work is saved, loaded and shown while it is away', async () => {
      await tui.run('update_session_state', { session_id, state_data: { n: 2 } })
      const state = { session_state: { n: 2 } }
      expect(await tui.run('restore_session', { session_id })).toMatchObject(state)
      expect(await tui.run('load_context', { session_id })).toMatchObject(state)
      const list = { client_id, image_id, include_disconnected: false }
      expect(await tui.run('list_image_sessions', list)).toMatchObject({ sessions: [], images: [] })
    })

    it('is told to whoever sends it work, as an error that says that nothing ran', async () => {
      const reply = JSON.parse(String(await tui.evaluate(session_id, `${dialect}-away`)))
      expect(reply).toMatchObject({
        error_code: 'image_unreachable',
        details: { image: image_id, may_have_run: false },
      })
    })

    it('makes its session orphaned after the grace time, and no less usable', async () => {
      await stage.advance(5 * MINUTE)
      expect(await listed()).toEqual(['Disconnected', true, 'Disconnected', 1])
      expect(await tui.run('get_session_info', { session_id })).toMatchObject({
        orphaned: true,
        is_active: true,
        status: 'active',
      })
      await tui.run('update_session_state', { session_id, state_data: { n: 3 } })
    })

    it('takes work again when it is back, and nothing is orphaned any more', async () => {
      await desk.images[image_id]?.start()
      await stage.until(image_id, 'Connected')
      expect(await listed()).toEqual(['Connected', false, 'Connected', 1])
      await tui.evaluate(session_id, `${dialect}-back`)
      expect([...(desk.images[image_id]?.executions().keys() ?? [])]).toEqual([`"${dialect}-back"`])
      expect(await tui.run('restore_session', { session_id })).toMatchObject({
        session_state: { n: 3 },
      })
    })
  }
)
