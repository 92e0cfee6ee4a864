import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../../local-bridge/limits.ts'
import { type BridgeProcess, startBridgeProcess } from '../../support/bridge-process.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'
import { connectReq } from '../../support/req-client.ts'

const CLIENT = { client_id: 'desk' }
const UUID = '0190a6b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b'

const create = { command: 'create_session', parameters: { ...CLIENT, name: 'made once' } }

const NAMED = [
  ['an idempotency key', { id: 1, idempotency_key: 'k', ...create }],
  ['a unique message id', { id: UUID, ...create }],
  ['a plain message id', { id: 'create-001', ...create }],
] as const

const LASTING = NAMED.slice(0, 2)

/** A message to a bridge that may be another one since the last. */
async function askAt({ endpoint }: BridgeProcess, message: object) {
  const tui = connectReq(endpoint)
  const reply = await tui.ask(message)
  tui.close()
  return reply
}

/** Creates a session; the bridge has everything of the client when it resolves. */
async function beginAt(bridge: BridgeProcess) {
  const { session_id } = await bridge.run('create_session', CLIENT)
  await bridge.told(/replica_complete/)
  return session_id
}

async function idsThere(stack: OfflineStack): Promise<unknown[]> {
  const { sessions } = await stack.elsewhere('list_client_sessions', { ...CLIENT, include: 'all' })
  return (sessions as { session_id: string }[]).map(({ session_id }) => session_id).sort()
}

/** Sends a message that takes effect in the service; its answer reaches nobody before the bridge is another one. */
async function sentBeforeRestart(
  stack: OfflineStack,
  message: object,
  done: () => Promise<void>,
  between?: () => void
) {
  stack.link.loseAnswers('/v1/messages')
  const unheard = stack.ask(message).catch(() => undefined)
  await done()
  await stack.restartBridge(between)
  await unheard
  stack.link.loseAnswers()
}

describe('a creation that took effect unheard, and was made on this machine meanwhile', () => {
  it.each(NAMED)('leaves one session under %s: the one that the client was told', async (_, m) => {
    await using stack = await startOfflineStack({ limits: LIMITS })
    const first = await stack.begin(CLIENT)
    stack.link.loseAnswers('/v1/messages')
    const caughtUp = stack.log.nth('caught_up', stack.log.of('caught_up').length + 1)
    const told = await stack.ask(m)
    expect(told).toMatchObject({ status: 'success', meta: { persistence: 'journaled' } })
    stack.link.loseAnswers()
    await caughtUp
    expect(await idsThere(stack)).toEqual([first, told.result?.session_id].sort())
  })

  it.each(LASTING)(
    'leaves one under %s too if the bridge was stopped meanwhile',
    async (_, message) => {
      await using stack = await startOfflineStack({ limits: { graceMs: 0 } })
      const first = await stack.begin(CLIENT)
      await sentBeforeRestart(stack, message, () =>
        expect.poll(() => idsThere(stack)).toHaveLength(2)
      )
      await stack.away()
      const told = await stack.ask(message)
      expect(told).toMatchObject({ status: 'success', meta: { persistence: 'journaled' } })
      await stack.back()
      expect(await idsThere(stack)).toEqual([first, told.result?.session_id].sort())
    }
  )

  it.each(LASTING)(
    'leaves one under %s too if the bridge was killed meanwhile',
    async (_, message) => {
      await using stack = await startOfflineStack()
      await using bridge = await startBridgeProcess({
        upstream: stack.link.url,
        folder: stack.spare,
      })
      const first = await beginAt(bridge)
      stack.link.loseAnswers('/v1/messages')
      const unheard = connectReq(bridge.endpoint)
      const attempt = unheard.ask(message).then(
        () => 'answered',
        () => 'unanswered'
      )
      await stack.link.came(create.parameters.name)
      // It would answer itself, in time.
      bridge.freeze()
      await expect.poll(() => idsThere(stack)).toHaveLength(2)
      await bridge.killAndRestart(() => stack.link.cut())
      unheard.close()
      expect(await attempt).toBe('unanswered')
      const told = await askAt(bridge, message)
      expect(told).toMatchObject({ status: 'success', meta: { persistence: 'journaled' } })
      expect(told.meta).not.toHaveProperty('replayed')
      stack.link.loseAnswers()
      await stack.link.mend()
      await bridge.told(/caught_up/)
      expect(await idsThere(stack)).toEqual([first, told.result?.session_id].sort())
    }
  )
})

describe('a creation that waits to be delivered', () => {
  it.each(LASTING)(
    'is answered from here under %s though the service is there',
    async (_, message) => {
      await using stack = await startOfflineStack()
      const first = await stack.begin(CLIENT)
      await stack.away()
      const told = await stack.ask(message)
      const session_id = told.result?.session_id
      // With a change behind it, it is delivered in a batch, which does not arrive.
      await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
      stack.link.loseRequests('/v1/batches')
      const up = stack.log.nth('uplink_up', stack.log.of('uplink_up').length + 1)
      await stack.link.mend()
      await up
      const again = await stack.ask(message)
      expect(again).toMatchObject({
        meta: { replayed: true, persistence: 'journaled' },
        result: { session_id },
      })
      stack.link.loseRequests()
      await stack.away()
      await stack.back()
      expect(await idsThere(stack)).toEqual([first, session_id].sort())
    }
  )
})

describe('a creation that the service has answered', () => {
  it.each(NAMED)(
    'has the same answer here under %s, however soon the bridge was killed',
    async (_, m) => {
      await using stack = await startOfflineStack()
      await using bridge = await startBridgeProcess({
        upstream: stack.link.url,
        folder: stack.spare,
      })
      await beginAt(bridge)
      const told = await askAt(bridge, m)
      await bridge.killAndRestart(() => stack.link.cut())
      const again = await askAt(bridge, m)
      expect(again.meta).toMatchObject({ replayed: true })
      expect(again.result).toEqual(told.result)
    }
  )

  it.each(NAMED)('has the same answer here under %s, also after a restart', async (_, message) => {
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    const told = await stack.ask(message)
    await stack.restartBridge()
    await stack.away()
    const again = await stack.ask(message)
    expect(again.meta).toMatchObject({ replayed: true })
    expect(again.result).toEqual(told.result)
    const { session_count } = await stack.run('list_client_sessions', CLIENT)
    expect(session_count).toBe(2)
  })
})

describe('a change that took effect unheard', () => {
  it.each(LASTING)(
    'is not made again under %s by a bridge of another folder',
    async (_, { id, ...named }) => {
      await using stack = await startOfflineStack({ limits: { graceMs: 0 } })
      const session_id = await stack.begin(CLIENT)
      const append = (n: number) => ({ session_id, components: { evaluation_history: [n] } })
      const message = { ...named, id, command: 'save_context', parameters: append(1) }
      const there = () => stack.elsewhere('get_session_info', { session_id, state: true })
      const done = () => expect.poll(there).toMatchObject({ revision: 2 })
      await sentBeforeRestart(stack, message, done, () => rmSync(stack.folder, { recursive: true }))
      await stack.elsewhere('save_context', append(2))
      expect(await stack.ask(message)).toMatchObject({ meta: { replayed: true } })
      expect(await there()).toMatchObject({ revision: 3, evaluation_history: [1, 2] })
    }
  )
})
