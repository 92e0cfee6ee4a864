import { describe, expect, it } from 'vitest'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

describe('a change made elsewhere while work went on offline', () => {
  it('keeps both: the offline work is a session of its own, with all that followed, and the client is told', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin({ ...CLIENT, name: 'parser' })
    await stack.away()
    await stack.run('update_session_state', { session_id, state_data: { by: 'desk', n: 1 } })
    await stack.run('update_session_state', { session_id, object_registry: { o: 1 } })

    await stack.elsewhere('update_session_state', { session_id, state_data: { by: 'laptop' } })
    await stack.back()

    const theirs = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(theirs).toMatchObject({ revision: 2, session_state: { by: 'laptop' } })
    const { sessions } = await stack.elsewhere('list_client_sessions', CLIENT)
    const copy = (sessions as { session_id: string; name: string }[]).find(
      (one) => one.session_id !== session_id
    )
    expect(copy?.name).toMatch(/^parser \(conflict \d{4}-\d\d-\d\d\)$/)
    const ours = await stack.elsewhere('get_session_info', {
      session_id: copy?.session_id,
      state: true,
    })
    expect(ours).toMatchObject({ session_state: { by: 'desk', n: 1 }, object_registry: { o: 1 } })

    const next = await stack.ask({
      id: 'r',
      command: 'restore_session',
      parameters: { session_id },
    })
    expect(next).toMatchObject({ result: { session_state: { by: 'laptop' } } })
    expect(next.meta?.warnings).toEqual([
      expect.stringContaining(`is the session ${copy?.session_id}, named "${copy?.name}"`),
    ])
    const again = await stack.ask({
      id: 's',
      command: 'restore_session',
      parameters: { session_id },
    })
    expect(again.meta?.warnings).toBeUndefined()
    expect(stack.log.of('conflict_kept')).toHaveLength(1)

    await stack.away()
    const offline = await stack.run('restore_session', { session_id })
    expect(offline).toMatchObject({ session_state: { by: 'laptop' } })
  })

  it('that closed the session keeps the work in it, to be revived', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin(CLIENT)
    await stack.away()
    await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
    await stack.elsewhere('close_session', { session_id })
    await stack.back()
    const kept = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(kept).toMatchObject({ status: 'closed', session_state: { n: 1 } })
    expect(stack.log.of('delivery_refused')).toEqual([])
  })

  it('that took the last active session keeps a session made offline, closed', async () => {
    await using stack = await startOfflineStack({ settings: { STUI_MAX_SESSIONS_PER_CLIENT: '2' } })
    await stack.begin(CLIENT)
    await stack.away()
    const { session_id } = await stack.run('create_session', { ...CLIENT, state_data: { n: 1 } })
    await stack.run('update_session_state', { session_id, state_data: { n: 2 } })
    await stack.elsewhere('create_session', CLIENT)
    await stack.back()
    const kept = await stack.elsewhere('get_session_info', { session_id, state: true })
    expect(kept).toMatchObject({ status: 'closed', session_state: { n: 2 } })
  })
})
