// Every refusal of the bridge itself offers a way on, and what it offers succeeds when it is sent (novel row N-9).

import { describe, expect, it } from 'vitest'
import { startBridge } from '../../local-bridge/start-bridge.ts'
import { createTokenSource } from '../../local-bridge/token-source.ts'
import { CATALOGUE } from '../../src/protocol/catalogue.ts'
import { createEventLog } from '../support/event-log.ts'
import { hang } from '../support/http-worker.ts'
import { startImage } from '../support/image-stand-in.ts'
import { startOfflineStack } from '../support/offline-stack.ts'
import type { Reply } from '../support/reply.ts'
import { connectReq } from '../support/req-client.ts'
import { runBridge } from '../support/running-bridge.ts'
import { startTestApi } from '../support/stui-api.ts'
import { tokenFolder } from './identity-fixture.ts'

const CLIENT = { client_id: 'desk' }
const EVALUATE = { id: 'e', command: 'evaluate', parameters: { code: '3 + 4' } }

type Ask = (message: unknown) => Promise<Reply>

/** Brings a refusal about, and sends what it offers to whoever has refused. */
async function followed(ask: Ask, message: unknown, error_code: keyof typeof CATALOGUE) {
  const refused = await ask(message)
  expect(refused).toMatchObject({ error_code, error_type: CATALOGUE[error_code].type })
  const { recovery = [] } = refused
  expect(recovery).not.toEqual([])
  for (const { command, parameters } of recovery) {
    expect(await ask({ id: `after ${error_code}`, command, parameters })).toMatchObject({
      id: `after ${error_code}`,
      status: 'success',
    })
  }
  return recovery.map(({ command }) => command)
}

describe('the way on that a bridge offers', () => {
  it('works while the service is away: for what it alone can do, for a full journal, for any mistake', async () => {
    await using stack = await startOfflineStack({ room: { entries: 1, bytes: 1_000_000 } })
    const session_id = await stack.begin({ ...CLIENT, state_data: { n: 0 } })
    await stack.away()
    const statistics = { id: 's', command: 'get_session_statistics' }
    expect(await followed(stack.ask, statistics, 'upstream_unavailable')).toEqual(['bridge_status'])
    const update = (n: number) => ({
      ...{ id: `u-${n}`, command: 'update_session_state' },
      parameters: { session_id, state_data: { n } },
    })
    expect(await stack.ask(update(1))).toMatchObject({ status: 'success' })
    expect(await followed(stack.ask, update(2), 'journal_full')).toEqual(['bridge_status'])
    await followed(stack.ask, { id: 'i' }, 'invalid_request')
    await followed(stack.ask, { id: 'm', command: 'ping', version: '2.0' }, 'unsupported_version')
    const large = { id: 'l', command: 'ping', parameters: { message: 'x'.repeat(3_000_000) } }
    await followed(stack.ask, large, 'payload_too_large')
  })

  it('works behind an image that is not there', async () => {
    await using image = await startImage({ started: false })
    const images = [{ name: 'main', address: image.address }]
    await using running = await runBridge({}, { images })
    const client = connectReq(running.endpoint)
    expect(await followed(client.ask, EVALUATE, 'image_unreachable')).toEqual(['bridge_status'])
    client.close()
  })

  it('works in front of a service that does not answer', async () => {
    await using running = await runBridge({ decideAfterMs: 250 })
    running.worker.behave(hang)
    const client = connectReq(running.endpoint)
    const list = { id: 't', command: 'list_client_sessions', parameters: CLIENT }
    expect(await followed(client.ask, list, 'timeout')).toEqual(['bridge_status'])
    client.close()
  })

  it('works without a token that is good', async () => {
    const api = await startTestApi()
    using file = tokenFolder()
    file.write(await api.issueToken('priya'))
    const { issuer, audience } = api
    api.become('down')
    const bridge = await startBridge({
      ...{ listen: 'tcp://127.0.0.1:*', upstream: 'http://127.0.0.1:9' },
      log: createEventLog().log,
      access: { issuer, audience, token: createTokenSource({ from: 'file', path: file.path }) },
    })
    const client = connectReq(bridge.endpoint)
    const create = { id: 'c', command: 'create_session', parameters: CLIENT }
    expect(await followed(client.ask, create, 'unauthenticated')).toEqual(['bridge_status'])
    client.close()
    await bridge.stop()
    await api.stop()
  })
})
