// Seed 003, sixth success criterion, User Experience: clear UI for managing multiple image sessions. What the TUI needs for
// it is here: names, one answer for a whole screen, a preview before anything goes, and a way on from every refusal.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedClock, MINUTE, SECOND } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { settingsOf } from '../../support/identity-stack.ts'
import { type ImageStage, STAGE_START, startImageStage } from '../../support/image-stage.ts'
import { startTestApi, type TestApi } from '../../support/stui-api.ts'
import { inTurn, refusalOf, TUI_DIALECTS, type Tui } from '../../support/tui.ts'

/** More clients than one step of a team's cleanup visits. */
const DESKS = Array.from({ length: 23 }, (_, n) => `desk-${String(n).padStart(2, '0')}`)

let api: TestApi
let stage: ImageStage

beforeAll(async () => {
  api = await startTestApi({ clock: fixedClock(STAGE_START) })
  const settings = { ...settingsOf(api, 'jwt'), STUI_DENIED_CLIENTS: 'denied' }
  stage = await startImageStage({ settings, token: await api.issueToken('enzo') })
})

afterAll(async () => {
  await stage[Symbol.asyncDispose]()
  await api.stop()
})

describe.each(TUI_DIALECTS)('In dialect %s', (dialect) => {
  const image_id = `pharo-${dialect}`
  const client_id = `frida-${dialect}`
  let admin: Tui
  let member: Tui

  beforeAll(async () => {
    admin = stage.tui(dialect)
    member = stage.tui(dialect, await api.issueToken('frida'))
    await stage.report(image_id, 'Connected', { name: 'Pharo 12', version: '12.0' })
    const gone = { image_id: `gone-${dialect}`, status: 'Disconnected', name: 'Squeak' }
    await member.run('report_image_status', gone)
    const image = { image_id, image_address: 'localhost:5555' }
    await member.run('create_session', { client_id, name: 'parser', ...image })
    await member.run('create_session', { client_id, name: 'parser tests', ...image })
    await member.run('create_session', { client_id, image_id: `gone-${dialect}`, name: 'old' })
    await member.run('create_session', { client_id, name: 'notes' })
    await stage.advance(2 * SECOND)
  })

  it('one answer is a whole screen: names for people, every session under its image, and where to go on', async () => {
    const { sessions, images } = (await member.run('list_image_sessions', { client_id })) as {
      readonly [name: string]: readonly Members[]
    }
    expect(sessions?.map(({ name }) => name)).toEqual(['notes', 'old', 'parser tests', 'parser'])
    const group = new Map(images?.map((image) => [image.image_id, image]))
    for (const session of sessions ?? []) {
      if (session.image_id !== '') expect(group.has(session.image_id)).toBe(true)
    }
    expect(group.get(image_id)).toMatchObject({
      image_name: 'Pharo 12',
      image_version: '12.0',
      connection_status: 'Connected',
      current_session_id: sessions?.find(({ name }) => name === 'parser tests')?.session_id,
    })
    expect(group.get(`gone-${dialect}`)).toMatchObject({
      image_name: 'Squeak',
      connection_status: 'Disconnected',
    })
  })

  const REFUSED: readonly (readonly [string, string, Members])[] = [
    ['missing_parameter', 'list_image_sessions', {}],
    ['missing_parameter', 'get_image_session_stats', { client_id }],
    ['missing_parameter', 'cleanup_image_sessions', { image_id }],
    ['missing_parameter', 'get_image_connection_status', {}],
    ['missing_parameter', 'report_image_status', { image_id }],
    ['invalid_parameter', 'list_image_sessions', { client_id, limit: 0 }],
    ['invalid_parameter', 'list_image_sessions', { client_id, cursor: 'x' }],
    ['invalid_parameter', 'list_image_sessions', { client_id, include_orphaned: 'yes' }],
    ['invalid_parameter', 'get_image_session_stats', { client_id, image_id: 5 }],
    ['invalid_parameter', 'cleanup_image_sessions', { client_id, image_id: '*' }],
    ['invalid_parameter', 'cleanup_image_sessions', { client_id, image_id, max_age_hours: -1 }],
    ['invalid_parameter', 'get_image_connection_status', { image_id: '' }],
    ['invalid_parameter', 'report_image_status', { image_id, status: 'Asleep' }],
    [
      'invalid_parameter',
      'report_image_status',
      { image_id, status: 'Connected', address: 'nowhere' },
    ],
    ['missing_parameter', 'switch_image_context', { client_id, from_image_id: image_id }],
    [
      'invalid_parameter',
      'switch_image_context',
      { client_id, from_image_id: image_id, to_image_id: image_id },
    ],
    [
      'session_not_found',
      'switch_image_context',
      { client_id, from_image_id: 'nobody knows', to_image_id: image_id },
    ],
    [
      'invalid_client_id',
      'switch_image_context',
      { client_id: '-', from_image_id: image_id, to_image_id: 'x' },
    ],
    ['invalid_client_id', 'list_image_sessions', { client_id: '-' }],
    ['invalid_client_id', 'get_image_session_stats', { client_id: '-', image_id }],
    ['invalid_client_id', 'cleanup_image_sessions', { client_id: '-', image_id }],
    ['forbidden', 'list_image_sessions', { scope: 'team' }],
    ['forbidden', 'get_image_session_stats', { scope: 'team', image_id }],
    ['forbidden', 'cleanup_image_sessions', { scope: 'team', image_id }],
  ]

  it.each(REFUSED)(
    'the refusal %s of %s offers a way on that can be gone: %j',
    async (error_code, command, parameters) => {
      const refused = await member.ask(command, parameters)
      expect(refusalOf(refused).error_code).toBe(error_code)
      const recovery = refusalOf(refused).recovery
      expect(recovery).not.toEqual([])
      for (const way of recovery) {
        expect(way.label).toMatch(/^[A-Z]/)
        await member.run(way.command, way.parameters)
      }
    }
  )

  it('a refusal that no other message undoes says what to change, and changed it is taken', async () => {
    const asked = { image_id, client_id, dry_run: true }
    const denied = await member.ask('cleanup_image_sessions', { ...asked, client_id: 'denied' })
    expect(refusalOf(denied).error_code).toBe('client_not_allowed')
    expect(refusalOf(denied).text).toContain('Use a client id of your own')
    await member.run('cleanup_image_sessions', asked)
  })

  it('a cleanup is previewed to the letter, and the session that it closed says how it comes back', async () => {
    await stage.advance(5 * MINUTE)
    const asked = { client_id, image_id: `gone-${dialect}`, preserve_active: false }
    const preview = await member.run('cleanup_image_sessions', { ...asked, dry_run: true })
    const done = await member.run('cleanup_image_sessions', asked)
    expect(done).toEqual({ ...preview, dry_run: false })
    expect(Object.values(done.cleanup_details as Members)).toEqual(['orphaned'])
    const [session_id] = Object.keys(done.cleanup_details as Members)
    const refused = await member.ask('update_session_state', { session_id, state_data: {} })
    expect(refusalOf(refused).error_code).toBe('session_closed')
    expect(refusalOf(refused).text).toContain(String(done.restorable_until))
    const told = await inTurn(refusalOf(refused).recovery, (way) =>
      member.run(way.command, way.parameters)
    )
    expect(told).toMatchObject([{ session_id, is_active: true }])
  })

  it('a cleanup of the whole team goes in steps that say how far it is', async () => {
    const away = `away-${dialect}`
    for (const desk of DESKS) {
      await member.run('create_session', { client_id: `${desk}-${dialect}`, image_id: away })
    }
    await stage.heard(DESKS.length, away)
    const asked = { scope: 'team', image_id: away, preserve_active: false, force: true }
    const steps: Members[] = []
    for (let cursor: unknown = undefined; cursor !== ''; cursor = steps.at(-1)?.next_cursor) {
      const step = cursor === undefined ? asked : { ...asked, cursor }
      steps.push(await admin.run('cleanup_image_sessions', step))
    }
    expect(steps.map(({ sessions_cleaned }) => sessions_cleaned)).toEqual([20, 3])
    expect(steps.map(({ sessions_remaining }) => sessions_remaining)).toEqual([0, 0])
  })
})
