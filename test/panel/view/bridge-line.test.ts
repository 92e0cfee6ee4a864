// The line beside a client: how far its bridges are behind, in words.

import { describe, expect, it } from 'vitest'
import {
  type BridgeStatus,
  bridgeLine,
  bridgesByClient,
  withClients,
} from '../../../src/panel/view/bridge-line.ts'
import { createModel } from '../../../src/panel/view/model.ts'
import { EXAMPLE_BRIDGE } from '../../../src/protocol/bridge-fields.ts'
import { NOW } from './scene.ts'

const MINUTE = 60_000

type Journal = BridgeStatus['clients'][number]

const at = (ago: number) => new Date(NOW - ago).toISOString()

/** A bridge in step with one client, but for what is said. */
function bridge(journal: Partial<Journal> = {}, its: Partial<BridgeStatus> = {}): BridgeStatus {
  const [{ oldest_at: _, ...example }] = EXAMPLE_BRIDGE.clients
  const inStep = { ...example, records: 0, bytes: 0, last_sync: at(0) }
  return { ...EXAMPLE_BRIDGE, name: '', clients: [{ ...inStep, ...journal }], ...its }
}

const lineOf = (...bridges: BridgeStatus[]) =>
  bridgeLine(bridgesByClient(bridges).get('client_001'), NOW)

/** The time of day of whoever looks. */
const clock = (ago: number) => {
  const time = new Date(NOW - ago)
  return [time.getHours(), time.getMinutes()].map((n) => String(n).padStart(2, '0')).join(':')
}

describe('a client whose bridge', () => {
  it('is not known has no line', () => {
    expect(lineOf()).toBeUndefined()
    expect(bridgeLine(undefined, NOW)).toBeUndefined()
  })

  it('has delivered everything is in step', () => {
    expect(lineOf(bridge())).toEqual({ text: 'bridge in step', kind: 'in_step' })
    expect(lineOf(bridge({}, { name: 'desk' }))?.text).toBe('bridge in step (desk)')
  })

  it('holds changes is told how many, where and since when', () => {
    const oldest_at = at(8 * MINUTE)
    const laptop = bridge({ records: 12, oldest_at }, { name: "Frida's laptop" })
    expect(lineOf(laptop)).toEqual({
      text: `12 changes wait on Frida's laptop since ${clock(8 * MINUTE)}`,
      kind: 'behind',
    })
    expect(lineOf(bridge({ records: 1, oldest_at }))?.text).toBe(
      `1 change waits on the bridge since ${clock(8 * MINUTE)}`
    )
  })

  it('holds changes since another day is told that day', () => {
    const line = lineOf(bridge({ records: 2, oldest_at: at(3 * 24 * 60 * MINUTE) }))
    expect(line?.text).toBe(`2 changes wait on the bridge since 27 Aug, ${clock(0)}`)
  })

  it('keeps what was refused says so first', () => {
    expect(lineOf(bridge({ refused: 3 }, { name: 'desk' }))).toEqual({
      ...{ text: '3 refused on desk', kind: 'stuck' },
    })
    const both = lineOf(bridge({ records: 2, refused: 3, oldest_at: at(0) }))
    expect(both?.text).toBe(`2 changes wait on the bridge since ${clock(0)}, 3 refused`)
  })

  it('is silent says for how long, by minutes, and that it may know no better', () => {
    const silent = { silent: true, last_heard: at(4 * MINUTE + 31_000) }
    expect(lineOf(bridge({}, silent))).toEqual({
      ...{ text: 'bridge not heard from for 4 min', kind: 'silent' },
    })
    expect(lineOf(bridge({}, { ...silent, name: 'desk' }))?.text).toBe(
      'desk not heard from for 4 min'
    )
    expect(lineOf(bridge({ records: 2, oldest_at: at(0) }, silent))?.text).toBe(
      `2 changes wait on the bridge since ${clock(0)}, not heard from for 4 min`
    )
  })
})

describe('several bridges of a client', () => {
  it('are one line, with the one that needs somebody first and those in step left out', () => {
    const desk = bridge({}, { name: 'desk' })
    const laptop = bridge({}, { name: 'laptop', silent: true, last_heard: at(3 * MINUTE) })
    const till = bridge({ refused: 1 }, { name: 'till' })
    expect(lineOf(desk, laptop, till)).toEqual({
      text: '1 refused on till; laptop not heard from for 3 min',
      kind: 'stuck',
    })
  })

  it('are counted where there are many', () => {
    const stuck = bridge({ refused: 1 }, { name: 'x' })
    expect(lineOf(stuck, stuck, stuck, stuck, stuck)?.text).toMatch(/; 2 more bridges behind$/)
  })

  it('are told of the clients that are shown', () => {
    const [shown] = withClients([bridge({ client_id: 'a' })], (id) => id === 'b')
    expect(shown?.clients).toEqual([])
  })
})

describe('what is known of bridges', () => {
  it('names the clients whose bridges are in another way than before, and not each count', () => {
    const model = createModel()
    const take = (journal: Partial<Journal>) => model.takeBridges([bridge(journal)], NOW)
    expect(take({})).toEqual([])
    expect(take({ records: 2, oldest_at: at(0) })).toEqual(['client_001'])
    expect(take({ records: 1, oldest_at: at(0) })).toEqual([])
    expect(take({})).toEqual(['client_001'])
    expect(model.takeBridges([], NOW)).toEqual([])
    expect(model.bridges.size).toBe(0)
  })
})
