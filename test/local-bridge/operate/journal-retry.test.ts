import { describe, expect, it } from 'vitest'
import { bridgeStatusSchema } from '../../../local-bridge/operate/bridge-status.ts'
import { runProgram } from '../../support/bridge-program.ts'
import { freePort } from '../../support/free-port.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

/** The service takes less than a replica, which does not know its settings. */
const TIGHT = { STUI_SESSION_BYTES: '2000' }

const large = (n: number) => ({ n, text: 'x'.repeat(3000) })

type Scene = AsyncDisposable & {
  readonly stack: OfflineStack
  readonly session_id: string
  /** Calls `journal retry` for the data folder and the bridge of the scene. */
  retry(...args: string[]): ReturnType<typeof runProgram>
  /** The numbers of what was refused. */
  refused(): Promise<string[]>
  /** From now on the service takes what it refused. */
  raise(): Promise<void>
}

/** Changes of one session that the service has refused for good, one on top of the other. */
async function startScene(changes = 1): Promise<Scene> {
  const stack = await startOfflineStack({ settings: TIGHT })
  const session_id = await stack.begin({ ...CLIENT, name: 'parser', state_data: { n: 0 } })
  if (changes > 0) {
    await stack.away()
    for (let n = 1; n <= changes; n++) {
      await stack.run('update_session_state', { session_id, state_data: large(n) })
    }
    await stack.back()
  }
  const asked = await stack.ask({ id: 1, command: 'bridge_status', parameters: {} })
  const { endpoint } = bridgeStatusSchema.parse(asked.result)
  return {
    stack,
    session_id,
    retry: (...args) =>
      runProgram(['journal', 'retry', '--data', stack.folder, '--listen', endpoint, ...args]),
    refused: async () => {
      const { out } = await runProgram(['journal', '--json', '--data', stack.folder])
      const records: { sequence: number; state: string }[] = JSON.parse(out).records
      return records.filter(({ state }) => state === 'refused').map((one) => String(one.sequence))
    },
    raise: async () => {
      const up = stack.log.nth('uplink_up', stack.log.of('uplink_up').length + 1)
      await stack.away()
      await stack.restartWorker({})
      await stack.link.mend()
      await up
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}

async function inService({ stack, session_id }: Scene, id = session_id) {
  return stack.elsewhere('get_session_info', { session_id: id, state: true })
}

async function sessionsOf({ stack }: Scene) {
  const { sessions } = await stack.elsewhere('list_client_sessions', CLIENT)
  return sessions as { session_id: string; name: string }[]
}

describe('stui-bridge journal retry', () => {
  it('sends again what was refused, in its order, once the limit was raised', async () => {
    await using scene = await startScene(3)
    const { stack, session_id } = scene
    expect(await scene.refused()).toHaveLength(3)
    await scene.raise()
    const caughtUp = stack.log.nth('caught_up', stack.log.of('caught_up').length + 1)
    expect(await scene.retry('all')).toEqual({
      ...{ code: 0, err: '' },
      out: '3 refused changes put back.\n3 changes delivered.\n',
    })
    expect(await inService(scene)).toMatchObject({ revision: 4, session_state: large(3) })
    expect(await sessionsOf(scene)).toHaveLength(1)
    expect(stack.log.of('refused_retried')).toEqual([{ event: 'refused_retried', changes: 3 }])
    expect(await caughtUp).toMatchObject({ delivered: 3 })
    const status = await stack.ask({ id: 2, command: 'bridge_status', parameters: {} })
    expect(status).toMatchObject({ result: { journal: { refused: 0, records: 0 } } })
    await stack.away()
    const here = await stack.run('restore_session', { session_id })
    expect(here).toMatchObject({ revision: 4, session_state: large(3) })
  })

  it('sends only what is named', async () => {
    await using scene = await startScene(2)
    const [first = '', second = ''] = await scene.refused()
    await scene.raise()
    const done = await scene.retry(second, '--json')
    expect({ ...done, out: JSON.parse(done.out) }).toMatchObject({
      code: 0,
      out: { retried: 1, delivered: [Number(second)], refused: [], waiting: [], waiting_for: null },
    })
    expect(await inService(scene)).toMatchObject({ revision: 2, session_state: large(2) })
    expect(await scene.refused()).toEqual([first])
  })

  it('says what is refused again and why, and keeps it', async () => {
    await using scene = await startScene()
    const [sequence = ''] = await scene.refused()
    const { code, out } = await scene.retry(sequence)
    expect(code).toBe(1)
    expect(out).toMatch(
      new RegExp(
        `^1 refused change put back.\n1 change refused again and kept:\n${sequence} +session_too_large: .+\n$`
      )
    )
    expect(scene.stack.log.of('delivery_refused')).toHaveLength(2)
    expect(await scene.refused()).toEqual([sequence])
    expect(await inService(scene)).toMatchObject({ revision: 1, session_state: { n: 0 } })
  })

  it('asks for somebody to be named, and does nothing where nothing was refused', async () => {
    await using scene = await startScene(0)
    const { code, err } = await scene.retry()
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining("missing required argument 'sequence'"),
    })
    expect(await scene.retry('x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('<sequence> must be numbers of changes'),
    })
    expect(await scene.retry('99')).toMatchObject({
      code: 1,
      err: 'There is no change 99 in the journal.\n',
    })
    expect(await scene.retry('all')).toEqual({ code: 0, out: 'Nothing was refused.\n', err: '' })
  })

  it('works where no bridge runs, too: the next one sends it', async () => {
    await using scene = await startScene(2)
    const { stack } = scene
    const refused = await scene.refused()
    await scene.raise()
    const caughtUp = stack.log.nth('caught_up', stack.log.of('caught_up').length + 1)
    const results: Awaited<ReturnType<typeof runProgram>>[] = []
    await stack.restartBridge(async () => {
      results.push(await scene.retry(...refused.toReversed()))
      results.push(await scene.retry(...refused))
    })
    expect(results).toMatchObject([
      {
        code: 0,
        out: '2 refused changes put back.\n2 changes waiting: sent when the bridge is started and the service answers.\n',
      },
      { code: 1, err: expect.stringContaining('what waits need not be sent again') },
    ])
    expect(await caughtUp).toMatchObject({ delivered: 2 })
    expect(await inService(scene)).toMatchObject({ revision: 3, session_state: large(2) })
  })

  it('while the service is away says that it is sent when it is back', async () => {
    await using scene = await startScene()
    const { stack } = scene
    await scene.raise()
    await stack.away()
    expect(await scene.retry('all')).toEqual({
      ...{ code: 0, err: '' },
      out: '1 refused change put back.\n1 change waiting: the service is away, and they are sent when it is back.\n',
    })
    await stack.back()
    expect(await inService(scene)).toMatchObject({ revision: 2, session_state: large(1) })
  })

  it('called twice at once sends it once', async () => {
    await using scene = await startScene()
    const [sequence = ''] = await scene.refused()
    await scene.raise()
    const done = await Promise.all([scene.retry(sequence), scene.retry(sequence)])
    expect(done.map(({ code }) => code)).toContain(0)
    expect(scene.stack.log.of('refused_retried')).toHaveLength(1)
    expect(await inService(scene)).toMatchObject({ revision: 2, session_state: large(1) })
    expect(await sessionsOf(scene)).toHaveLength(1)
  })

  it('says where to find the bridge that uses the files when it is not where it was looked for', async () => {
    await using scene = await startScene()
    const { code, err } = await scene.retry(
      'all',
      '--listen',
      `tcp://127.0.0.1:${await freePort()}`
    )
    expect(code).toBe(1)
    expect(err).toMatch(/^A bridge uses the journal and has to be asked, but nobody listens at /)
    expect(await scene.refused()).toHaveLength(1)
  })
})

describe('a change that is sent again', () => {
  it('is kept beside what was changed since: the session stays as it is, and the client is told of the copy', async () => {
    await using scene = await startScene(2)
    const { stack, session_id } = scene
    await scene.raise()
    await stack.run('update_session_state', { session_id, state_data: { by: 'desk, later' } })
    await stack.elsewhere('update_session_state', { session_id, object_registry: { o: 1 } })
    const caughtUp = stack.log.nth('caught_up', stack.log.of('caught_up').length + 1)
    const { code, ...told } = await scene.retry('all')
    expect(code, JSON.stringify(told)).toBe(0)
    await caughtUp
    const [copy, ...others] = (await sessionsOf(scene)).filter(
      (one) => one.session_id !== session_id
    )
    expect(others).toEqual([])
    expect(copy?.name).toMatch(/^parser \(conflict /)
    const kept = await inService(scene, copy?.session_id)
    expect(kept).toMatchObject({ session_state: large(2) })
    expect(kept).not.toHaveProperty('object_registry')
    const next = await stack.ask({
      ...{ id: 'n', command: 'update_session_state' },
      parameters: { session_id, state_data: { by: 'desk, at last' } },
    })
    expect(next.meta?.warnings).toEqual([expect.stringContaining(String(copy?.session_id))])
    expect(await inService(scene)).toMatchObject({
      ...{ revision: 4, session_state: { by: 'desk, at last' }, object_registry: { o: 1 } },
    })
    expect(stack.log.of('conflict_kept')).toHaveLength(1)
  })

  it('does not take with it what was done meanwhile without it: both are kept', async () => {
    await using scene = await startScene()
    const { stack, session_id } = scene
    await scene.raise()
    await stack.away()
    await scene.retry('all')
    await stack.run('update_session_state', { session_id, state_data: { n: 'meanwhile' } })
    await stack.back()
    expect(await inService(scene)).toMatchObject({ revision: 2, session_state: large(1) })
    const copy = (await sessionsOf(scene)).find((one) => one.session_id !== session_id)
    expect(await inService(scene, copy?.session_id)).toMatchObject({
      session_state: { n: 'meanwhile' },
    })
  })

  it('is known to the service by what it was from the beginning, whose refusal is not kept as an answer', async () => {
    await using scene = await startScene(0)
    const { stack, session_id } = scene
    const message = {
      ...{ id: '0190a6b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b', command: 'update_session_state' },
      ...{ idempotency_key: 'k', parameters: { session_id, state_data: large(1) } },
    }
    await stack.away()
    expect(await stack.ask(message)).toMatchObject({ meta: { persistence: 'journaled' } })
    await stack.back()
    expect(await scene.refused()).toHaveLength(1)
    await scene.raise()
    const { code, ...told } = await scene.retry('all')
    expect(code, JSON.stringify(told)).toBe(0)
    expect(await stack.ask(message)).toMatchObject({
      result: { revision: 2 },
      meta: { replayed: true, persistence: 'durable' },
    })
    expect(await inService(scene)).toMatchObject({ revision: 2 })
  })

  it('opens a session under the id that its client was told, and what followed goes into it', async () => {
    await using scene = await startScene(0)
    const { stack } = scene
    await stack.away()
    const made = await stack.run('create_session', { ...CLIENT, state_data: large(1) })
    const session_id = String(made.session_id)
    await stack.run('update_session_state', { session_id, object_registry: { o: 1 } })
    await stack.run('renew_session', { session_id })
    await stack.run('update_session_state', { session_id, object_registry: { o: 2 } })
    await stack.back()
    const refused = await scene.refused()
    expect(refused.length).toBeGreaterThan(2)
    await scene.raise()
    const done = await scene.retry('all')
    expect(done).toMatchObject({
      ...{ code: 0, out: expect.stringContaining(`${refused.length} changes delivered.`) },
    })
    expect(await inService(scene, session_id)).toMatchObject({
      ...{ revision: 3, session_state: large(1), object_registry: { o: 2 } },
    })
    expect(await sessionsOf(scene)).toHaveLength(2)
  })
})

describe('a bridge that is asked to send a change again', () => {
  it('does so only for whoever knows the sealed message', async () => {
    await using scene = await startScene()
    const [sequence = ''] = await scene.refused()
    const ask = (records: object) =>
      scene.stack.ask({ id: 1, command: 'bridge_retry_refused', parameters: { records } })
    const guess = { sequence: Number(sequence), digest: '0'.repeat(64) }
    expect(await ask([{ route: 'r'.repeat(22), ...guess }])).toMatchObject({
      result: { waiting: 0 },
    })
    expect(await ask([{ route: '../x', ...guess }])).toMatchObject({
      error_code: 'invalid_parameter',
      error: expect.stringContaining('records.0.route'),
    })
    expect(await scene.refused()).toEqual([sequence])
  })
})
