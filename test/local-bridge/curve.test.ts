import { appendFileSync, chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { curveKeyPair } from 'zeromq'
import { openCurveServer } from '../../local-bridge/curve-server.ts'
import { openRouter } from '../../local-bridge/router-socket.ts'
import { startBridge } from '../../local-bridge/start-bridge.ts'
import { systemTimer } from '../../local-bridge/timer.ts'
import { createEventLog } from '../support/event-log.ts'
import { startHttpWorker } from '../support/http-worker.ts'
import { attempt, type ClientKeys, type CurveFolder, curveFolder } from './curve-fixture.ts'

async function guardedBridge(folder: CurveFolder, listen = 'tcp://127.0.0.1:*') {
  const worker = await startHttpWorker()
  const log = createEventLog()
  const bridge = await startBridge({
    ...{ listen, upstream: worker.url, log: log.log, curveKeys: folder.path },
  })
  return {
    ...{ worker, log, endpoint: bridge.endpoint },
    [Symbol.asyncDispose]: async () => {
      await bridge.stop()
      await worker.stop()
    },
  }
}

describe('a bridge with CURVE', () => {
  it('answers a client whose key is listed', async () => {
    using folder = curveFolder()
    await using bridge = await guardedBridge(folder)
    using client = attempt(bridge.endpoint, folder.allow('desk'))
    expect(await client.reply).toMatchObject({ id: 1, status: 'success' })
    expect(bridge.log.of('curve_ready')).toEqual([
      { event: 'curve_ready', public_key: folder.serverKey, allowed: 0 },
    ])
    expect(bridge.log.of('handshake_refused')).toEqual([])
  })

  const refused: [string, (folder: CurveFolder) => Partial<ClientKeys>, object][] = [
    ['whose key is not listed', (folder) => folder.stranger(), { cause: 'key_not_allowed' }],
    ['without any key', () => ({}), { event: 'handshake_refused' }],
    [
      'that expects another bridge',
      (folder) => ({ ...folder.allow('lost'), curveServerKey: curveKeyPair().publicKey }),
      { cause: 'protocol', code: 'ERR_ZMTP_CRYPTOGRAPHIC' },
    ],
    [
      'that uses a listed public key without its secret key',
      (folder) => ({
        ...folder.stranger(),
        curvePublicKey: folder.allow('robbed').curvePublicKey,
      }),
      { cause: 'protocol' },
    ],
  ]

  it.each(refused)('executes and answers nothing for a client %s', async (_, keysOf, event) => {
    using folder = curveFolder()
    await using bridge = await guardedBridge(folder)
    const keys = keysOf(folder)
    const client = attempt(bridge.endpoint, keys)
    await client.disconnected
    expect(await bridge.log.nth('handshake_refused', 1)).toMatchObject(event)
    // Another client's answer shows that the bridge has read what there was to read.
    using other = attempt(bridge.endpoint, folder.allow('other'))
    expect(await other.reply).toMatchObject({ status: 'success' })
    expect(bridge.worker.requests).toHaveLength(1)
    client[Symbol.dispose]()
    expect(await client.reply).toBe('no reply')
  })

  it('tells the log which key was refused and from where, and no secret', async () => {
    using folder = curveFolder()
    await using bridge = await guardedBridge(folder)
    const keys = folder.stranger()
    using client = attempt(bridge.endpoint, keys)
    await client.disconnected
    expect(await bridge.log.nth('handshake_refused', 1)).toEqual({
      ...{ event: 'handshake_refused', cause: 'key_not_allowed', peer: '127.0.0.1' },
      public_key: keys.curvePublicKey,
    })
    expect(JSON.stringify(bridge.log.events)).not.toContain(JSON.stringify(keys.curveSecretKey))
  })

  it('honours the allow list as it is when a client connects', async () => {
    using folder = curveFolder()
    await using bridge = await guardedBridge(folder)
    const keys = folder.stranger()
    using early = attempt(bridge.endpoint, keys)
    await early.disconnected
    const list = join(folder.path, 'allowed-clients')
    appendFileSync(list, `${keys.curvePublicKey} # late\n`)
    using later = attempt(bridge.endpoint, keys)
    expect(await later.reply).toMatchObject({ status: 'success' })
    writeFileSync(list, '')
    using last = attempt(bridge.endpoint, keys)
    await last.disconnected
    expect(bridge.worker.requests).toHaveLength(1)
  })

  it.each([
    ['can be read by others', (list: string) => chmodSync(list, 0o644)],
    ['is damaged', (list: string) => appendFileSync(list, 'not a key\n')],
  ])('lets nobody in whose allow list %s', async (_, spoil) => {
    using folder = curveFolder()
    await using bridge = await guardedBridge(folder)
    const keys = folder.allow('desk')
    spoil(join(folder.path, 'allowed-clients'))
    using client = attempt(bridge.endpoint, keys)
    await client.disconnected
    expect(bridge.log.of('allow_list_unreadable')).toHaveLength(1)
    expect(bridge.worker.requests).toHaveLength(0)
  })

  it('lets nobody in when its ZAP handler is gone', async () => {
    using folder = curveFolder()
    const { log, nth } = createEventLog()
    const curve = await openCurveServer({ folder: folder.path, log, timer: systemTimer })
    if (!curve.ok) throw new Error(curve.failure)
    const address = { endpoint: 'tcp://127.0.0.1:*', ipv6: false }
    const router = await openRouter(address, log, curve.value)
    if (!router.ok) throw new Error(router.failure)
    const received: unknown[] = []
    const reading = (async () => {
      for await (const message of router.value.messages()) received.push(message)
    })()
    curve.value.close()
    const clients = [folder.allow('desk'), folder.stranger(), {}]
    for (const keys of clients) {
      using client = attempt(router.value.endpoint, keys)
      await client.disconnected
    }
    expect(await nth('handshake_refused', 1)).toMatchObject({ cause: 'other' })
    await router.value.close()
    await reading
    expect(received).toEqual([])
  })

  it('may listen beyond loopback', async () => {
    using folder = curveFolder()
    await using bridge = await guardedBridge(folder, 'tcp://0.0.0.0:*')
    const endpoint = bridge.endpoint.replace('0.0.0.0', '127.0.0.1')
    using client = attempt(endpoint, folder.allow('desk'))
    expect(await client.reply).toMatchObject({ status: 'success' })
    using plain = attempt(endpoint)
    await plain.disconnected
    expect(bridge.worker.requests).toHaveLength(1)
  })

  it.each([
    ['no keys', 'tcp://0.0.0.0:*', undefined, /^The listen address must be a loopback address/],
    ['an empty folder', 'tcp://0.0.0.0:*', '', /server\.key cannot be read \(ENOENT\)/],
    ['a host name', 'tcp://example.org:*', '', /must be an IP address of this machine/],
  ])('does not start with %s', async (_, listen, curveKeys, sentence) => {
    const { log, events } = createEventLog()
    const options = { listen, upstream: 'http://127.0.0.1:9', log }
    const start = startBridge({ ...options, ...(curveKeys !== undefined && { curveKeys }) })
    await expect(start).rejects.toThrow(sentence)
    expect(events).toEqual([])
  })
})
