import { describe, expect, it } from 'vitest'
import { BRIDGE_DEADLINE_MS } from '../../../local-bridge/limits.ts'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

describe('a service that has frozen', () => {
  it('is waited for once, for two seconds; what it did unheard is done once', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin(CLIENT)
    stack.freeze()
    const since = performance.now()
    const update = {
      command: 'update_session_state',
      parameters: { session_id, state_data: { n: 1 } },
    }
    const slow = await stack.ask({ id: 'u-1', ...update })
    const waited = performance.now() - since
    expect(slow).toMatchObject({ result: { revision: 2 }, meta: { persistence: 'journaled' } })
    expect(waited).toBeGreaterThan(1900)
    expect(waited).toBeLessThan(BRIDGE_DEADLINE_MS)
    await stack.log.nth('uplink_down', 1)
    expect(performance.now() - since).toBeLessThan(3100)

    const before = performance.now()
    const created = await stack.run('create_session', { ...CLIENT, state_data: { made: 'now' } })
    expect(performance.now() - before).toBeLessThan(500)

    const caughtUp = stack.log.nth('caught_up', 1)
    stack.thaw()
    await caughtUp
    const first = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(first).toMatchObject({ revision: 2, session_state: { n: 1 } })
    const { sessions } = await stack.elsewhere('list_client_sessions', {
      ...CLIENT,
      include: 'all',
    })
    expect((sessions as { session_id: string }[]).map((one) => one.session_id).sort()).toEqual(
      [session_id, created.session_id].sort()
    )
    expect(stack.log.of('conflict_kept')).toEqual([])
  })

  it('that carries out a creation after all makes the session once, under the id that was told', async () => {
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    stack.freeze()
    const { session_id } = await stack.run('create_session', { ...CLIENT, name: 'told' })
    expect(session_id).toMatch(/^session_0_/)
    const caughtUp = stack.log.nth('caught_up', 1)
    stack.thaw()
    await caughtUp
    const { sessions } = await stack.elsewhere('list_client_sessions', {
      ...CLIENT,
      include: 'all',
    })
    const named = (sessions as { session_id: string; name: string }[]).filter(
      ({ name }) => name === 'told'
    )
    expect(named.map((one) => one.session_id)).toEqual([session_id])
  })
})
