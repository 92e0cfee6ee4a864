import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../../local-bridge/limits.ts'
import { startBridgeProcess } from '../../support/bridge-process.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }
const BATCHES = '/v1/batches'
const SESSIONS = 4
const UPDATES = 2000

/** Requests that this may take: the batches, and what it takes to compare the copies with the service. */
const MOST_REQUESTS = 60

async function revisionsOf(stack: OfflineStack, session_id: string): Promise<number[]> {
  const { revisions } = await stack.elsewhere('list_session_revisions', { session_id })
  return (revisions as { revision: number }[]).map(({ revision }) => revision)
}

const stateOf = (stack: OfflineStack, session_id: string) =>
  stack.elsewhere('get_session_info', { session_id, state: true })

describe('a large journal', () => {
  it('is delivered in few requests, in the order of each session', async () => {
    await using stack = await startOfflineStack()
    const sessions: string[] = []
    for (let n = 0; n < SESSIONS; n += 1) sessions.push(await stack.begin(CLIENT))
    await stack.away()
    for (let n = 1; n <= UPDATES / SESSIONS; n += 1) {
      for (const session_id of sessions) {
        await stack.run('update_session_state', { session_id, state_data: { n } })
      }
    }
    const before = stack.link.requests.length
    await stack.back()
    const posted = stack.link.requests.slice(before).filter((path) => path.startsWith('/v1/'))
    expect(posted.filter((path) => path === BATCHES)).toHaveLength(UPDATES / 50)
    expect(posted.length).toBeLessThanOrEqual(MOST_REQUESTS)
    expect(stack.log.of('caught_up').at(-1)).toMatchObject({ delivered: UPDATES })
    const n = UPDATES / SESSIONS
    for (const session_id of sessions) {
      expect(await stateOf(stack, session_id)).toMatchObject({
        revision: n + 1,
        session_state: { n },
      })
    }
  })

  it('of a session that was made offline is delivered with its creation', async () => {
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    await stack.away()
    const { session_id } = await stack.run('create_session', { ...CLIENT, name: 'made offline' })
    for (let n = 1; n <= 3; n += 1) {
      await stack.run('update_session_state', { session_id, state_data: { n } })
    }
    await stack.run('close_session', { session_id })
    await stack.back()
    expect(stack.link.requests.filter((path) => path === BATCHES)).toHaveLength(1)
    expect(await stateOf(stack, String(session_id))).toMatchObject({
      ...{ name: 'made offline', status: 'closed', revision: 4, session_state: { n: 3 } },
    })
  })
})

describe('a batch', () => {
  it('whose answer got lost is delivered again, and has its effect once', async () => {
    await using stack = await startOfflineStack()
    const session_id = await stack.begin(CLIENT)
    await stack.away()
    for (let n = 1; n <= 30; n += 1) {
      await stack.run('update_session_state', { session_id, state_data: { n } })
    }
    stack.link.loseAnswers(BATCHES)
    await stack.link.mend()
    const info = () => stack.elsewhere('get_session_info', { session_id })
    await expect.poll(info).toMatchObject({ revision: 31 })
    expect(stack.log.of('caught_up')).toEqual([])
    stack.link.loseAnswers()
    await stack.back()
    expect(await stateOf(stack, session_id)).toMatchObject({
      revision: 31,
      session_state: { n: 30 },
    })
    expect(stack.log.of('conflict_kept')).toEqual([])
  })

  it('in the middle of which the bridge is killed has its effect once, in its order', async () => {
    await using stack = await startOfflineStack()
    await using bridge = await startBridgeProcess({
      ...{ upstream: stack.link.url, folder: stack.spare },
    })
    const created = await bridge.run('create_session', CLIENT)
    const session_id = String(created.session_id)
    await bridge.told(/replica_complete/)
    await stack.away()
    const updates = 120
    for (let n = 1; n <= updates; n += 1) {
      const state_data = { n, text: 'Smalltalk '.repeat(500) }
      await bridge.run('update_session_state', { session_id, state_data })
    }
    stack.link.loseAnswers(BATCHES)
    await stack.link.mend()
    const started = async () => Number((await stateOf(stack, session_id)).revision) > 1
    await expect.poll(started, { interval: 1 }).toBe(true)
    await bridge.killAndRestart(() => stack.link.loseAnswers())
    await bridge.told(/caught_up/)
    expect(await stateOf(stack, session_id)).toMatchObject({
      revision: updates + 1,
      session_state: { n: updates },
    })
    const revisions = await revisionsOf(stack, session_id)
    expect(revisions).toEqual(revisions.map((_, index) => updates + 1 - index))
    const { session_count } = await stack.elsewhere('list_client_sessions', CLIENT)
    expect(session_count).toBe(1)
  })

  it('that meets a conflict in its middle is gone on with in the copy', async () => {
    await using stack = await startOfflineStack({ limits: LIMITS })
    const session_id = await stack.begin({ ...CLIENT, name: 'parser' })
    // The first change takes effect unheard, so that it is recognised; the conflict is met behind it.
    stack.link.loseAnswers('/v1/messages')
    await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
    await stack.away()
    stack.link.loseAnswers()
    await stack.run('update_session_state', { session_id, state_data: { n: 2 } })
    await stack.run('update_session_state', { session_id, state_data: { n: 3 } })
    await stack.run('update_session_state', { session_id, object_registry: { o: 1 } })
    await stack.elsewhere('update_session_state', { session_id, state_data: { by: 'laptop' } })
    await stack.back()
    expect(stack.link.requests).toContain(BATCHES)
    expect(await stateOf(stack, session_id)).toMatchObject({
      revision: 3,
      session_state: { by: 'laptop' },
    })
    const { sessions } = await stack.elsewhere('list_client_sessions', CLIENT)
    const others = (sessions as { session_id: string }[]).filter(
      (one) => one.session_id !== session_id
    )
    expect(others).toHaveLength(1)
    expect(await stateOf(stack, String(others[0]?.session_id))).toMatchObject({
      session_state: { n: 3 },
      object_registry: { o: 1 },
    })
    expect(stack.log.of('conflict_kept')).toHaveLength(1)
    expect(stack.log.of('delivery_refused')).toEqual([])
  })
})
