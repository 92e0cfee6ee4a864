import { describe, expect, it } from 'vitest'
import { deliveredAgain } from '../../../../local-bridge/replica/delivered-again.ts'
import type { Result } from '../../../../local-bridge/replica/service-answer.ts'
import type { NewEntry } from '../../../../local-bridge/replica/tables/journal.ts'
import { digestOf, readJournal } from '../../../../local-bridge/replica/tables/records.ts'
import { openFolder } from '../replica-fixture.ts'

type Refused = Partial<Pick<NewEntry, 'base' | 'command' | 'promised'>> & {
  readonly target?: string
  /** The revision that it was refused for. */
  readonly revision: number
}

/** The journal of a session `s` whose entries are refused, put back and delivered as it is told. */
function openJournal() {
  const folder = openFolder()
  const { only, path } = folder
  const { journal, copies } = only
  const told: string[] = []
  let last = 0

  function add({ base = 0, command = 'update_session_state', promised = null }: Partial<NewEntry>) {
    last += 1
    journal.append({
      ...{ team: 't', client_id: 'c', session_id: 's', queue: 's', delivery_id: `d${last}` },
      ...{ command, base, promised, at: last, message: `${last}` },
    })
    return last
  }

  return {
    ...{ journal, copies, told, add, [Symbol.dispose]: () => folder[Symbol.dispose]() },
    refuse: ({ target = 's', revision, ...entry }: Refused) => {
      const sequence = add(entry)
      const found = journal.first('s', 100).find((one) => one.sequence === sequence)
      if (found !== undefined) journal.meant.note(found, { target, revision })
      journal.refuse(sequence, 'session_too_large')
      return sequence
    },
    putBack: (...sequences: number[]) =>
      journal.putBack(
        sequences.map((sequence) => {
          const digest = readJournal(path, ({ sealed }) => digestOf(sealed(sequence)))
          return { sequence, digest: digest ?? '' }
        })
      ),
    /** The service has taken an entry that was put back. */
    deliver: (sequence: number, result: Result) => {
      const entry = journal.first('s', 100).find((one) => one.sequence === sequence)
      if (entry === undefined) throw new Error('it does not wait')
      deliveredAgain(only, entry, result, (copy) => told.push(copy))
    },
  }
}

const CONFLICT = { session_id: 's' }

describe('a refused change', () => {
  it('waits again where it stood, for the revision that it was refused for, and holds nobody up', () => {
    using opened = openJournal()
    const { journal, copies } = opened
    const first = opened.refuse({ base: 4, revision: 4 })
    const waiting = opened.add({ base: 4 })
    expect(journal.isWaiting('s')).toBe(true)
    copies.ensure('s')
    copies.change('s', { synced_revision: 9 })
    expect(opened.putBack(first)).toEqual([first])
    expect(journal.first('s', 9).map(({ sequence, again }) => [sequence, again])).toEqual([
      [first, 1],
      [waiting, 0],
    ])
    expect(journal.meant.find({ sequence: first })).toEqual({ target: 's', revision: 4 })
    expect(journal.held()).toMatchObject({ entries: 2, refused: 0 })
    journal.remove(waiting)
    expect(journal.isWaiting('s')).toBe(false)
  })

  it('is put back once, and one that waits or whose digest is another is left alone', () => {
    using opened = openJournal()
    const refused = opened.refuse({ revision: 1 })
    const waiting = opened.add({})
    const guess = { sequence: refused, digest: '0'.repeat(64) }
    expect(opened.journal.putBack([guess])).toEqual([])
    expect(opened.putBack(refused, waiting)).toEqual([refused])
    expect(opened.putBack(refused)).toEqual([])
  })

  it('of a bridge that noted nothing is for the revision that it was done on here', () => {
    using opened = openJournal()
    const sequence = opened.add({ base: 7 })
    opened.journal.refuse(sequence, 'session_too_large')
    opened.putBack(sequence)
    expect(opened.journal.meant.find({ sequence })).toEqual({ target: 's', revision: 7 })
  })

  it('that opens a session, and a lease, are delivered as the first time', () => {
    using opened = openJournal()
    const made = opened.refuse({ revision: 0, command: 'create_session', promised: 's' })
    const lease = opened.refuse({ revision: 1, base: 1, command: 'renew_session' })
    opened.putBack(made, lease)
    expect(opened.journal.first('s', 9).map(({ again }) => again)).toEqual([0, 0])
    expect(opened.journal.isWaiting('s')).toBe(true)
  })

  it('waits in the queue of the session that a conflict had led it to', () => {
    using opened = openJournal()
    const sequence = opened.refuse({ base: 5, target: 'copy', revision: 1 })
    opened.putBack(sequence)
    expect(opened.journal.queues()).toEqual(['copy'])
  })
})

describe('a change that was delivered after all', () => {
  it('is what those were done on that stand on top of it, put back or not', () => {
    using opened = openJournal()
    const [one, two, three] = [4, 5, 6].map((base) => opened.refuse({ base, revision: 4 }))
    opened.putBack(one ?? 0)
    opened.deliver(one ?? 0, { session_id: 's', revision: 5 })
    expect(opened.journal.meant.find({ sequence: two ?? 0 })).toEqual({ target: 's', revision: 5 })
    opened.putBack(two ?? 0)
    opened.deliver(two ?? 0, { session_id: 'copy', revision: 1, conflict: CONFLICT })
    const after = opened.journal.meant.find({ sequence: three ?? 0 })
    expect(after).toEqual({ target: 'copy', revision: 1 })
  })

  it('is nothing to what was done without it', () => {
    using opened = openJournal()
    const early = opened.refuse({ base: 4, revision: 4 })
    const anew = opened.refuse({ base: 4, revision: 4 })
    const later = opened.refuse({ base: 9, revision: 9 })
    opened.putBack(early)
    opened.deliver(early, { session_id: 's', revision: 5 })
    expect(opened.journal.meant.find({ sequence: anew })).toEqual({ target: 's', revision: 4 })
    expect(opened.journal.meant.find({ sequence: later })).toEqual({ target: 's', revision: 9 })
  })

  it.each([
    ['goes on with what waits on top of it', 5, { target: 'copy', synced_revision: 1 }, []],
    ['leaves alone what waits beside it', 4, { target: 's', synced_revision: 4 }, ['copy']],
  ])('%s', (_, base, copy, told) => {
    using opened = openJournal()
    opened.copies.ensure('s')
    opened.copies.change('s', { synced_revision: 4 })
    const sequence = opened.refuse({ base: 4, revision: 4 })
    opened.add({ base })
    opened.putBack(sequence)
    opened.deliver(sequence, { session_id: 'copy', revision: 1, conflict: CONFLICT })
    expect(opened.copies.find('s')).toMatchObject(copy)
    expect(opened.told).toEqual(told)
  })

  it('tells nothing where it had been done in another session before', () => {
    using opened = openJournal()
    const one = opened.refuse({ base: 4, target: 's', revision: 4 })
    const two = opened.refuse({ base: 5, target: 's', revision: 4 })
    opened.putBack(one)
    opened.deliver(one, { session_id: 'another', revision: 8 })
    expect(opened.journal.meant.find({ sequence: two })).toEqual({ target: 's', revision: 4 })
    expect(opened.journal.held().entries).toBe(1)
  })
})
