// How safe an answer of this machine is, by the answer itself.

import { expect, it } from 'vitest'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

async function metaOf(stack: OfflineStack, command: string, parameters: object) {
  const reply = await stack.ask({
    id: `${command}-${stack.log.events.length}`,
    command,
    parameters,
  })
  expect(reply.status).toBe('success')
  return reply.meta
}

const CACHED = { persistence: 'cached', source: 'replica', stale_s: expect.any(Number) }
const JOURNALED = { ...CACHED, persistence: 'journaled' }

it('what is read says whether something of it is still on its way to the service', async () => {
  await using stack = await startOfflineStack()
  const quiet = await stack.begin({ ...CLIENT, state_data: { n: 0 } })
  const busy = await stack.begin({ ...CLIENT, state_data: { n: 0 } })
  const list = () => metaOf(stack, 'list_client_sessions', CLIENT)
  await stack.away()
  expect(await metaOf(stack, 'restore_session', { session_id: busy })).toMatchObject(CACHED)
  expect(await list()).toMatchObject(CACHED)

  const update = { session_id: busy, state_data: { n: 1 } }
  expect(await metaOf(stack, 'update_session_state', update)).toMatchObject(JOURNALED)
  expect(await metaOf(stack, 'restore_session', { session_id: busy })).toMatchObject(JOURNALED)
  expect(await metaOf(stack, 'get_session_info', { session_id: quiet })).toMatchObject(CACHED)
  expect(await list()).toMatchObject(JOURNALED)

  await stack.back()
  const restored = await metaOf(stack, 'restore_session', { session_id: busy })
  expect(restored).toMatchObject({ persistence: 'durable' })
  expect(restored).not.toHaveProperty('source')
  expect(restored).not.toHaveProperty('stale_s')
})

it('a session that is made active again is on its way, and one that is active already is not', async () => {
  await using stack = await startOfflineStack()
  const session_id = await stack.begin(CLIENT)
  await stack.run('close_session', { session_id })
  await stack.away()
  const revive = () => metaOf(stack, 'restore_session', { session_id, revive: true })
  expect(await revive()).toMatchObject(JOURNALED)
  const waiting = async () => {
    const { journal } = await stack.run('bridge_status', {})
    return journal
  }
  expect(await waiting()).toMatchObject({ records: 1 })
  await revive()
  expect(await waiting()).toMatchObject({ records: 1 })
})

it('a refusal of this machine says whose it is', async () => {
  await using stack = await startOfflineStack()
  const session_id = await stack.begin(CLIENT)
  await stack.run('close_session', { session_id })
  await stack.away()
  const refused = await stack.ask({
    ...{ id: 'r', command: 'update_session_state' },
    parameters: { session_id, state_data: {} },
  })
  expect(refused).toMatchObject({ error_code: 'session_closed', meta: { source: 'replica' } })
  expect(refused.meta).not.toHaveProperty('persistence')
})
