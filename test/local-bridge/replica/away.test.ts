// What a bridge says at once while it knows that the service is away: what it can answer itself, and what nobody here can.
// The bridge of these tests loses no patience, so what is answered at all is answered without waiting for the service.

import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../../local-bridge/limits.ts'
import { BRIDGE_STATUS } from '../../../local-bridge/operate/bridge-status.ts'
import type { Declaration } from '../../../src/protocol/command.ts'
import { COMMANDS } from '../../../src/protocol/commands/index.ts'
import { VERSION } from '../../../src/version.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'
import { FOREVER_MS } from '../../support/patience.ts'

const CLIENT = { client_id: 'desk' }

/** The bridge itself says one thing to the service, and nothing after that. */
const ONE_REPORT = { gapMs: FOREVER_MS, heartbeatMs: FOREVER_MS }

const OWN: readonly string[] = ['describe', 'ping']

/** What only the service can do, each as its example asks it. */
const OF_SERVICE = (COMMANDS as readonly Declaration[])
  .filter(({ name, offline }) => offline === undefined && !OWN.includes(name))
  .map(({ name, example }) => ({ command: name, parameters: example.parameters }))

/** The Worker can be reached, and the bridge knows it when this resolves; nothing waits to be delivered. */
async function returned({ link, log }: OfflineStack): Promise<void> {
  await link.mend()
  await log.behind('uplink_up', 'uplink_down')
}

async function succeeds(stack: OfflineStack, recovery: unknown): Promise<void> {
  const offered = recovery as { command: string; parameters: object }[]
  expect(offered).not.toEqual([])
  for (const { command, parameters } of offered) await stack.run(command, parameters)
}

describe('ping and describe while the service is away', () => {
  it('are answered by the bridge, at once, and the answer says whose it is', async () => {
    await using stack = await startOfflineStack()
    await stack.away()
    const ping = { id: 'p', command: 'ping', parameters: { message: 'hello' } }
    expect(await stack.ask(ping)).toMatchObject({
      ...{ id: 'p', status: 'success' },
      result: { message: 'hello', status: 'ready', version: VERSION, uptime: expect.any(Number) },
      meta: { source: 'bridge', warnings: [expect.stringContaining('cannot be reached')] },
    })
    expect(await stack.ask({ id: 'd', command: 'describe' })).toMatchObject({
      result: { commands: expect.objectContaining({ create_session: expect.anything() }) },
      meta: { source: 'bridge' },
    })
    await returned(stack)
    expect((await stack.ask(ping)).meta).not.toHaveProperty('source')
  })

  it('are the same commands as ever: one command alone, and what is wrong is refused', async () => {
    await using stack = await startOfflineStack()
    await stack.away()
    const one = await stack.run('describe', { command: 'ping' })
    expect(Object.keys(one.commands as object)).toEqual(['ping'])
    const wrong = [
      ['ping', { message: 7 }, 'invalid_parameter'],
      ['describe', { command: 'pong' }, 'unknown_command'],
    ] as const
    for (const [command, parameters, error_code] of wrong) {
      const refused = await stack.ask({ id: 'w', command, parameters })
      expect(refused).toMatchObject({ status: 'error', error_code })
      await succeeds(stack, refused.recovery)
    }
  })

  it('are answered by the bridge as well while the service is silent', async () => {
    await using stack = await startOfflineStack({ limits: LIMITS })
    await stack.begin(CLIENT)
    stack.freeze()
    const ponged = await stack.ask({ id: 'p', command: 'ping' })
    stack.thaw()
    expect(ponged).toMatchObject({ status: 'success', meta: { source: 'bridge' } })
  })
})

describe('what only the service can do, while it is away', () => {
  it('is refused at once, says so, and offers what the bridge can say', async () => {
    expect(OF_SERVICE.map(({ command }) => command)).toEqual(
      expect.arrayContaining(['get_session_statistics', 'get_events', 'revert_session'])
    )
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    await stack.away()
    for (const question of OF_SERVICE) {
      expect(await stack.ask({ id: question.command, ...question })).toMatchObject({
        id: question.command,
        error_code: 'upstream_unavailable',
        error: expect.stringContaining('only the service itself can do this'),
        recovery: [{ command: BRIDGE_STATUS }],
      })
    }
    const [first] = OF_SERVICE
    await succeeds(stack, (await stack.ask({ id: 'again', ...first })).recovery)
  })

  it('is done as soon as it is known to be there again', async () => {
    await using stack = await startOfflineStack()
    await stack.away()
    await returned(stack)
    await stack.run('get_session_statistics', {})
  })

  it('is refused at once where the service goes away over it, and never sent again', async () => {
    await using stack = await startOfflineStack({ reportPace: ONE_REPORT })
    await stack.begin(CLIENT)
    await stack.link.cut()
    const asked = { id: 's', command: 'get_session_statistics' }
    expect(await stack.ask(asked)).toMatchObject({ error_code: 'upstream_unavailable' })
    const sent = stack.link.requests.length
    await returned(stack)
    await stack.run('ping', {})
    const messages = stack.link.requests.slice(sent).filter((path) => path === '/v1/messages')
    expect(messages).toHaveLength(1)
  })
})
