// A night between two messages: the Worker's time is moved, and the TUI knows nothing of leases.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeOptions, startBridge } from '../../local-bridge/start-bridge.ts'
import { startCuttableLink } from '../support/cuttable-link.ts'
import { createEventLog, type EventLog } from '../support/event-log.ts'
import { HOUR } from '../support/fixed-clock.ts'
import type { Members } from '../support/fixtures.ts'
import { type ImageStage, STAGE_START, startImageStage } from '../support/image-stage.ts'
import { PATIENT } from '../support/patience.ts'
import { connectReq } from '../support/req-client.ts'
import { temporaryFolder } from '../support/stack-process.ts'
import { createTui, refusalOf, TUI_DIALECTS, type Tui, type TuiDialect } from '../support/tui.ts'

const NIGHT = 14 * HOUR

let stage: ImageStage
let started: AsyncDisposableStack
let log: EventLog
beforeAll(async () => {
  stage = await startImageStage({ settings: { STUI_MAX_SESSIONS_PER_CLIENT: '2' } })
})
afterAll(() => stage[Symbol.asyncDispose]())
beforeEach(() => {
  started = new AsyncDisposableStack()
  log = createEventLog()
})
afterEach(() => started.disposeAsync())

/** A TUI behind a bridge of its own. */
async function tuiBehind(options: Partial<BridgeOptions> = {}, dialect: TuiDialect = 'A') {
  const bridge = await startBridge({
    ...{ listen: 'tcp://127.0.0.1:*', upstream: stage.url, log: log.log, limits: PATIENT },
    ...options,
  })
  started.defer(bridge.stop)
  const client = connectReq(bridge.endpoint)
  started.defer(client.close)
  return createTui(dialect, async (message) => (await client.send(message)).toString())
}

let clients = 0

/** A session that nobody has worked with for a night. */
async function sleeping(tui: Tui): Promise<{ client_id: string; session_id: string }> {
  clients += 1
  const client_id = `sleeper-${clients}`
  const { session_id } = await tui.run('create_session', { client_id, state_data: { n: 1 } })
  await stage.advance(NIGHT)
  return { client_id, session_id: String(session_id) }
}

const warningsOf = ({ meta }: Members) => (meta as Members | undefined)?.warnings

describe.each(TUI_DIALECTS)('a session whose lease has ended over night, dialect %s', (dialect) => {
  it.each([
    ['restore_session', {}],
    ['load_context', {}],
    ['update_session_state', { state_data: { n: 2 } }],
    ['save_context', { components: { user_preferences: { theme: 'dark' } } }],
    ['clear_context', { components: ['session_state'] }],
    ['revert_session', { revision: 1 }],
    ['renew_session', {}],
  ])('goes on with %s, and the answer says so', async (command, parameters) => {
    const tui = await tuiBehind({}, dialect)
    const { session_id } = await sleeping(tui)
    const reply = await tui.ask(command, { session_id, ...parameters })
    expect(reply).toMatchObject({ status: 'success', result: { session_id } })
    expect(warningsOf(reply)).toEqual([expect.stringContaining('the bridge has made it active')])
    expect(log.of('session_revived')).toHaveLength(1)
    const next = await tui.ask('restore_session', { session_id })
    expect(next).toMatchObject({ status: 'success', result: { is_active: true } })
    expect(warningsOf(next)).toBeUndefined()
  })

  it('is found by whoever asks for the one that was used last', async () => {
    const tui = await tuiBehind({}, dialect)
    const { client_id, session_id } = await sleeping(tui)
    expect(await tui.run('restore_session', { client_id, latest: true })).toMatchObject({
      ...{ session_id, is_active: true, session_state: { n: 1 } },
    })
  })

  it('is refused while no active session is to spare, with what to close', async () => {
    const tui = await tuiBehind({}, dialect)
    const { client_id, session_id } = await sleeping(tui)
    const [oldest] = [await tui.run('create_session', { client_id })]
    await tui.run('create_session', { client_id })
    const refused = refusalOf(await tui.ask('restore_session', { session_id }))
    expect(refused.error_code).toBe('session_limit_exceeded')
    const [close] = refused.recovery
    expect(close).toMatchObject({ parameters: { session_id: oldest.session_id } })
    await tui.run(String(close?.command), close?.parameters)
    expect(await tui.run('restore_session', { session_id })).toMatchObject({ is_active: true })
  })
})

describe('a session whose lease has ended', () => {
  it.each([
    ['says itself that it should not be revived', 'restore_session', { revive: false }],
    [
      'only asks what would become of it',
      'switch_image_context',
      { from_image_id: '', to_image_id: 'pharo', dry_run: true },
    ],
  ])('is left alone by a message that %s', async (_, command, parameters) => {
    const tui = await tuiBehind()
    const { session_id } = await sleeping(tui)
    const refused = refusalOf(await tui.ask(command, { session_id, ...parameters }))
    expect(refused.error_code).toBe('session_expired')
    expect(await tui.run('get_session_info', { session_id })).toMatchObject({ status: 'expired' })
  })

  it('is refused by a bridge that was told to', async () => {
    const tui = await tuiBehind({ expired: 'refuse' })
    const { session_id } = await sleeping(tui)
    const refused = refusalOf(await tui.ask('restore_session', { session_id }))
    expect(refused.error_code).toBe('session_expired')
  })

  it('stays closed if somebody has closed it', async () => {
    const tui = await tuiBehind()
    const { session_id } = await sleeping(tui)
    await tui.run('close_session', { session_id })
    const refused = refusalOf(await tui.ask('restore_session', { session_id }))
    expect(refused.error_code).toBe('session_closed')
  })

  it('goes on while the service is away, and what was done is delivered', async () => {
    // To the bridge, whose clock is the machine's, the lease ended long ago.
    const past = await startImageStage()
    started.use(past)
    await past.advance(Date.UTC(2026, 0, 1) - STAGE_START)
    const link = await startCuttableLink(past.url)
    const replica = { folder: temporaryFolder() }
    const tui = await tuiBehind({ upstream: link.url, replica })
    const complete = log.nth('replica_complete', 1)
    const { session_id } = await tui.run('create_session', { client_id: 'traveller' })
    await complete
    await link.cut()
    const update = { session_id, state_data: { written: 'in a tunnel' } }
    expect(await tui.ask('update_session_state', update)).toMatchObject({
      ...{ status: 'success', result: { revision: 2 }, meta: { persistence: 'journaled' } },
    })
    expect(log.of('session_revived')).toHaveLength(1)
    const caughtUp = log.nth('caught_up', 1)
    await link.mend()
    await caughtUp
    expect(await past.tui('A').run('get_session_info', { session_id, state: true })).toMatchObject({
      ...{ revision: 2, session_state: { written: 'in a tunnel' } },
    })
    await link.cut()
  })
})
