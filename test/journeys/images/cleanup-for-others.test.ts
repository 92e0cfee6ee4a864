// An image that one member's bridge reports gone, with sessions of another one on it: what an admin's list calls orphaned is
// what an admin's cleanup closes. A member is told less, and cleans up less, by the word of others.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedClock, MINUTE } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { settingsOf } from '../../support/identity-stack.ts'
import { type ImageStage, STAGE_START, startImageStage } from '../../support/image-stage.ts'
import { startTestApi, type TestApi } from '../../support/stui-api.ts'
import type { Tui } from '../../support/tui.ts'

const IMAGE = { image_id: 'dies' }

let api: TestApi
let stage: ImageStage
let enzo: Tui
let frida: Tui
let session_id: string
/** Frida's session on another image, and one of enzo's own on the one that dies. */
let other: string
let enzos: string

beforeAll(async () => {
  api = await startTestApi({ clock: fixedClock(STAGE_START) })
  const token = await api.issueToken('enzo')
  stage = await startImageStage({ settings: settingsOf(api, 'jwt'), token })
  enzo = stage.tui('A')
  frida = stage.tui('A', await api.issueToken('frida'))
  const open = async (tui: Tui, client_id: string, image_id: string) => {
    const given = { client_id, image_id, state_data: { by: client_id } }
    return String((await tui.run('create_session', given)).session_id)
  }
  await stage.report('dies')
  session_id = await open(frida, 'frida-desk', 'dies')
  other = await open(frida, 'frida-desk', 'lives')
  enzos = await open(enzo, 'enzo-desk', 'dies')
  await stage.heard(3)
  await stage.report('dies', 'Disconnected')
  await stage.advance(6 * MINUTE)
  await stage.report('lives')
})

afterAll(async () => {
  await stage[Symbol.asyncDispose]()
  await api.stop()
})

const listed = async (tui: Tui, parameters: Members) => {
  const { sessions, orphaned_count } = await tui.run('list_image_sessions', parameters)
  const told = (sessions as Members[]).map((session) => [
    session.session_id,
    `${session.orphaned} ${session.seen_by}`,
  ])
  return { orphaned_count, told: Object.fromEntries(told) as Members }
}

const cleanup = (tui: Tui, parameters: Members) =>
  tui.run('cleanup_image_sessions', { ...IMAGE, ...parameters })

describe('An image that the bridge of an admin reports gone, with sessions of a member on it', () => {
  it('is orphaned for the admin of the team, who is told by whose word, and not for the member', async () => {
    expect(await listed(enzo, { scope: 'team' })).toEqual({
      orphaned_count: 2,
      told: { [session_id]: 'true others', [enzos]: 'true owner', [other]: 'false others' },
    })
    for (const tui of [frida, enzo]) {
      expect(await listed(tui, { client_id: 'frida-desk' })).toEqual({
        orphaned_count: 0,
        told: { [session_id]: 'false others', [other]: 'false others' },
      })
    }
  })

  it('is nothing that the member would clean up, as for the member nothing is orphaned', async () => {
    for (const tui of [frida, enzo]) {
      const answer = await cleanup(tui, { client_id: 'frida-desk', dry_run: true })
      expect(answer).toMatchObject({ sessions_cleaned: 0, sessions_remaining: 1 })
    }
  })

  it('is cleaned up for the team as the list of the team says: in a trial, then for good', async () => {
    const details = { [session_id]: 'orphaned', [enzos]: 'orphaned' }
    const trial = await cleanup(enzo, { scope: 'team', dry_run: true })
    expect(trial).toMatchObject({ sessions_cleaned: 2, cleanup_details: details, dry_run: true })
    expect(await listed(enzo, { scope: 'team' })).toMatchObject({ orphaned_count: 2 })
    const done = await cleanup(enzo, { scope: 'team' })
    expect(done).toMatchObject({ sessions_cleaned: 2, cleanup_details: details, dry_run: false })
    expect(done.missed_clients).toBeUndefined()
    await stage.heard(0, 'dies')
    expect((await listed(enzo, { scope: 'team' })).orphaned_count).toBe(0)
  })

  it('takes nothing from anybody: the member sees who did it and by whose word, and brings the session back', async () => {
    const { entries } = await frida.run('get_audit_log', { client_id: 'frida-desk' })
    const rows = (entries as Members[]).filter(({ action }) => action === 'image_cleaned')
    expect(rows).toMatchObject([
      { session_id, detail: { ...IMAGE, reason: 'orphaned', seen_by: 'others' } },
    ])
    expect(await frida.run('get_session_info', { session_id: other })).toMatchObject({
      is_active: true,
    })
    const revived = await frida.run('restore_session', { session_id, revive: true })
    expect(revived).toMatchObject({ session_state: { by: 'frida-desk' } })
  })

  it('is counted in the statistics of the team', async () => {
    const { cleaned } = await frida.run('get_session_statistics')
    expect(cleaned).toMatchObject({ expired: 0, deleted: 0, closed: 2, orphaned: 2 })
    const stats = await enzo.run('get_image_session_stats', { ...IMAGE, scope: 'team' })
    expect(stats.cleaned).toEqual(cleaned)
  })
})

describe('A member', () => {
  it('cannot have a message say how the images are', async () => {
    const image = { ...IMAGE, reported_status: 'Disconnected', last_seen: 0, last_report: 0 }
    const headers = { authorization: `Bearer ${await api.issueToken('frida')}` }
    const parameters = { ...IMAGE, client_id: 'frida-desk', dry_run: true, images: [image] }
    const response = await fetch(`${stage.url}/v1/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ command: 'cleanup_image_sessions', images: [image], parameters }),
    })
    expect(await response.json()).toMatchObject({ result: { sessions_cleaned: 0 } })
  })

  it('cannot clean up for the team', async () => {
    const reply = await frida.ask('cleanup_image_sessions', { ...IMAGE, scope: 'team' })
    expect(reply).toMatchObject({ status: 'error', error_code: 'forbidden' })
  })
})
