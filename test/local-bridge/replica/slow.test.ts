import { describe, expect, it } from 'vitest'
import { BRIDGE_DEADLINE_MS, LIMITS } from '../../../local-bridge/limits.ts'
import { LOOK_MS } from '../../../local-bridge/replica/link.ts'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

describe('a service that has frozen', () => {
  it('is found out within three seconds: two for an answer, one for a look', () => {
    expect(LIMITS.standInAfterMs + LOOK_MS).toBeLessThanOrEqual(3000)
    expect(LIMITS.standInAfterMs).toBeLessThan(BRIDGE_DEADLINE_MS)
  })

  it('is waited for once, for two seconds; what it did unheard is done once', async () => {
    await using stack = await startOfflineStack({ limits: LIMITS })
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
    await stack.log.nth('uplink_down', 1)

    const sent = stack.link.requests.length
    const created = await stack.run('create_session', { ...CLIENT, state_data: { made: 'now' } })
    expect(stack.link.requests.slice(sent)).not.toContain('/v1/messages')

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
    await using stack = await startOfflineStack({ limits: LIMITS })
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
