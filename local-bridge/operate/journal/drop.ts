// `stui-bridge journal drop`: takes away changes that the service refused. Only one program at a time writes to the files:
// the bridge that uses them, which is asked, or this one where none does.

import { type Outcome, refuse, succeed } from '../../../src/outcome.ts'
import { type InstanceLock, takeLock } from '../../instance-lock.ts'
import { needsFullSync, openNodeSql } from '../../replica/node-sql.ts'
import { digestOf, readJournal } from '../../replica/tables/records.ts'
import { dropRefused } from '../../replica/tables/refused.ts'
import { type AskOptions, adviceFor, askFor } from '../ask-bridge.ts'
import { BRIDGE_DROP, bridgeDropResult, MOST_DROPPED, type ToDrop } from '../bridge-drop.ts'
import { counted } from '../words.ts'
import type { JournalRecord } from './records.ts'

/** A record with what names it to the bridge. */
export type Chosen = { readonly record: JournalRecord; readonly toDrop: ToDrop }

/** Finds what is meant: refused records, each named without doubt. The failure is one sentence. */
export function choose(
  records: readonly JournalRecord[],
  sequences: readonly number[]
): Outcome<readonly Chosen[], string> {
  const chosen: Chosen[] = []
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
        `The change ${sequence} still waits for the service and is delivered while the bridge runs: nothing that waits is dropped.`
      )
    }
    const digest = readJournal(record.file.path, ({ sealed }) => digestOf(sealed(sequence)))
    if (digest === undefined) return refuse(`The change ${sequence} cannot be read any more.`)
    chosen.push({ record, toDrop: { route: record.file.route, sequence, digest } })
  }
  return succeed(chosen)
}

/** Gives how many are gone; the failure is one sentence. */
export async function dropAll(
  chosen: readonly Chosen[],
  ask: AskOptions
): Promise<Outcome<number, string>> {
  let gone = 0
  for (const [folder, own] of Map.groupBy(chosen, ({ record }) => record.file.folder)) {
    const lock = lockOf(folder)
    if (lock === undefined) return refuse(`The folder ${folder} cannot be written.`)
    const done = lock.ok ? dropHere(own, lock.value) : await dropByBridge(own, ask)
    if (!done.ok) return done
    gone += done.value
  }
  return succeed(gone)
}

/** Undefined if the folder cannot be used at all. */
function lockOf(folder: string) {
  try {
    return takeLock(folder)
  } catch {
    return undefined
  }
}

/** No bridge uses the files, and none can until the lock is given back. */
function dropHere(chosen: readonly Chosen[], lock: InstanceLock): Outcome<number, string> {
  let gone = 0
  try {
    for (const [path, own] of Map.groupBy(chosen, ({ record }) => record.file.path)) {
      using sql = openNodeSql(path, { fullSync: needsFullSync(process.platform) })
      gone += dropRefused(
        sql,
        own.map(({ toDrop }) => toDrop)
      ).length
    }
    return succeed(gone)
  } catch (error) {
    const code = error instanceof Error && 'errstr' in error ? String(error.errstr) : 'no code'
    return refuse(`The journal cannot be written (${code}); ${counted(gone, 'change')} dropped.`)
  } finally {
    lock.release()
  }
}

async function dropByBridge(
  chosen: readonly Chosen[],
  ask: AskOptions
): Promise<Outcome<number, string>> {
  let gone = 0
  for (let from = 0; from < chosen.length; from += MOST_DROPPED) {
    const records = chosen.slice(from, from + MOST_DROPPED).map(({ toDrop }) => toDrop)
    const question = { command: BRIDGE_DROP, parameters: { records } }
    const answer = await askFor(question, bridgeDropResult, ask)
    if (!answer.ok) {
      const [seen] = adviceFor(answer.failure, ask.endpoint)
      return refuse(
        `A bridge uses the journal and has to be asked, but ${seen}: say with --listen where it is, or stop it first.`
      )
    }
    const { result } = answer.value
    if (!result.ok) return refuse(`The bridge refuses: ${result.failure}`)
    gone += result.value.dropped
  }
  if (gone === chosen.length) return succeed(gone)
  return refuse(
    `The bridge at ${ask.endpoint} dropped ${gone} of ${counted(chosen.length, 'change')}: another bridge may use the rest; say with --listen where it is.`
  )
}
