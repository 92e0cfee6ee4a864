import { rmSync } from 'node:fs'
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

  it.each([
    ['an idempotency key', { id: 1, idempotency_key: 'k' }],
    ['a unique message id', { id: '0190a6b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b' }],
  ])(
    'does what followed once under %s, also if another bridge brings it again',
    async (_, named) => {
      await using stack = await startOfflineStack()
      const session_id = await stack.begin(CLIENT)
      await stack.away()
      const add = (n: number) => ({ session_id, components: { evaluation_history: [n] } })
      await stack.run('save_context', add(1))
      const followed = { ...named, command: 'save_context', parameters: add(2) }
      expect(await stack.ask(followed)).toMatchObject({ meta: { persistence: 'journaled' } })
      await stack.run('save_context', add(3))
      await stack.elsewhere('save_context', add(9))
      await stack.back()

      await stack.restartBridge(() => rmSync(stack.folder, { recursive: true }))
      const again = await stack.ask(followed)
      expect(again.meta).toMatchObject({ replayed: true, persistence: 'durable' })
      const state = { state: true }
      const theirs = await stack.elsewhere('get_session_info', { session_id, ...state })
      expect(theirs).toMatchObject({ revision: 2, evaluation_history: [9] })
      const copy = { session_id: again.result?.session_id, ...state }
      const ours = await stack.elsewhere('get_session_info', copy)
      expect(ours).toMatchObject({ evaluation_history: [1, 2, 3] })
    }
  )

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
