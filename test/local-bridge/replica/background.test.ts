import { describe, expect, it } from 'vitest'
import { createBackground } from '../../../local-bridge/replica/background.ts'
import { claim } from '../../../local-bridge/replica/replica.ts'
import { createEventLog } from '../../support/event-log.ts'
import { createManualTimer } from '../../support/manual-timer.ts'
import { openFolder, ROUTE } from './replica-fixture.ts'

const HOLDER = { team: 'local', subject: 'local', client_ids: [] }

const IDLE_MS = 100
const TRY_AGAIN_MS = 2000

/** The background of one client, and a service whose answers the test gives. */
function startBackground() {
  const opened = openFolder()
  claim(opened.only, HOLDER, 'desk', 0)
  const timer = createManualTimer()
  const log = createEventLog()
  const asked: ((isComplete: boolean) => void)[] = []
  let unheard = 0
  const background = createBackground({
    ...{ replicas: opened.replicas, timer, log: log.log, link: { isUp: () => true } },
    flush: () => {
      if (unheard > 0) background.note(ROUTE)
      unheard = 0
    },
    pull: {
      client: () => new Promise((resolve) => asked.push(resolve)),
    },
    onFault: (error) => {
      throw error
    },
  })
  /** Answers the question that is open, and lets the background go on. */
  const answer = async (isComplete: boolean) => {
    asked.at(-1)?.(isComplete)
    await new Promise(setImmediate)
  }
  return {
    ...{ timer, asked, answer },
    note: () => background.note(ROUTE),
    /** An answer passes, and has yet to be taken over. */
    pass: () => {
      unheard += 1
    },
    completed: () => log.of('replica_complete').length,
    [Symbol.dispose]: () => {
      background.stop()
      opened[Symbol.dispose]()
    },
  }
}

describe('what a client may lack', () => {
  it('is asked for when the client is quiet', async () => {
    using stage = startBackground()
    stage.note()
    stage.timer.advance(IDLE_MS - 1)
    stage.note()
    stage.timer.advance(IDLE_MS - 1)
    expect(stage.asked).toHaveLength(0)
    stage.timer.advance(1)
    await stage.answer(true)
    expect(stage.completed()).toBe(1)
    stage.timer.advance(TRY_AGAIN_MS)
    expect(stage.asked).toHaveLength(1)
  })

  it.each([true, false])(
    'is asked for again at once if it was noted while the service was asked (%s)',
    async (isComplete) => {
      using stage = startBackground()
      stage.note()
      stage.timer.advance(IDLE_MS)
      stage.note()
      stage.timer.advance(IDLE_MS)
      await stage.answer(isComplete)
      expect(stage.completed()).toBe(0)
      stage.timer.advance(IDLE_MS)
      expect(stage.asked).toHaveLength(2)
      await stage.answer(true)
      expect(stage.completed()).toBe(1)
    }
  )

  it('is asked for again if an answer that passed meanwhile has yet to be taken over', async () => {
    using stage = startBackground()
    stage.note()
    stage.timer.advance(IDLE_MS)
    stage.pass()
    await stage.answer(true)
    expect(stage.completed()).toBe(0)
    stage.timer.advance(IDLE_MS)
    await stage.answer(true)
    expect(stage.completed()).toBe(1)
  })

  it('is asked for again later if the service did not give it', async () => {
    using stage = startBackground()
    stage.note()
    stage.timer.advance(IDLE_MS)
    await stage.answer(false)
    stage.timer.advance(TRY_AGAIN_MS - 1)
    expect(stage.asked).toHaveLength(1)
    stage.timer.advance(1)
    expect(stage.asked).toHaveLength(2)
    await stage.answer(true)
    expect(stage.completed()).toBe(1)
  })
})
