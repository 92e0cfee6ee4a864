import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startBridge } from '../../../local-bridge/start-bridge.ts'
import { createTokenSource } from '../../../local-bridge/token-source.ts'
import { startCuttableLink } from '../../support/cuttable-link.ts'
import { createEventLog } from '../../support/event-log.ts'
import { startIdentityStack } from '../../support/identity-stack.ts'
import { PATIENT } from '../../support/patience.ts'
import { connectReq } from '../../support/req-client.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

/** A desk that two developers use, each with a token, one after the other: one machine, one folder. */
async function startDesk() {
  const stack = await startIdentityStack('jwt')
  const link = await startCuttableLink(stack.url)
  const folder = temporaryFolder()
  const { issuer, audience } = stack.api
  const tokens = new Map<string, string>()

  async function tokenOf(user: 'frida' | 'priya'): Promise<string> {
    const token = tokens.get(user) ?? (await stack.api.issueToken(user))
    tokens.set(user, token)
    return token
  }

  async function sitDown(user: 'frida' | 'priya') {
    const path = join(folder, user)
    writeFileSync(path, await tokenOf(user), { mode: 0o600 })
    const log = createEventLog()
    const bridge = await startBridge({
      listen: 'tcp://127.0.0.1:*',
      upstream: link.url,
      log: log.log,
      limits: PATIENT,
      access: { issuer, audience, token: createTokenSource({ from: 'file', path }) },
      replica: { folder: join(folder, 'data') },
    })
    const client = connectReq(bridge.endpoint)
    return {
      log,
      ask: client.ask,
      leave: async () => {
        client.close()
        await bridge.stop()
      },
    }
  }

  return {
    ...{ link, sitDown },
    api: stack.api.become,
    seenBy: async (user: 'frida' | 'priya', session_id: unknown) => {
      const question = { command: 'get_session_info', session_id, state: true }
      return (await stack.ask(question, await tokenOf(user))).reply
    },
    [Symbol.asyncDispose]: async () => {
      await link.cut().catch(() => {})
      await stack.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

describe('work that waits', () => {
  it('goes out under the name of whoever did it, and under nobody else’s', async () => {
    await using desk = await startDesk()
    const frida = await desk.sitDown('frida')
    const created = await frida.ask({ id: 1, command: 'create_session', client_id: 'desk' })
    const session_id = created.result?.session_id
    await frida.log.nth('replica_complete', 1)
    await desk.link.cut()
    const change = { command: 'update_session_state', session_id, state_data: { by: 'frida' } }
    expect(await frida.ask({ id: 2, ...change })).toMatchObject({
      meta: { persistence: 'journaled' },
    })
    await frida.leave()

    const priya = await desk.sitDown('priya')
    expect(await priya.ask({ id: 3, command: 'restore_session', session_id })).toMatchObject({
      status: 'error',
      error_code: 'upstream_unavailable',
    })
    await desk.link.mend()
    await priya.log.nth('uplink_up', 1)
    expect(await priya.ask({ id: 4, command: 'restore_session', session_id })).toMatchObject({
      error_code: 'session_not_found',
    })
    await priya.leave()
    expect(await desk.seenBy('frida', session_id)).toMatchObject({ result: { revision: 1 } })

    const again = await desk.sitDown('frida')
    await again.log.nth('caught_up', 1)
    expect(await desk.seenBy('frida', session_id)).toMatchObject({
      result: { revision: 2, session_state: { by: 'frida' } },
    })
    await again.leave()
  })

  it('is gone on with by a bridge that is started with nobody to ask, for the same token alone', async () => {
    await using desk = await startDesk()
    const frida = await desk.sitDown('frida')
    const created = await frida.ask({ id: 1, command: 'create_session', client_id: 'desk' })
    const session_id = created.result?.session_id
    await frida.log.nth('replica_complete', 1)
    await frida.leave()
    await desk.sitDown('priya').then((priya) => priya.leave())

    await desk.link.cut()
    desk.api('down')
    const again = await desk.sitDown('frida')
    const change = { command: 'update_session_state', session_id, state_data: { by: 'frida' } }
    expect(await again.ask({ id: 2, ...change })).toMatchObject({ error_code: 'unauthenticated' })
    await again.leave()

    desk.api('none')
    await desk.sitDown('frida').then((known) => known.leave())
    desk.api('down')
    const third = await desk.sitDown('frida')
    expect(await third.ask({ id: 3, ...change })).toMatchObject({
      status: 'success',
      meta: { persistence: 'journaled' },
    })
    await third.leave()
  })
})
