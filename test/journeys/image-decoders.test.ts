// STUI's documents describe images in two ways that contradict each other. Whatever we answer, both can read it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { type LocalWorker, startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import type { Members } from '../support/fixtures.ts'
import { PLAN, SOLUTION } from '../support/image-decoders.ts'

const CLIENT = { client_id: 'decoded' }
const TEAM = { scope: 'team' }

let worker: LocalWorker
let session_id = ''

beforeAll(async () => {
  worker = await startLocalWorker({
    script: await buildWorker(),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
  })
  const image = { image_id: 'full', name: 'Pharo 12', version: '12.0', metadata: { vm: 'Cog' } }
  await ask('report_image_status', { ...image, status: 'Connected', address: 'tcp://[::1]:5555' })
  await ask('report_image_status', { image_id: 'bare', status: 'Disconnected' })
  await ask('report_image_status', { image_id: 'failed', status: 'Failed' })
  for (const image_id of ['full', 'bare', 'unreported', undefined]) {
    const created = await ask('create_session', { ...CLIENT, ...(image_id && { image_id }) })
    session_id = String(created.session_id)
  }
})

afterAll(() => worker.stop())

async function ask(command: string, parameters: object): Promise<Members> {
  const body = JSON.stringify({ command, parameters })
  const response = await fetch(`${worker.url}/v1/messages`, { method: 'POST', body })
  const reply = (await response.json()) as Members
  expect(reply).toMatchObject({ status: 'success' })
  return reply.result as Members
}

const IMAGES = ['full', 'bare', 'failed', 'unreported', 'nobody knows']

describe.each(IMAGES)('the status of the image %s', (image_id) => {
  it('is read by both documents, and says the same to both', async () => {
    const told = await ask('get_image_connection_status', { image_id })
    const plan = PLAN.ImageConnectionStatus(told, 'status')
    const solution = SOLUTION.ImageConnectionStatus(told, 'status')
    expect(plan.status).toBe(solution.status)
    expect(plan.connection_address).toBe(solution.address)
    expect(plan.last_seen).toBe(solution.last_seen)
  })
})

const ASKED: readonly (readonly [string, Members])[] = [
  ['every image of a client', CLIENT],
  ['every image of the team', TEAM],
  ...['full', 'bare', 'unreported', 'nobody knows', ''].flatMap((image_id) => [
    [`the image "${image_id}" of a client`, { ...CLIENT, image_id }] as const,
    [`the image "${image_id}" of the team`, { ...TEAM, image_id }] as const,
  ]),
]

describe.each(ASKED)('%s', (_, asked) => {
  it('is listed so that both documents read it', async () => {
    const list = await ask('list_image_sessions', asked)
    PLAN.ListImageSessionsResponse(list, 'list')
    const { sessions, images } = list as { readonly [name: string]: readonly Members[] }
    for (const session of sessions ?? []) SOLUTION.SessionMetadata(session, 'session')
    for (const image of images ?? []) {
      PLAN.ImageConnectionStatus(image, 'image')
      SOLUTION.ImageConnectionStatus(image, 'image')
    }
  })

  it('is counted so that the plan reads it', async () => {
    const stats = await ask('get_image_session_stats', { image_id: '*', ...asked })
    PLAN.GetImageSessionStatsResponse(stats, 'stats')
  })

  it('is cleaned up so that the plan reads it', async () => {
    const cleanup = {
      image_id: 'full',
      ...asked,
      dry_run: true,
      preserve_active: false,
      force: true,
    }
    PLAN.CleanupImageSessionsResponse(await ask('cleanup_image_sessions', cleanup), 'cleanup')
  })
})

describe('what a bridge is answered', () => {
  it('is the status of the image', async () => {
    const told = await ask('report_image_status', { image_id: 'full', status: 'Connected' })
    PLAN.ImageConnectionStatus(told, 'status')
    SOLUTION.ImageConnectionStatus(told, 'status')
  })
})

describe('the session without an image', () => {
  it('has empty texts in the place of one, in every answer', async () => {
    const none = { image_id: '', image_address: '', image_name: '', image_version: '' }
    for (const command of ['get_session_info', 'restore_session']) {
      expect(await ask(command, { session_id })).toMatchObject({ ...none, image_metadata: {} })
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
    const told = await ask('get_image_connection_status', { image_id: 'full' })
    expect(() => SOLUTION.ImageConnectionStatus({ ...told, ...change }, 'status')).toThrow()
  })
})
