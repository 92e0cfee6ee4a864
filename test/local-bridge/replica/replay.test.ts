import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { createReplay } from '../../../local-bridge/replica/replay.ts'
import type { ServiceAnswer } from '../../../local-bridge/replica/service-answer.ts'
import { toJsonText } from '../../../src/protocol/json-text.ts'
import { createEventLog } from '../../support/event-log.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { createManualTimer } from '../../support/manual-timer.ts'
import { openFolder, ROUTE } from './replica-fixture.ts'

const LOOK_AGAIN_MS = 5000

const DONE: ServiceAnswer = {
  ...{ ok: true, result: { session_id: 's', revision: 2 }, told: {}, replayed: false },
  texts: () => new Map(),
}
const LIMITED: ServiceAnswer = { ok: false, code: 'rate_limited', retryAfterMs: 40_000 }

/** Work that waits for a service which gives this answer to everything. */
function startReplay(answer: ServiceAnswer) {
  const opened = openFolder()
  const { replicas, only, path } = opened
  const timer = createManualTimer()
  const log = createEventLog()
  only.copies.ensure('s')
  const message = { id: 1, command: 'update_session_state', parameters: { session_id: 's' } }
  opened.append({ n: 1, text: toJsonText(message) })
  let sent = 0
  const replay = createReplay({
    ...{ replicas, timer, log: log.log, clock: fixedClock() },
    courier: {
      deliver: async () => {
        sent += 1
        return [answer]
      },
      ask: async () => undefined,
      interrupt: () => {},
    },
    link: {
      ...{ isUp: () => true, look: async () => true, suspect: async () => true },
      ...{ heard: () => {}, wake: () => {}, onLost: () => () => {}, onUp: () => {} },
      stop: () => {},
    },
    finish: async () => true,
    waiting: () => 0,
    onChange: () => {},
    onFault: (error) => {
      throw error
    },
  })
  return {
    ...{ replay, replicas, timer, log, path },
    sent: () => sent,
    [Symbol.dispose]: () => {
      replay.stop()
      opened[Symbol.dispose]()
    },
  }
}

/** Lets what was resolved be heard. */
const turns = () => new Promise(setImmediate)

describe('work that waits', () => {
  it('is delivered when its file can be had again, if it could not when the service was there', async () => {
    using stage = startReplay(DONE)
    const { replay, replicas, timer, log, path } = stage
    replicas.drop(ROUTE)
    const holder = new DatabaseSync(path)
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    replay.add(ROUTE)
    await turns()
    timer.advance(LOOK_AGAIN_MS)
    await turns()
    expect(stage.sent()).toBe(0)
    holder.close()
    timer.advance(LOOK_AGAIN_MS)
    expect(await log.nth('caught_up', 1)).toMatchObject({ delivered: 1 })
    expect(timer.pending()).toBe(0)
  })

  it('is delivered for one client where the file of another one fails', async () => {
    using stage = startReplay(DONE)
    const { replay, replicas, path } = stage
    const other = 'x'.repeat(22)
    replicas.of(other, { make: true })
    const holder = new DatabaseSync(path.replace(ROUTE, other))
    holder.exec('ALTER TABLE journal RENAME TO gone')
    holder.close()
    replay.add(other)
    replay.add(ROUTE)
    await turns()
    expect(stage.sent()).toBe(1)
  })

  it('is no reason to look again where there is no file', () => {
    using stage = startReplay(DONE)
    stage.replay.add('x'.repeat(22))
    expect(stage.timer.pending()).toBe(0)
  })

  it('is put off by the service, and holds nothing up once the replica is closed', async () => {
    using stage = startReplay(LIMITED)
    const { replay, timer } = stage
    replay.add(ROUTE)
    await turns()
    expect(timer.pending()).toBe(1)
    replay.stop()
    expect(timer.pending()).toBe(0)
    await turns()
    expect(stage.sent()).toBe(1)
    expect(timer.pending()).toBe(0)
  })
})
