// The seeds' own messages, from a real REQ socket through the bridge to the built Worker, in every dialect.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { type LocalWorker, startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { type RunningBridge, startBridge } from '../../local-bridge/start-bridge.ts'
import { createEventLog } from '../support/event-log.ts'
import { CASES, type Members, play } from '../support/fixtures.ts'
import { connectReq, type ReqClient } from '../support/req-client.ts'

let worker: LocalWorker
let bridge: RunningBridge
let client: ReqClient

beforeAll(async () => {
  const secrets = Buffer.alloc(32, 7).toString('base64url')
  worker = await startLocalWorker({ script: await buildWorker(), secrets })
  const { log } = createEventLog()
  bridge = await startBridge({ listen: 'tcp://127.0.0.1:*', upstream: worker.url, log })
  client = connectReq(bridge.endpoint)
})

afterAll(async () => {
  client.close()
  await bridge.stop()
  await worker.stop()
})

const send = async (message: Members) =>
  JSON.parse((await client.send(JSON.stringify(message))).toString()) as Members

describe('the bridge answers the examples of the seeds as the seeds show', () => {
  it.each(CASES)('%s', async (title, fixture, dialect) => {
    const client_id = title.replaceAll(/[^a-z0-9]+/gi, '-')
    expect(await play(fixture, dialect, { send, client_id })).toEqual([])
  })
})

describe('a message that a client sends again', () => {
  it('has one effect; the same command under a new id is a new one', async () => {
    const created = await client.ask({ id: 'c1', command: 'create_session', client_id: 'again' })
    const session_id = created.result?.session_id
    const close = { id: 'c2', command: 'close_session', parameters: { session_id } }
    const first = await client.ask(close)
    const repeated = await client.ask(close)
    expect(repeated).toMatchObject({ status: 'success', meta: { replayed: true } })
    expect(repeated.result).toEqual(first.result)
    expect(await client.ask({ ...close, id: 'c3' })).toMatchObject({ error_code: 'session_closed' })
  })
})

describe('a body larger than a message may be', () => {
  it('is answered with 413 by the Worker on a real connection', async () => {
    const body = 'x'.repeat(3 * 1024 * 1024)
    const response = await fetch(`${worker.url}/v1/messages`, { method: 'POST', body })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error_code: 'payload_too_large' })
  })
})
