import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bridgeStatusSchema } from '../../../local-bridge/operate/bridge-status.ts'
import { answer, answerWith } from '../../support/http-worker.ts'
import { startImage } from '../../support/image-stand-in.ts'
import { startOfflineStack } from '../../support/offline-stack.ts'
import { connectReq } from '../../support/req-client.ts'
import { runBridge } from '../../support/running-bridge.ts'

const QUESTION = { id: 's', command: 'bridge_status', parameters: {} }

describe('bridge_status', () => {
  it('is answered by the bridge itself, in the dialect of the question', async () => {
    await using running = await runBridge()
    const client = connectReq(running.endpoint)
    const { status, result, ...envelope } = await client.ask(QUESTION)
    const typed = JSON.parse(String(await client.send('{"request_type":"BridgeStatus"}')))
    client.close()
    expect(status).toBe('success')
    expect(envelope).toMatchObject({ id: 's', timestamp: expect.any(String) })
    expect(bridgeStatusSchema.parse(result)).toEqual(result)
    expect(typed).toMatchObject({ response_type: 'BridgeStatus', data: { pid: process.pid } })
    expect(running.worker.requests.map(({ path }) => path)).not.toContain('/v1/messages')
  })

  it('never goes to an image, however odd it is', async () => {
    await using image = await startImage()
    await using running = await runBridge({}, { images: [{ name: 'a', address: image.address }] })
    const client = connectReq(running.endpoint)
    const odd = { ...QUESTION, version: '9.0' }
    expect(await client.ask(odd)).toMatchObject({ error_code: 'unsupported_version' })
    client.close()
    expect(image.executions()).toEqual(new Map())
  })

  it('tells of the service: up with its latency, down with the reason and since when', async () => {
    await using running = await runBridge()
    running.worker.behave((request, ...how) =>
      (request.path === '/healthz' ? answerWith(200, '{"status":"ok"}') : answer)(request, ...how)
    )
    const client = connectReq(running.endpoint)
    const uplink = async () => bridgeStatusSchema.parse((await client.ask(QUESTION)).result).uplink
    await client.ask({ id: 1, command: 'ping' })
    const up = await uplink()
    expect(up).toMatchObject({ state: 'up', detail: null, url: running.worker.url })
    expect(up.latency_ms).toBeGreaterThan(0)
    await running.worker.stop()
    await client.ask({ id: 2, command: 'ping' })
    const down = await uplink()
    expect(down).toMatchObject({ state: 'down', detail: expect.stringContaining('no connection') })
    expect(Date.parse(down.since)).toBeGreaterThanOrEqual(Date.parse(up.since))
    expect(await uplink()).toMatchObject({ since: down.since })
    client.close()
  })

  it('asks a service that nobody has asked for a while, so that nothing old is told', async () => {
    await using running = await runBridge()
    const client = connectReq(running.endpoint)
    running.worker.behave((_, response) => void response.end('{"status":"ok"}'))
    expect(await client.ask(QUESTION)).toMatchObject({ result: { uplink: { state: 'up' } } })
    expect(running.worker.requests.map(({ path }) => path)).toEqual(['/healthz'])
    client.close()
  })

  it('counts the connections of clients', async () => {
    await using running = await runBridge()
    const clients = [connectReq(running.endpoint), connectReq(running.endpoint)]
    for (const client of clients) await client.ask({ id: 1, command: 'ping' })
    const [one, other] = clients
    expect(await one?.ask(QUESTION)).toMatchObject({ result: { clients: 2 } })
    other?.close()
    await expect.poll(() => one?.ask(QUESTION)).toMatchObject({ result: { clients: 1 } })
    one?.close()
  })

  it('tells of each image whether it is there, and what it has to do', async () => {
    await using image = await startImage()
    const images = [
      { name: 'here', address: image.address },
      { name: 'gone', address: 'tcp://127.0.0.1:1' },
    ]
    await using running = await runBridge({}, { images })
    const [client, busy] = [connectReq(running.endpoint), connectReq(running.endpoint)]
    await running.log.nth('image_up', 1)
    await client.send('{"id":"first","command":"evaluate","parameters":{}}')
    const slow = { id: 'slow', command: 'evaluate', parameters: { held: true } }
    const evaluated = busy.send(JSON.stringify(slow))
    await image.executed('slow')
    const { images: told } = bridgeStatusSchema.parse((await client.ask(QUESTION)).result)
    expect(told).toMatchObject([
      { name: 'here', status: 'Connected', health: 'Healthy', queue: 0 },
      { name: 'gone', status: 'Disconnected', health: 'Critical', working_ms: null },
    ])
    expect(told[0]?.working_ms).toBeGreaterThanOrEqual(0)
    expect(told[0]?.round_trip_ms).toBeGreaterThan(0)
    image.release('slow')
    await evaluated
    client.close()
    busy.close()
  })

  it('tells what waits for the service and since when, and that all of it has been delivered', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ client_id: 'client_secret' })
    const status = async () => bridgeStatusSchema.parse((await stack.ask(QUESTION)).result)
    expect((await status()).journal).toMatchObject({ records: 0, refused: 0, oldest_at: null })
    await stack.away()
    const before = new Date().toISOString()
    for (const n of [1, 2]) {
      await stack.run('update_session_state', { session_id, state_data: { n, marker: 'SECRET' } })
    }
    const away = await status()
    expect(away).toMatchObject({ uplink: { state: 'down' }, journal: { records: 2 } })
    expect(away.journal?.bytes).toBeGreaterThan(0)
    expect(away.last_sync).toBe(away.journal?.oldest_at)
    expect(String(away.last_sync) >= before).toBe(true)
    expect(JSON.stringify(away)).not.toMatch(new RegExp(`${session_id}|client_secret|SECRET`))
    await stack.back()
    const back = await status()
    expect(back).toMatchObject({ uplink: { state: 'up' }, journal: { records: 0 }, replay: null })
    expect(String(back.last_sync) > String(away.last_sync)).toBe(true)
  })
})

describe('the documentation', () => {
  it('has a row for everything in the result', () => {
    const readme = readFileSync(
      join(import.meta.dirname, '../../../local-bridge/operate/README.md'),
      'utf8'
    )
    const rows = [...readme.matchAll(/^\| ([^|]+) \| /gm)].map(([, names]) => names ?? '')
    const told = rows.flatMap((names) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name))
    expect(told).toEqual(expect.arrayContaining(Object.keys(bridgeStatusSchema.shape)))
  })
})
