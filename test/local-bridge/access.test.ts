import { describe, expect, it } from 'vitest'
import { startBridge } from '../../local-bridge/start-bridge.ts'
import { createTokenSource } from '../../local-bridge/token-source.ts'
import { toJsonText } from '../../src/protocol/json-text.ts'
import { errorReply } from '../../src/protocol/reply.ts'
import { createEventLog } from '../support/event-log.ts'
import { answer, type Behaviour, startHttpWorker } from '../support/http-worker.ts'
import { connectReq } from '../support/req-client.ts'
import { startTestApi } from '../support/stui-api.ts'
import { tokenFolder } from './identity-fixture.ts'

/** A whole bridge whose token is in a file, in front of a real HTTP server, with a real STUI API beside it. */
async function accessFixture(first?: string) {
  const api = await startTestApi()
  const worker = await startHttpWorker()
  const file = tokenFolder()
  const log = createEventLog()
  const token = first ?? (await api.issueToken('priya'))
  file.write(token)
  const { issuer, audience } = api
  const begin = () =>
    startBridge({
      ...{ listen: 'tcp://127.0.0.1:*', upstream: worker.url, log: log.log },
      access: { issuer, audience, token: createTokenSource({ from: 'file', path: file.path }) },
    })
  const ended: (() => unknown)[] = []
  return {
    ...{ api, worker, file, log, token, begin },
    /** A bridge and a client of it. */
    connected: async () => {
      const bridge = await begin()
      const client = connectReq(bridge.endpoint)
      ended.push(() => client.close(), bridge.stop)
      return client
    },
    [Symbol.asyncDispose]: async () => {
      for (const end of ended) await end()
      await Promise.all([api.stop(), worker.stop()])
      file[Symbol.dispose]()
    },
  }
}

/** Refuses every token but this one, as a Worker with authentication does. */
function only(token: string): Behaviour {
  return (request, response, nth) => {
    if (request.headers.authorization === `Bearer ${token}`) return answer(request, response, nth)
    const failure = { reason: 'unauthenticated', detail: 'no' } as const
    const refusal = {
      id: toJsonText('from the worker'),
      failure,
      timestamp: '2026-11-21T10:00:00Z',
    }
    response.writeHead(401).end(errorReply(refusal))
  }
}

const create = { id: 1, command: 'create_session', client_id: 'c' }

describe('a bridge with a token', () => {
  it('sends it with each message to the service', async () => {
    await using fixture = await accessFixture()
    const client = await fixture.connected()
    await client.ask(create)
    await client.ask({ id: 2, command: 'ping' })
    expect(fixture.worker.requests.map(({ headers }) => headers.authorization)).toEqual([
      ...[`Bearer ${fixture.token}`, `Bearer ${fixture.token}`],
    ])
  })

  it('says at the start in one sentence that it is not good', async () => {
    await using fixture = await accessFixture('unknown')
    await expect(fixture.begin()).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(/^The STUI API refuses the token: [^\n]+\.$/),
    })
  })

  it('starts while the STUI API is away, and says that nobody vouches for it yet', async () => {
    await using fixture = await accessFixture()
    fixture.api.become('down')
    const client = await fixture.connected()
    expect(await client.ask(create)).toMatchObject({
      ...{ id: 1, status: 'error', error_type: 'Error', error_code: 'unauthenticated' },
      error: expect.stringContaining('the bridge goes on asking, try again shortly'),
    })
    expect(fixture.worker.requests).toHaveLength(0)
    expect(fixture.log.of('token_unchecked')).toMatchObject([{ known_good: false }])
  })

  it('sends a message again when the service refused the old token and the file has a new one', async () => {
    await using fixture = await accessFixture()
    const client = await fixture.connected()
    const next = await fixture.api.issueToken('priya')
    fixture.worker.behave(only(next))
    fixture.file.write(next)
    expect(await client.ask(create)).toMatchObject({ id: 1, status: 'success' })
    const sent = fixture.worker.requests
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([
      ...[`Bearer ${fixture.token}`, `Bearer ${next}`],
    ])
    expect(new Set(sent.map(({ headers }) => headers['x-delivery-id'])).size).toBe(1)
  })

  it('passes on the refusal of the service when there is no other token', async () => {
    await using fixture = await accessFixture()
    const client = await fixture.connected()
    fixture.worker.behave(only('another'))
    expect(await client.ask(create)).toMatchObject({
      ...{ id: 'from the worker', error_code: 'unauthenticated' },
    })
    expect(fixture.worker.requests).toHaveLength(1)
  })

  it('that was revoked refuses what is asked, but ping and describe go through without it', async () => {
    await using fixture = await accessFixture()
    const client = await fixture.connected()
    fixture.api.revoke(fixture.token)
    const unknown = 'put-in-its-place'
    fixture.worker.behave(only(unknown))
    fixture.file.write(unknown)
    await client.ask(create)
    await fixture.log.nth('token_refused', 1)
    fixture.worker.behave(answer)
    const relayed = fixture.worker.requests.length
    expect(await client.ask(create)).toMatchObject({
      ...{ id: 1, status: 'error', error_code: 'unauthenticated' },
      error: expect.stringContaining('put a new token into the token file'),
    })
    expect(fixture.worker.requests).toHaveLength(relayed)
    expect(await client.ask({ id: 2, command: 'ping' })).toMatchObject({ status: 'success' })
    expect(await client.ask({ id: 3, command: 'describe' })).toMatchObject({ status: 'success' })
    expect(fixture.worker.requests.at(-1)?.headers).not.toHaveProperty('authorization')
    fixture.file.write(await fixture.api.issueToken('enzo'))
    expect(await client.ask(create)).toMatchObject({ status: 'success' })
  })

  it('is in no event', async () => {
    await using fixture = await accessFixture()
    const client = await fixture.connected()
    fixture.worker.behave(only('another'))
    await client.ask(create)
    fixture.api.become('down')
    await client.ask(create)
    expect(JSON.stringify(fixture.log.events)).not.toContain(fixture.token)
  })
})

describe('a bridge without a token', () => {
  it('names nobody', async () => {
    const worker = await startHttpWorker()
    const { log } = createEventLog()
    const bridge = await startBridge({ listen: 'tcp://127.0.0.1:*', upstream: worker.url, log })
    const client = connectReq(bridge.endpoint)
    await client.ask(create)
    expect(worker.requests[0]?.headers).not.toHaveProperty('authorization')
    client.close()
    await bridge.stop()
    await worker.stop()
  })
})
