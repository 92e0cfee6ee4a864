import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createHoldings } from '../../../local-bridge/replica/holdings.ts'
import { createLink } from '../../../local-bridge/replica/link.ts'
import { createReplay } from '../../../local-bridge/replica/replay.ts'
import { openReplicas } from '../../../local-bridge/replica/replicas.ts'
import { testCipher } from '../../support/engine-cipher.ts'
import { createEventLog } from '../../support/event-log.ts'
import { createManualTimer } from '../../support/manual-timer.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const ROUTE = 'r'.repeat(22)
const CHANGES = 5

/** What each delivery of the test takes. */
const DELIVERY_MS = 600

it('a delivery tells how far it is at its beginning and then once a second, with its pace', async () => {
  const { log, of, nth } = createEventLog()
  const timer = createManualTimer()
  const clock = { now: () => 7000 }
  const replicas = openReplicas({
    ...{ folder: temporaryFolder(), log, clock, cipher: testCipher('k') },
    random: (count) => randomBytes(count),
    onFault: () => {},
  })
  const replica = replicas.of(ROUTE, { make: true })
  for (let n = 1; n <= CHANGES; n += 1) {
    replica?.journal.append({
      ...{ team: 't', client_id: 'c', session_id: 's', queue: 's', command: 'x' },
      ...{ delivery_id: `d${n}`, base: 0, promised: null, at: 1000 + n, message: 'unreadable' },
    })
  }
  const holdings = createHoldings(replicas, { entries: 100, bytes: 1_000_000 })
  holdings.changed(ROUTE)
  expect(holdings.held()).toMatchObject({ waiting: CHANGES, refused: 0, oldest: 1001 })
  const replay = createReplay({
    ...{ replicas, timer, clock, log },
    // What cannot be read is set aside without asking anybody.
    courier: { deliver: async () => [], ask: async () => undefined, interrupt: () => {} },
    link: createLink({
      ...{ probe: async () => true, renew: () => {}, onDown: () => {} },
      ...{ timer, chance: () => 0, log },
    }),
    finish: async () => true,
    waiting: () => holdings.held().waiting,
    onFault: () => {},
    onChange: (route) => {
      holdings.changed(route)
      timer.advance(DELIVERY_MS)
    },
  })
  expect(replay.progress()).toBeUndefined()
  replay.add(ROUTE)
  // What was refused was not delivered.
  expect(await nth('caught_up', 1)).toEqual({ event: 'caught_up', delivered: 0, refused: CHANGES })
  expect(of('replaying')).toEqual([
    { event: 'replaying', done: 1, total: CHANGES },
    { event: 'replaying', done: 3, total: CHANGES, per_second: 2.5, rest_s: 1 },
    { event: 'replaying', done: 5, total: CHANGES, per_second: 2.1, rest_s: 0 },
  ])
  expect(replay.progress()).toBeUndefined()
  replicas.close()
})
