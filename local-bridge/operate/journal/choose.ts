// Finds the refused changes that somebody names by their numbers, each with what names it to a bridge.

import { type Outcome, refuse, succeed } from '../../../src/outcome.ts'
import { digestOf, readJournal } from '../../replica/tables/records.ts'
import type { ToDrop } from '../bridge-drop.ts'
import type { JournalRecord } from './records.ts'

/** A record with what names it to the bridge. */
export type Chosen = { readonly record: JournalRecord; readonly named: ToDrop }

/** Finds what is meant: refused records, each named without doubt. The failure is one sentence, with `waits` for what waits. */
export function choose(
  records: readonly JournalRecord[],
  sequences: readonly number[],
  waits: string
): Outcome<readonly Chosen[], string> {
  const chosen: JournalRecord[] = []
  for (const sequence of new Set(sequences)) {
    const [record, another] = records.filter((one) => one.sequence === sequence)
    if (record === undefined) return refuse(`There is no change ${sequence} in the journal.`)
    if (another !== undefined) {
      return refuse(
        `There are several changes ${sequence}: say which one with --client or --developer, as stui-bridge journal shows them.`
      )
    }
    if (record.refused === null) {
      return refuse(
        `The change ${sequence} still waits for the service and is delivered while the bridge runs: ${waits}.`
      )
    }
    chosen.push(record)
  }
  return named(chosen)
}

/** Everything that was refused, in the order in which it was acknowledged. */
export function chooseAll(records: readonly JournalRecord[]): Outcome<readonly Chosen[], string> {
  return named(records.filter(({ refused }) => refused !== null))
}

/** A file is read once for all that is named in it. */
function named(records: readonly JournalRecord[]): Outcome<readonly Chosen[], string> {
  const chosen: Chosen[] = []
  for (const [path, own] of Map.groupBy(records, ({ file }) => file.path)) {
    const read = readJournal(path, ({ rows, sealed }) => {
      const there = new Set(rows.map(({ sequence }) => sequence))
      return new Map(
        own
          .filter(({ sequence }) => there.has(sequence))
          .map(({ sequence }) => [sequence, digestOf(sealed(sequence))])
      )
    })
    for (const record of own) {
      const { sequence, file } = record
      const digest = read?.get(sequence)
      if (digest === undefined) return refuse(`The change ${sequence} cannot be read any more.`)
      chosen.push({ record, named: { route: file.route, sequence, digest } })
    }
  }
  return succeed(chosen)
}
