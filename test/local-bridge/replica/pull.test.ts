import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deliver } from '../../../local-bridge/replica/deliver.ts'
import { createPull } from '../../../local-bridge/replica/pull.ts'
import { claim } from '../../../local-bridge/replica/replica.ts'
import { readAnswerText, type ServiceAnswer } from '../../../local-bridge/replica/service-answer.ts'
import { LEVEL } from '../../../local-bridge/replica/tables/copies.ts'
import { warm } from '../../../local-bridge/replica/warm.ts'
import type { JsonObject } from '../../../src/protocol/command.ts'
import { asJsonText, toJsonText } from '../../../src/protocol/json-text.ts'
import { createEventLog } from '../../support/event-log.ts'
import { fixedClock, MINUTE } from '../../support/fixed-clock.ts'
import { createManualTimer } from '../../support/manual-timer.ts'
import { openFolder, ROUTE } from './replica-fixture.ts'

const session_id = 'session_1_1795253429_0pc7Q7K2i1kbcGS6MEECkWWat0JzvKcl0jdYrLQjCekbhvru'
const HOLDER = { team: 'local', subject: 'local', client_ids: [] }
const WHOSE = { team: 'local', client_id: 'desk' }
const KEY = Buffer.alloc(32, 1).toString('base64url')
const RETRY_AFTER_MS = 40_000

/** Questions of the replica, which a test answers when it likes, about one session that is here as the service has it. */
function startPull() {
  const opened = openFolder()
  const { replicas, only } = opened
  const clock = fixedClock()
  const timer = createManualTimer()
  const asked: { readonly command: string; give(answer: ServiceAnswer | undefined): void }[] = []
  const courier = {
    deliver: async () => [],
    ask: (command: string) =>
      new Promise<ServiceAnswer | undefined>((give) => asked.push({ command, give })),
    interrupt: () => {},
  }
  const pull = createPull({ replicas, courier, timer, clock, holder: HOLDER })
  claim(only, HOLDER, 'desk', clock.now())
  const time = new Date(clock.now()).toISOString()
  const expires_at = new Date(clock.now() + 60 * MINUTE).toISOString()

  function hear(command: string, parameters: JsonObject, told: object) {
    const answer = success(told)
    if (answer?.ok !== true) throw new Error('the answer cannot be read')
    only.lightly(() => warm(only, { command, parameters, answer, at: clock.now() }))
  }

  hear(
    'create_session',
    { state_data: asJsonText('{"n":1}') ?? '' },
    { revision: 1, created_at: time, timeout: 3600, expires_at }
  )

  return {
    ...{ pull, timer, asked, clock, replicas, only, path: opened.path },
    /** The service has made it another revision, as a client has heard. */
    pass: (revision: number) =>
      hear(
        'update_session_state',
        { state_data: asJsonText(`{"n":${revision}}`) ?? '' },
        { revision, changed: ['session_state'], state_bytes: 7, last_modified: time, expires_at }
      ),
    copy: () => only.copies.find(session_id),
    revision: () => only.store.sessions.find(session_id)?.revision,
    [Symbol.dispose]: () => opened[Symbol.dispose](),
  }
}

function success(told: object): ServiceAnswer | undefined {
  const result = { session_id, client_id: 'desk', ...told }
  return readAnswerText(toJsonText({ id: 1, status: 'success', result, meta: {} }))
}

const listOf = (revision: number) =>
  success({ sessions: [{ session_id, revision, status: 'active' }], next_cursor: '' })

/** Lets what was resolved be heard. */
const turns = () => new Promise(setImmediate)

describe('an answer about one session', () => {
  it('does not undo what was delivered while it was on its way', async () => {
    using stage = startPull()
    const { pull, asked, only, clock, pass, revision, copy } = stage
    pass(2)
    only.copies.change(session_id, { synced_revision: 1 })
    only.journal.append({
      ...{ ...WHOSE, session_id, queue: session_id, command: 'update_session_state' },
      ...{ delivery_id: 'd', base: 1, promised: null, at: 0 },
      message: toJsonText({ id: 1, command: 'update_session_state', parameters: { session_id } }),
    })
    const before = pull.session(ROUTE, session_id)
    const delivered = success({ revision: 2 })
    await deliver(only.journal.first(session_id, 1), {
      courier: {
        deliver: async () => (delivered === undefined ? [] : [delivered]),
        ask: async () => undefined,
        interrupt: () => {},
      },
      ...{ clock, log: createEventLog().log, replica: () => only },
    })
    expect(only.journal.held().entries).toBe(0)
    asked[0]?.give(success({ revision: 1 }))
    expect(await before).toBe(false)
    expect(revision()).toBe(2)
    expect(copy()).toMatchObject({ level: LEVEL.exact, synced_revision: 2 })
  })

  it('does not undo the answer to a question that was asked later', async () => {
    using stage = startPull()
    const { pull, asked, revision } = stage
    const first = pull.session(ROUTE, session_id)
    const second = pull.session(ROUTE, session_id)
    asked[1]?.give(success({ revision: 3 }))
    expect(await second).toBe(true)
    asked[0]?.give(success({ revision: 2 }))
    expect(await first).toBe(false)
    expect(revision()).toBe(3)
  })

  it('is kept where the one to a later question comes behind it', async () => {
    using stage = startPull()
    const { pull, asked, revision } = stage
    const first = pull.session(ROUTE, session_id)
    const second = pull.session(ROUTE, session_id)
    asked[0]?.give(success({ revision: 2 }))
    expect(await first).toBe(true)
    asked[1]?.give(success({ revision: 3 }))
    expect(await second).toBe(true)
    expect(revision()).toBe(3)
  })
})

describe('a list of all sessions', () => {
  it('is asked for again if several sessions were changed at once while it was on its way', async () => {
    using stage = startPull()
    const { pull, asked, only } = stage
    const done = pull.client(ROUTE, WHOSE)
    asked[0]?.give(success({ key: KEY }))
    await turns()
    // As cleanup_image_sessions is heard.
    only.keeper.listed(null)
    asked[1]?.give(listOf(1))
    expect(await done).toBe(false)
    expect(only.keeper.listedAt()).toBeUndefined()
    const again = pull.client(ROUTE, WHOSE)
    await turns()
    asked[2]?.give(listOf(1))
    expect(await again).toBe(true)
    expect(only.keeper.listedAt()).toBeDefined()
  })

  it('that is too long is left to the service, and keeps no session from being asked for', async () => {
    using stage = startPull()
    const { pull, asked, only } = stage
    only.copies.change(session_id, { level: LEVEL.none })
    const done = pull.client(ROUTE, WHOSE)
    asked[0]?.give(success({ key: KEY }))
    await turns()
    asked[1]?.give(success({ sessions: [], next_cursor: 'more' }))
    await turns()
    expect(asked[2]?.command).toBe('get_session_info')
    asked[2]?.give(success({ revision: 2 }))
    expect(await done).toBe(true)
    expect(only.keeper.listedAt()).toBeUndefined()
  })

  it('takes nothing from a session that somebody has heard of meanwhile', async () => {
    using stage = startPull()
    const { pull, asked, pass, copy } = stage
    const done = pull.client(ROUTE, WHOSE)
    asked[0]?.give(success({ key: KEY }))
    await turns()
    pass(2)
    asked[1]?.give(listOf(1))
    await turns()
    expect(copy()).toMatchObject({ level: LEVEL.exact, synced_revision: 2 })
    expect(await done).toBe(true)
  })

  it('has a session asked for that is another one there, as far as anybody has heard', async () => {
    using stage = startPull()
    const { pull, asked } = stage
    void pull.client(ROUTE, WHOSE)
    asked[0]?.give(success({ key: KEY }))
    await turns()
    asked[1]?.give(listOf(2))
    await turns()
    expect(asked[2]?.command).toBe('get_session_info')
  })
})

describe('the key of a client', () => {
  it('is asked for again when the file that held it was damaged and began anew', async () => {
    using stage = startPull()
    const { pull, asked, replicas, path } = stage
    void pull.client(ROUTE, WHOSE)
    asked[0]?.give(success({ key: KEY }))
    await turns()
    expect(replicas.of(ROUTE)?.keeper.mintKey(WHOSE)).toBeDefined()
    replicas.drop(ROUTE)
    writeFileSync(path, 'no database')
    void pull.client(ROUTE, WHOSE)
    expect(asked.at(-1)?.command).toBe('get_mint_key')
    asked.at(-1)?.give(success({ key: KEY }))
    await turns()
    expect(replicas.of(ROUTE)?.keeper.mintKey(WHOSE)).toBeDefined()
  })
})

describe('a question that is put off', () => {
  it('is not asked again, and holds nothing up, once the replica is closed', async () => {
    using stage = startPull()
    const { pull, asked, timer } = stage
    const done = pull.session(ROUTE, session_id)
    asked[0]?.give({ ok: false, code: 'rate_limited', retryAfterMs: RETRY_AFTER_MS })
    await turns()
    expect(timer.pending()).toBe(1)
    pull.stop()
    expect(await done).toBe(false)
    expect(timer.pending()).toBe(0)
    expect(asked).toHaveLength(1)
  })
})
