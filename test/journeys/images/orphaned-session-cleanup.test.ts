// Seed 003, fourth success criterion, Orphaned Session Cleanup: orphaned sessions are identified and can be cleaned up.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../../src/protocol/components.ts'
import { DAY, MINUTE, SECOND } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { PLAN } from '../../support/image-decoders.ts'
import { type ImageStage, startImageStage } from '../../support/image-stage.ts'
import { inTurn, TUI_DIALECTS, type Tui } from '../../support/tui.ts'

/** What no parser that goes through objects gives back. */
const STATE = { note: 'ünïcødé 漢😀', n: 1 }

describe.each(TUI_DIALECTS)('In dialect %s', (dialect) => {
  let stage: ImageStage
  let tui: Tui
  /** Two clients, each with two sessions on an image that goes away, one on an image that stays, one on none. */
  const made: { readonly client_id: string; readonly image_id: string; readonly id: string }[] = []

  beforeAll(async () => {
    stage = await startImageStage()
    tui = stage.tui(dialect)
    for (const client_id of ['ann', 'bob']) {
      for (const image_id of ['gone', 'gone', 'here', '']) {
        await stage.advance(SECOND)
        const asked = {
          client_id,
          image_id,
          state_data: STATE,
          object_registry: { o1: { image_id } },
        }
        const { session_id } = await tui.run('create_session', asked)
        made.push({ client_id, image_id, id: String(session_id) })
      }
    }
    await stage.heard(made.length)
    await stage.report('gone')
    await stage.report('gone', 'Disconnected')
    await stage.advance(5 * MINUTE)
    await stage.report('here')
  })

  afterAll(() => stage[Symbol.asyncDispose]())

  const on = (image_id: string, client_id?: string) =>
    made
      .filter((one) => one.image_id === image_id && (client_id ?? one.client_id) === one.client_id)
      .map(({ id }) => id)
      .sort()

  /** Everything that is told of a session, but for the time that passes. */
  const told = async (session_id: string) => {
    const { time_until_expiry: _, ...info } = await tui.run('get_session_info', { session_id })
    return info
  }

  const cleaned = async (parameters: Members) => {
    const answer = await tui.run('cleanup_image_sessions', { image_id: 'gone', ...parameters })
    PLAN.CleanupImageSessionsResponse(answer, 'cleanup')
    const { cleanup_details, sessions_remaining } = answer
    return [Object.keys(cleanup_details as Members).sort(), sessions_remaining]
  }

  it('orphaned sessions are known as such wherever they are told of, and the others are not', async () => {
    for (const { client_id, image_id, id: session_id } of made) {
      const orphaned = image_id === 'gone'
      expect(await tui.run('get_session_info', { session_id })).toMatchObject({ orphaned })
      for (const command of ['list_client_sessions', 'list_image_sessions']) {
        const { sessions } = await tui.run(command, { client_id })
        expect(sessions).toContainEqual(expect.objectContaining({ session_id, orphaned }))
      }
    }
    const list = await tui.run('list_image_sessions', { scope: 'team' })
    expect(list).toMatchObject({ total_count: 8, orphaned_count: 4 })
    expect(await tui.run('get_session_statistics')).toMatchObject({ orphaned_sessions: 4 })
    const stats = { client_id: 'ann', image_id: 'gone' }
    expect(await tui.run('get_image_session_stats', stats)).toMatchObject({ orphaned_sessions: 2 })
    const without = await tui.run('list_image_sessions', {
      client_id: 'ann',
      include_orphaned: false,
    })
    expect(without).toMatchObject({ total_count: 2, orphaned_count: 0 })
  })

  it('a trial names what would go, and touches nothing', async () => {
    const ids = made.map(({ id }) => id)
    const before = await inTurn(ids, told)
    const trial = { dry_run: true }
    expect(await cleaned({ client_id: 'ann', ...trial })).toEqual([on('gone', 'ann'), 0])
    expect(await cleaned({ scope: 'team', ...trial })).toEqual([on('gone'), 0])
    expect(await cleaned({ image_id: 'here', scope: 'team', ...trial })).toEqual([[], 2])
    expect(await cleaned({ image_id: '', scope: 'team', ...trial })).toEqual([[], 2])
    expect(await inTurn(ids, told)).toEqual(before)
  })

  it('a developer cleans up for oneself, an admin for the team, and each a second time for nothing', async () => {
    const others = made.filter(({ image_id }) => image_id !== 'gone').map(({ id }) => id)
    const before = await inTurn([...others, ...on('gone', 'bob')], told)
    expect(await cleaned({ client_id: 'ann' })).toEqual([on('gone', 'ann'), 0])
    expect(await inTurn([...others, ...on('gone', 'bob')], told)).toEqual(before)
    expect(await cleaned({ scope: 'team' })).toEqual([on('gone', 'bob'), 0])
    expect(await inTurn(others, told)).toEqual(before.slice(0, others.length))
    expect(await cleaned({ client_id: 'ann' })).toEqual([[], 0])
    expect(await cleaned({ scope: 'team' })).toEqual([[], 0])
    await stage.heard(4)
    expect(await tui.run('get_session_statistics')).toMatchObject({
      total_sessions: 8,
      closed_sessions: 4,
      orphaned_sessions: 0,
    })
  })

  it('what was cleaned up is closed, refused with the way back, and comes back to the letter until retention ends', async () => {
    await stage.advance(30 * DAY - MINUTE)
    for (const session_id of on('gone')) {
      const refused = await tui.ask('restore_session', { session_id })
      expect(refused).toMatchObject({ status: 'error' })
      expect(JSON.stringify(refused)).toContain('session_closed')
      const revived = await tui.texts('restore_session', { session_id, revive: true })
      const texts = COMPONENTS.filter((name) => revived.get(name) !== '{}' && revived.has(name))
      expect(Object.fromEntries(texts.map((name) => [name, revived.get(name)]))).toMatchObject({
        session_state: JSON.stringify(STATE),
        object_registry: '{"o1":{"image_id":"gone"}}',
      })
      expect(await tui.run('get_session_info', { session_id })).toMatchObject({ is_active: true })
    }
  })
})
