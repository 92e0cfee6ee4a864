import { describe, expect, it } from 'vitest'
import { readListenAddress } from '../../local-bridge/listen-address.ts'
import { StartError, startBridge } from '../../local-bridge/start-bridge.ts'
import { createEventLog } from '../support/event-log.ts'
import { freePort } from '../support/free-port.ts'
import { hang, hold } from '../support/http-worker.ts'
import { connectReq } from '../support/req-client.ts'
import { runBridge } from '../support/running-bridge.ts'
import { temporaryFolder } from '../support/stack-process.ts'

const upstream = 'http://127.0.0.1:9'

describe('starting a bridge', () => {
  it.each(['tcp://127.0.0.1:*', 'tcp://127.0.0.1:0', 'tcp://localhost:*'])(
    'tells the real port of %s',
    async (listen) => {
      const { log, of } = createEventLog()
      const bridge = await startBridge({ listen, upstream, log })
      expect(bridge.endpoint).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d+$/)
      expect(of('listening')).toEqual([{ event: 'listening', endpoint: bridge.endpoint, upstream }])
      await bridge.stop()
    }
  )

  it('says in one sentence that the port is in use', async () => {
    await using running = await runBridge()
    const { log } = createEventLog()
    const second = startBridge({ listen: running.endpoint, upstream, log })
    await expect(second).rejects.toThrow(StartError)
    await expect(second).rejects.toThrow(
      `Cannot listen on ${running.endpoint}: the port is in use; stop the other program or choose another port with --listen.`
    )
  })

  it('refuses an address that other machines could reach', async () => {
    const { log } = createEventLog()
    const start = startBridge({ listen: 'tcp://0.0.0.0:5555', upstream, log })
    await expect(start).rejects.toThrow(
      'The listen address must be a loopback address such as tcp://127.0.0.1:5555, not "tcp://0.0.0.0:5555": connections from other machines would not be encrypted.'
    )
  })

  it.each(['tcp://*:5555', 'tcp://[::]:5555', 'tcp://10.0.0.1:5555', 'tcp://example.org:5555'])(
    'takes %s for no loopback address',
    (listen) => {
      expect(readListenAddress(listen)).toMatchObject({ ok: false })
    }
  )

  it.each(['127.0.0.1:5555', 'tcp://127.0.0.1', 'tcp://127.0.0.1:70000', 'ipc:///tmp/bridge', ''])(
    'takes "%s" for no address',
    (listen) => {
      const address = readListenAddress(listen)
      expect(address).toEqual({
        ok: false,
        failure: `must look like tcp://127.0.0.1:5555, not "${listen}"`,
      })
    }
  )

  it('takes the loopback address of IPv6', () => {
    expect(readListenAddress('tcp://[::1]:5555')).toEqual({
      ok: true,
      value: { endpoint: 'tcp://[::1]:5555', ipv6: true },
    })
  })
})

describe('a bridge that cannot start', () => {
  it('leaves the port free and nothing that would keep its program alive', async () => {
    const listen = `tcp://127.0.0.1:${await freePort()}`
    const { log } = createEventLog()
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    const images = [{ name: 'main', address: `tcp://127.0.0.1:${await freePort()}` }]
    const replica = { folder: temporaryFolder() }
    const broken = startBridge({ listen, upstream: 'no address', log, images, replica })
    await expect(broken).rejects.toThrow('Invalid URL')
    expect(timers()).toBeLessThanOrEqual(before)
    const bridge = await startBridge({ listen, upstream, log })
    await bridge.stop()
  })
})

describe('stopping a bridge', () => {
  it('answers what runs and refuses what still comes', async () => {
    const running = await runBridge()
    const { behaviour, release } = hold()
    running.worker.behave(behaviour)
    const early = connectReq(running.endpoint)
    const late = connectReq(running.endpoint)
    const reply = early.ask({ id: 'early', command: 'ping' })
    await running.worker.arrived(1)
    const stopped = running.bridge.stop()
    expect(await late.ask({ id: 'late', command: 'ping' })).toMatchObject({
      id: 'late',
      error_code: 'upstream_unavailable',
      details: { detail: 'the bridge is stopping' },
    })
    release()
    expect(await reply).toMatchObject({ id: 'early', status: 'success' })
    await stopped
    expect(running.log.events.at(-1)).toEqual({ event: 'stopped', unanswered: 0 })
    early.close()
    late.close()
    await running.worker.stop()
  })

  it('waits for no longer than its time of grace', async () => {
    const running = await runBridge({ graceMs: 50 })
    running.worker.behave(hang)
    const client = connectReq(running.endpoint)
    const reply = client.ask({ id: 1, command: 'ping' }).catch(() => 'no reply')
    await running.worker.arrived(1)
    await running.bridge.stop()
    expect(running.log.events.at(-1)).toEqual({ event: 'stopped', unanswered: 1 })
    client.close()
    expect(await reply).toBe('no reply')
    await running.worker.stop()
  })

  it('frees the port at once', async () => {
    const listen = `tcp://127.0.0.1:${await freePort()}`
    const { log } = createEventLog()
    for (let nth = 0; nth < 5; nth += 1) {
      const bridge = await startBridge({ listen, upstream, log })
      await bridge.stop()
    }
  })

  it('may be asked for twice', async () => {
    const running = await runBridge()
    await Promise.all([running.bridge.stop(), running.bridge.stop()])
    expect(running.log.of('stopped')).toHaveLength(1)
    await running.worker.stop()
  })
})
