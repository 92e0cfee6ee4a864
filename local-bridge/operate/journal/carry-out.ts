// Does something to refused changes in their files. Only one program at a time writes to the files: the bridge that uses them,
// which is asked, or this one where none does.

import { type Outcome, refuse, succeed } from '../../../src/outcome.ts'
import { type InstanceLock, takeLock } from '../../instance-lock.ts'
import { type NodeSql, needsFullSync, openNodeSql } from '../../replica/node-sql.ts'
import type { Named } from '../../replica/tables/refused.ts'
import { type Answer, adviceFor, type NoAnswer } from '../ask-bridge.ts'
import { MOST_DROPPED, type ToDrop } from '../bridge-drop.ts'
import { counted } from '../words.ts'
import type { Chosen } from './choose.ts'

export type Work = {
  /** What is done to a change, such as `dropped`. */
  readonly done: string
  /** Where a bridge is asked. */
  readonly endpoint: string
  /** Does it in a file that no bridge uses; gives the sequences of those that it was done to. */
  here(sql: NodeSql, named: readonly Named[]): readonly number[]
  /** Has it done by the bridge; gives how many it was done to. */
  asked(records: readonly ToDrop[]): Promise<Outcome<Answer<number>, NoAnswer>>
}

export type CarriedOut = {
  readonly count: number
  /** Those that a bridge was asked for, which goes on with them. */
  readonly byBridge: readonly Chosen[]
}

/** The failure is one sentence. */
export async function carryOut(
  chosen: readonly Chosen[],
  work: Work
): Promise<Outcome<CarriedOut, string>> {
  let count = 0
  const byBridge: Chosen[] = []
  for (const [folder, own] of Map.groupBy(chosen, ({ record }) => record.file.folder)) {
    const lock = lockOf(folder)
    if (lock === undefined) return refuse(`The folder ${folder} cannot be written.`)
    const done = lock.ok ? doHere(own, work, lock.value) : await haveDone(own, work)
    if (!done.ok) return done
    count += done.value
    if (!lock.ok) byBridge.push(...own)
  }
  return succeed({ count, byBridge })
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
function doHere(
  chosen: readonly Chosen[],
  { done, here }: Work,
  lock: InstanceLock
): Outcome<number, string> {
  let count = 0
  try {
    for (const [path, own] of Map.groupBy(chosen, ({ record }) => record.file.path)) {
      using sql = openNodeSql(path, { fullSync: needsFullSync(process.platform) })
      count += here(
        sql,
        own.map(({ named }) => named)
      ).length
    }
    return succeed(count)
  } catch (error) {
    const code = error instanceof Error && 'errstr' in error ? String(error.errstr) : 'no code'
    return refuse(`The journal cannot be written (${code}); ${counted(count, 'change')} ${done}.`)
  } finally {
    lock.release()
  }
}

async function haveDone(
  chosen: readonly Chosen[],
  { done, endpoint, asked }: Work
): Promise<Outcome<number, string>> {
  let count = 0
  for (let from = 0; from < chosen.length; from += MOST_DROPPED) {
    const answer = await asked(chosen.slice(from, from + MOST_DROPPED).map(({ named }) => named))
    if (!answer.ok) {
      const [seen] = adviceFor(answer.failure, endpoint)
      return refuse(
        `A bridge uses the journal and has to be asked, but ${seen}: say with --listen where it is, or stop it first.`
      )
    }
    const { result } = answer.value
    if (!result.ok) return refuse(`The bridge refuses: ${result.failure}`)
    count += result.value
  }
  if (count === chosen.length) return succeed(count)
  return refuse(
    `The bridge at ${endpoint} has ${done} ${count} of ${counted(chosen.length, 'change')}: another bridge may use the rest, or somebody was faster; look with stui-bridge journal, and say with --listen where the bridge is.`
  )
}
