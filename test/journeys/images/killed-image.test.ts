// An image is killed while several developers work on it and on another one. What is orphaned is found, tried, cleaned up
// and brought back; nobody else's session is touched.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE } from '../../support/fixed-clock.ts'
import type { Members } from '../../support/fixtures.ts'
import { type ImageDesk, startImageDesk } from '../../support/image-desk.ts'
import { type ImageLoad, startImageLoad, type Work } from '../../support/image-load.ts'
import { type ImageStage, startImageStage } from '../../support/image-stage.ts'
import { inTurn, TUI_DIALECTS, type Tui } from '../../support/tui.ts'

const IMAGES = ['dies', 'lives'] as const
type ImageName = (typeof IMAGES)[number]

const CLIENTS = ['ann', 'bob', 'cleo']

/** Another developer on the image that lives, one of the same developers, and a session on no image. */
const BYSTANDERS = [
  { client_id: 'dora', image_id: 'lives' },
  { client_id: 'ann', image_id: 'lives' },
  { client_id: 'ann' },
]

let stage: ImageStage
let desk: ImageDesk<ImageName>
let admin: Tui
let works: Work[]
let load: ImageLoad

/** Sessions that nobody uses meanwhile, and what was told of them before. */
let bystanders: string[]
let before: Members[]

beforeAll(async () => {
  stage = await startImageStage()
  desk = await startImageDesk(stage.url, IMAGES)
  admin = stage.tui('A')
  for (const name of IMAGES) await stage.until(name, 'Connected')
  const planned = CLIENTS.flatMap((client_id) =>
    IMAGES.map((image_id) => ({ client_id, image_id }))
  )
  works = await inTurn(planned, async (one) => {
    const tui = desk.tui(TUI_DIALECTS[planned.indexOf(one) % TUI_DIALECTS.length] ?? 'A')
    const { session_id, revision } = await tui.run('create_session', one)
    return { ...one, tui, session_id: String(session_id), saved: '{}', revision }
  })
  bystanders = await inTurn(BYSTANDERS, async (one) => {
    const given = { ...one, state_data: { n: 1 }, object_registry: { o1: {} } }
    return String((await admin.run('create_session', given)).session_id)
  })
  before = await inTurn(bystanders, told)
  await stage.heard(works.length + bystanders.length)
  load = startImageLoad(works)
})

afterAll(async () => {
  await load.stop()
  await desk[Symbol.asyncDispose]()
  await stage[Symbol.asyncDispose]()
})

/** Everything that is told of a session, but for the time that passes. */
async function told(session_id: string): Promise<Members> {
  const { time_until_expiry: _, ...info } = await admin.run('get_session_info', { session_id })
  return info
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const idsOn = (image_id: ImageName) =>
  works
    .filter((one) => one.image_id === image_id)
    .map(({ session_id }) => session_id)
    .sort()

const cleanup = (parameters: Members) =>
  admin.run('cleanup_image_sessions', {
    image_id: 'dies',
    scope: 'team',
    preserve_active: false,
    ...parameters,
  })

describe('An image that is killed under load', () => {
  it('leaves its sessions orphaned after the grace time, and those of the other image as they are', async () => {
    await load.saved(3)
    await desk.images.dies.kill()
    await stage.until('dies', 'Disconnected')
    await load.saved(3)
    await stage.advance(5 * MINUTE)
    await stage.until('lives', 'Connected')
    const { sessions, orphaned_count } = await admin.run('list_image_sessions', { scope: 'team' })
    const orphans = (sessions as Members[]).filter(({ orphaned }) => orphaned === true)
    expect(orphans.map(({ session_id }) => session_id).sort()).toEqual(idsOn('dies'))
    expect(orphaned_count).toBe(CLIENTS.length)
    for (const client_id of CLIENTS) {
      const list = await admin.run('list_image_sessions', { client_id })
      expect(list).toMatchObject({ orphaned_count: 1 })
    }
    await load.saved(3)
    expect(load.refused).toEqual([])
  })

  it('is cleaned up after by name: first as a trial that keeps nobody from working, then for good', async () => {
    const spared = await cleanup({ preserve_active: true })
    expect(spared).toMatchObject({ sessions_cleaned: 0, sessions_remaining: 3 })
    const trial = await cleanup({ dry_run: true })
    const details = Object.fromEntries(idsOn('dies').map((id) => [id, 'orphaned']))
    expect(trial).toMatchObject({ sessions_cleaned: 3, cleanup_details: details, dry_run: true })
    await load.saved(3)
    expect(load.refused).toEqual([])
    const done = await cleanup({})
    expect(done).toMatchObject({ sessions_cleaned: 3, sessions_remaining: 0, dry_run: false })
    expect(done.cleanup_details).toEqual(trial.cleanup_details)
    await load.saved(3)
    expect(load.refused.map(({ session_id }) => session_id).sort()).toEqual(idsOn('dies'))
    for (const reply of load.refused) expect(JSON.stringify(reply)).toContain('session_closed')
  })

  it('touched no session of another image or client, and lost nothing that was acknowledged', async () => {
    await load.stop()
    for (const { session_id, image_id, tui, saved: text, revision } of works) {
      const status = image_id === 'lives' ? 'active' : 'closed'
      const info = await tui.run('get_session_info', { session_id })
      expect(info).toMatchObject({ status, revision, image_id })
      expect(info.components).toMatchObject({ session_state: { sha256: sha256(text) } })
    }
    expect(await inTurn(bystanders, told)).toEqual(before)
  })

  it('keeps what it was working on: a revived session is as its developer left it, and the others stay closed', async () => {
    const [revived, ...others] = works.filter(({ image_id }) => image_id === 'dies')
    if (revived === undefined) throw new Error('nobody worked on the image')
    const { session_id, tui } = revived
    const texts = await tui.texts('restore_session', { session_id, revive: true })
    expect(texts.get('session_state')).toBe(revived.saved)
    expect(await tui.run('get_session_info', { session_id })).toMatchObject({ is_active: true })
    for (const other of others) {
      const info = await other.tui.run('get_session_info', { session_id: other.session_id })
      expect(info).toMatchObject({ status: 'closed', revision: other.revision })
    }
    await desk.images.dies.start()
    await stage.until('dies', 'Connected')
    await tui.evaluate(session_id, 'again')
    expect(desk.images.dies.executions().get('"again"')).toBe(1)
  })
})
