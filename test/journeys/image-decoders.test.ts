// STUI's documents describe images in two ways that contradict each other. Whatever we answer, both can read it, in each of
// the dialects that the TUI speaks.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { type LocalWorker, startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import type { Members } from '../support/fixtures.ts'
import { PLAN, SOLUTION } from '../support/image-decoders.ts'
import { createTui, overHttp, TUI_DIALECTS, type Tui } from '../support/tui.ts'

const CLIENT = { client_id: 'decoded' }
const TEAM = { scope: 'team' }

const IMAGES = ['full', 'bare', 'failed', 'unreported', 'nobody knows']

const ASKED: readonly (readonly [string, Members])[] = [
  ['every image of a client', CLIENT],
  ['every image of the team', TEAM],
  ...['full', 'bare', 'unreported', 'nobody knows', ''].flatMap((image_id) => [
    [`the image "${image_id}" of a client`, { ...CLIENT, image_id }] as const,
    [`the image "${image_id}" of the team`, { ...TEAM, image_id }] as const,
  ]),
]

/** From which image to which, and how. */
const SWITCHES: readonly (readonly [string, string, string, Members])[] = [
  ['a trial', 'full', 'bare', { dry_run: true }],
  ['for good', 'full', 'bare', {}],
  ['back again', 'bare', 'full', {}],
  ['to an image that nobody knows', 'unreported', 'new', { dry_run: true }],
  ['without the context', 'unreported', 'full', { preserve_context: false, dry_run: true }],
]

let worker: LocalWorker
let sessionWithoutImage = ''

beforeAll(async () => {
  worker = await startLocalWorker({
    script: await buildWorker(),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    settings: { STUI_COMMANDS_PER_MINUTE: '100000', STUI_COMMAND_BURST: '100000' },
  })
  const { run } = createTui('A', overHttp(worker.url))
  const image = { image_id: 'full', name: 'Pharo 12', version: '12.0', metadata: { vm: 'Cog' } }
  await run('report_image_status', {
    ...image,
    status: 'Connected',
    address: 'tcp://[::1]:5555',
    classes: ['Point'],
  })
  await run('report_image_status', {
    image_id: 'bare',
    status: 'Disconnected',
    classes: ['Object'],
  })
  await run('report_image_status', { image_id: 'failed', status: 'Failed' })
  for (const image_id of ['full', 'bare', 'unreported', '']) {
    const components = { workspace_context: { n: 1 }, object_registry: { o1: { class: 'Point' } } }
    const { session_id } = await run('create_session', { ...CLIENT, image_id, ...components })
    sessionWithoutImage = String(session_id)
  }
})

afterAll(() => worker.stop())

describe.each(TUI_DIALECTS)('In dialect %s', (dialect) => {
  let tui: Tui

  beforeAll(() => {
    tui = createTui(dialect, overHttp(worker.url))
  })

  describe.each(IMAGES)('the status of the image %s', (image_id) => {
    it('is read by both documents, and says the same to both', async () => {
      const told = await tui.run('get_image_connection_status', { image_id })
      const plan = PLAN.ImageConnectionStatus(told, 'status')
      const solution = SOLUTION.ImageConnectionStatus(told, 'status')
      expect(plan.status).toBe(solution.status)
      expect(plan.connection_address).toBe(solution.address)
      expect(plan.last_seen).toBe(solution.last_seen)
    })
  })

  describe.each(ASKED)('%s', (_, asked) => {
    it('is listed so that both documents read it', async () => {
      const list = await tui.run('list_image_sessions', asked)
      PLAN.ListImageSessionsResponse(list, 'list')
      const { sessions, images } = list as { readonly [name: string]: readonly Members[] }
      for (const session of sessions ?? []) SOLUTION.SessionMetadata(session, 'session')
      for (const image of images ?? []) {
        PLAN.ImageConnectionStatus(image, 'image')
        SOLUTION.ImageConnectionStatus(image, 'image')
      }
    })

    it('is counted so that the plan reads it', async () => {
      const stats = await tui.run('get_image_session_stats', { image_id: '*', ...asked })
      PLAN.GetImageSessionStatsResponse(stats, 'stats')
    })

    it('is cleaned up so that the plan reads it', async () => {
      const all = { dry_run: true, preserve_active: false, force: true }
      const cleaned = await tui.run('cleanup_image_sessions', {
        image_id: 'full',
        ...asked,
        ...all,
      })
      PLAN.CleanupImageSessionsResponse(cleaned, 'cleanup')
    })
  })

  it.each(['Connected', 'Disconnected', 'Failed'])(
    'what a bridge is answered that says %s is the status of the image',
    async (status) => {
      const told = await tui.run('report_image_status', { image_id: `said-${dialect}`, status })
      PLAN.ImageConnectionStatus(told, 'status')
      SOLUTION.ImageConnectionStatus(told, 'status')
    }
  )

  it.each(SWITCHES)(
    'a switch to another image, %s, is told so that the plan reads it',
    async (_, from, to, how) => {
      const asked = { ...CLIENT, from_image_id: from, to_image_id: to, ...how }
      const switched = await tui.run('switch_image_context', asked)
      expect(PLAN.SwitchImageContextResponse(switched, 'switch')).toMatchObject({
        from_image_id: from,
        to_image_id: to,
        context_preserved: how.preserve_context !== false,
      })
    }
  )

  it('the session without an image has empty texts in the place of one, in every answer', async () => {
    const none = { image_id: '', image_address: '', image_name: '', image_version: '' }
    for (const command of ['get_session_info', 'restore_session']) {
      const told = await tui.run(command, { session_id: sessionWithoutImage })
      expect(told).toMatchObject({ ...none, image_metadata: {} })
    }
  })
})

describe('the decoders', () => {
  it.each([
    ['a null time', { last_seen: null }],
    ['an absent address', { address: undefined }],
    ['a status that one document does not know', { status: 'Orphaned' }],
    ['a time without a zone', { last_activity: '2026-03-01T09:00:00' }],
    ['a count that is no whole number', { session_count: 0.5 }],
  ])('refuse %s', async (_, change) => {
    const { run } = createTui('A', overHttp(worker.url))
    const told = await run('get_image_connection_status', { image_id: 'full' })
    expect(() => SOLUTION.ImageConnectionStatus({ ...told, ...change }, 'status')).toThrow()
  })
})
