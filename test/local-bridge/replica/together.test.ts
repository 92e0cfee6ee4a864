import { describe, expect, it } from 'vitest'
import type { Entry } from '../../../local-bridge/replica/tables/journal.ts'
import { MOST_AT_ONCE, mostAfter, together } from '../../../local-bridge/replica/together.ts'

function entry(sequence: number, parts: Partial<Entry> = {}): Entry {
  return {
    ...{ team: 't', client_id: 'c', session_id: 's', queue: 's', command: 'update_session_state' },
    ...{ sequence, delivery_id: `d${sequence}`, base: sequence, promised: null, at: 0 },
    ...{ bytes: 100, refused: null, again: 0 },
    ...parts,
  }
}

const told = (entries: readonly Entry[]) => together(entries).map(({ sequence }) => sequence)

describe('entries that are delivered at once', () => {
  it('are of one session: a copy that was made of it is another one', () => {
    expect(told([])).toEqual([])
    expect(told([entry(1), entry(2), entry(3, { session_id: 'copy' }), entry(4)])).toEqual([1, 2])
  })

  it('begin with the one that opens the session, if one does', () => {
    const opens = { promised: 's' }
    expect(told([entry(1, opens), entry(2), entry(3)])).toEqual([1, 2, 3])
    expect(told([entry(1), entry(2, opens), entry(3)])).toEqual([1])
  })

  it('are none of those that are delivered again: each of them goes by itself', () => {
    const again = { again: 1 }
    expect(told([entry(1), entry(2, again), entry(3)])).toEqual([1])
    expect(told([entry(1, again), entry(2, again)])).toEqual([1])
    expect(told([entry(1, again), entry(2)])).toEqual([1])
  })

  it('are together as large as one request may be, and a larger one goes by itself', () => {
    const large = { bytes: 400_000 }
    expect(told([entry(1, large), entry(2, large), entry(3, large)])).toEqual([1, 2])
    expect(told([entry(1, { bytes: 1_500_000 }), entry(2)])).toEqual([1])
  })
})

describe('how many are delivered at once', () => {
  it('is what went well, and twice as many after that, up to the limit', () => {
    expect(mostAfter(50, { sent: 50, settled: 7 })).toBe(7)
    expect(mostAfter(7, { sent: 7, settled: 7 })).toBe(14)
    expect(mostAfter(40, { sent: 40, settled: 40 })).toBe(MOST_AT_ONCE)
  })

  it('is one after silence, so that a slow link gets something through', () => {
    expect(mostAfter(50, { sent: 50, settled: 0 })).toBe(1)
  })
})
