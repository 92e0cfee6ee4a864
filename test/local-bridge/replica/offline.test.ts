import { describe, expect, it } from 'vitest'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

describe('work while the service is away', () => {
  it('goes on: updates are kept on this machine, read back, and delivered when the service is there again', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, state_data: { n: 0 } })
    await stack.away()

    const updated = await stack.ask({
      id: 'u-1',
      command: 'update_session_state',
      parameters: { session_id, state_data: { n: 1 } },
    })
    expect(updated).toMatchObject({
      id: 'u-1',
      status: 'success',
      result: { session_id, revision: 2, session_state: { n: 1 }, changed: ['session_state'] },
      meta: { persistence: 'journaled', stale_s: expect.any(Number) },
    })
    const restored = await stack.run('restore_session', { session_id })
    expect(restored).toMatchObject({ session_state: { n: 1 }, revision: 2 })
    const { session_id: second } = await stack.run('create_session', {
      ...CLIENT,
      name: 'on the train',
    })
    expect(second).toMatch(/^session_0_\d+_/)
    await stack.run('update_session_state', { session_id: second, state_data: { made: 'offline' } })
    await stack.run('close_session', { session_id })
    const list = await stack.run('list_client_sessions', { ...CLIENT, include: 'all' })
    expect(list).toMatchObject({ session_count: 2 })

    await stack.back()
    const first = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(first).toMatchObject({ status: 'closed', revision: 2, session_state: { n: 1 } })
    const made = await stack.elsewhere('get_session_info', { session_id: second, state: true })
    expect(made).toMatchObject({
      name: 'on the train',
      status: 'active',
      session_state: { made: 'offline' },
    })
    expect(stack.log.of('delivery_refused')).toEqual([])
  })
})
