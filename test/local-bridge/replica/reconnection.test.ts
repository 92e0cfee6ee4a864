import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../../local-bridge/limits.ts'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

describe('a network that comes and goes', () => {
  it('is found again without a request', async () => {
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    await stack.away()
    await stack.link.mend()
    expect(await stack.log.nth('uplink_up', 1)).toBeDefined()
  })

  it('that swallows everything is found out by the request that meets it, which is answered from here', async () => {
    await using stack = await startOfflineStack({ limits: LIMITS })
    const session_id = await stack.begin(CLIENT)
    stack.link.swallow()
    const down = stack.log.nth('uplink_down', 1)
    const update = { session_id, state_data: { n: 1 } }
    await stack.run('update_session_state', update)
    await down
    await stack.back()
    const info = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(info).toMatchObject({ revision: 2, session_state: { n: 1 } })
  })

  it('leaving dead connections behind costs one request two seconds, and the next one nothing', async () => {
    await using stack = await startOfflineStack({ limits: LIMITS })
    const session_id = await stack.begin(CLIENT)
    stack.link.deaden()
    const update = (n: number) => ({
      id: `u-${n}`,
      command: 'update_session_state',
      parameters: { session_id, state_data: { n } },
    })
    const caughtUp = stack.log.nth('caught_up', 1)
    expect(await stack.ask(update(1))).toMatchObject({ meta: { persistence: 'journaled' } })
    await caughtUp
    expect(await stack.ask(update(2))).toMatchObject({
      result: { revision: 3 },
      meta: { persistence: 'durable' },
    })
  })

  it('many times loses nothing: no request fails, and every change is there once', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin(CLIENT)
    for (let n = 1; n <= 30; n += 1) {
      if (n % 10 === 3) await stack.link.cut()
      if (n % 10 === 8) await stack.link.mend()
      const { revision } = await stack.run('update_session_state', {
        session_id,
        state_data: { n },
      })
      expect(revision).toBe(n + 1)
    }
    const state = async () => stack.elsewhere('get_session_info', { session_id, state: true })
    await expect.poll(state).toMatchObject({ revision: 31 })
    expect(await state()).toMatchObject({ session_state: { n: 30 } })
    const { session_count } = await stack.elsewhere('list_client_sessions', {
      ...CLIENT,
      include: 'all',
    })
    expect(session_count).toBe(1)
  })

  it('while the service makes it wait drops nothing', async () => {
    await using stack = await startOfflineStack({
      settings: { STUI_COMMANDS_PER_MINUTE: '600', STUI_COMMAND_BURST: '20' },
    })
    const session_id = await stack.begin(CLIENT)
    await stack.away()
    for (let n = 1; n <= 40; n += 1) {
      await stack.run('update_session_state', { session_id, state_data: { n } })
    }
    await stack.back()
    const info = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(info).toMatchObject({ revision: 41, session_state: { n: 40 } })
    expect(stack.log.of('delivery_refused')).toEqual([])
  })
})
