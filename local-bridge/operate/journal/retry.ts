// `stui-bridge journal retry`: lets changes that the service refused wait again, and looks what becomes of them while a bridge
// delivers them.

import type { Outcome } from '../../../src/outcome.ts'
import { readJournal } from '../../replica/tables/records.ts'
import { putBack } from '../../replica/tables/refused.ts'
import { prepareReplica } from '../../replica/tables/schema.ts'
import { sleep } from '../../timer.ts'
import { type AskOptions, askBridge, askFor, countIn } from '../ask-bridge.ts'
import { BRIDGE_RETRY, bridgeRetryResult } from '../bridge-retry.ts'
import { type CarriedOut, carryOut } from './carry-out.ts'
import type { Chosen } from './choose.ts'

/** How long a delivery is watched, and how often it is looked at. */
const PATIENCE_MS = 15_000
const LOOK_MS = 50

/** What the rest waits for: a bridge that is started, a service that is back, or its turn. */
export type WaitingFor = 'bridge' | 'service' | 'turn'

/** What became of changes that were put back. */
export type Fates = {
  readonly delivered: readonly Chosen[]
  readonly refused: readonly { readonly chosen: Chosen; readonly reason: string }[]
  readonly waiting: readonly Chosen[]
  /** Absent if nothing waits. */
  readonly waitingFor?: WaitingFor
}

/** The first ones first, however they were named: each may have been done on top of the one before it. */
export function retryAll(
  chosen: readonly Chosen[],
  ask: AskOptions
): Promise<Outcome<CarriedOut, string>> {
  const inOrder = chosen.toSorted((a, b) => a.named.sequence - b.named.sequence)
  return carryOut(inOrder, {
    done: 'put back',
    endpoint: ask.endpoint,
    here: (sql, named) => {
      // The bridge that refused them may have been one that noted less.
      prepareReplica(sql)
      return putBack(sql, named)
    },
    asked: async (records) => {
      const question = { command: BRIDGE_RETRY, parameters: { records } }
      return countIn(await askFor(question, bridgeRetryResult, ask), ({ waiting }) => waiting)
    },
  })
}

/** Looks until nothing of it waits, the service is known to be away, or patience has ended. */
export async function watchFates(
  chosen: readonly Chosen[],
  byBridge: readonly Chosen[],
  ask: AskOptions
): Promise<Fates> {
  const until = ask.timer.ticks() + PATIENCE_MS
  for (;;) {
    const fates = fatesOf(chosen)
    if (fates.waiting.length === 0) return fates
    if (!byBridge.some((one) => fates.waiting.includes(one))) {
      return { ...fates, waitingFor: 'bridge' }
    }
    const answer = await askBridge(ask)
    const isAway = answer.ok && answer.value.status.uplink.state === 'down'
    if (isAway || !answer.ok || ask.timer.ticks() >= until) {
      const waitingFor = isAway ? 'service' : answer.ok ? 'turn' : 'bridge'
      const last = fatesOf(chosen)
      return last.waiting.length === 0 ? last : { ...last, waitingFor }
    }
    await sleep(ask.timer, LOOK_MS)
  }
}

/** What has been delivered is in no file any more. A file that cannot be read now tells nothing new. */
function fatesOf(chosen: readonly Chosen[]): Fates {
  const delivered: Chosen[] = []
  const refused: { chosen: Chosen; reason: string }[] = []
  const waiting: Chosen[] = []
  for (const [path, own] of Map.groupBy(chosen, ({ record }) => record.file.path)) {
    const rows = readJournal(path, (journal) => journal.rows)
    const known = new Map(rows?.map(({ sequence, refused }) => [sequence, refused]))
    for (const one of own) {
      const reason = known.get(one.named.sequence)
      if (typeof reason === 'string') refused.push({ chosen: one, reason })
      else if (rows === undefined || reason === null) waiting.push(one)
      else delivered.push(one)
    }
  }
  return { delivered, refused, waiting }
}
