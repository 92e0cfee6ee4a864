// Delivers entries of the journal and writes down what became of them. The first attempt and every other carry the same
// delivery id, so that work which took effect unheard is recognised and done once.

import type { Clock } from '../../src/clock.ts'
import { onlyLooks } from '../../src/protocol/registry.ts'
import type { Log } from '../events.ts'
import type { Courier, Parcel } from './courier.ts'
import { deliveredAgain } from './delivered-again.ts'
import { conflictNotice } from './pull.ts'
import type { Replica } from './replica.ts'
import type { ServiceAnswer } from './service-answer.ts'
import { readKept, writeKept } from './stored-message.ts'
import type { Entry } from './tables/journal.ts'
import type { Meant } from './tables/meant.ts'

export type Delivery = {
  readonly sent: number
  /** Those first ones that the service has, or has refused for good. */
  readonly settled: number
  /** Of those, the refused ones. */
  readonly refused: number
  /** True if the key that sealed the first one is not there: it waits until the bridge has it. */
  readonly isLocked?: true
  /** What comes behind them is to be tried again after this time; absent if it may go at once. */
  readonly laterMs?: number
}

/** What became of one entry: the service has it, does not take it, or is to be asked again after a time. */
type Fate =
  | { readonly kind: 'settled' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'later'; readonly ms: number }

export type DeliverDependencies = {
  readonly courier: Courier
  readonly clock: Clock
  readonly log: Log
  /** The replica of the entry as it is open now; it may be closed while the service is asked. */
  readonly replica: () => Replica | undefined
}

/** Waits for what passes by itself: a service that is not well, a token that is not good. */
const UNWELL_MS = 1000
const REFUSED_TOKEN_MS = 5000

/** The first of many is let in sooner, but then each would come in a request of its own. */
const LEAST_LIMITED_MS = 500

const UNWELL: ReadonlySet<string> = new Set(['internal_error', 'upstream_unavailable', 'timeout'])
const TOKEN: ReadonlySet<string> = new Set(['unauthenticated', 'token_expired'])

/** Refusals of a close that say that there is nothing left to close. */
const CLOSED: ReadonlySet<string> = new Set(['session_closed', 'session_not_found'])

const WHERE_IT_IS =
  'stui-bridge journal shows it, journal export saves it, journal retry sends it again'

const SETTLED: Fate = { kind: 'settled' }
const REFUSED: Fate = { kind: 'refused' }

const NOTHING = { settled: 0, refused: 0 }

type Answered = Pick<Extract<ServiceAnswer, { ok: true }>, 'result' | 'replayed'>

const NOTHING_LEFT: Answered = { result: {}, replayed: false }

/** The entries are of one session, in their order. */
export async function deliver(
  entries: readonly Entry[],
  dependencies: DeliverDependencies
): Promise<Delivery> {
  const kept = dependencies.replica()
  const [first] = entries
  if (kept === undefined || first === undefined) return { sent: 0, ...NOTHING, laterMs: UNWELL_MS }
  const parcels = parcelsOf(entries, kept)
  const sent = parcels.length
  if (sent === 0) {
    if (kept.journal.isLocked(first)) return { sent: 0, ...NOTHING, isLocked: true }
    refused(first, undefined, dependencies)
    return { sent: 1, settled: 1, refused: 1 }
  }
  const answers = await dependencies.courier.deliver(parcels)
  const replica = dependencies.replica()
  if (answers.length === 0 || replica === undefined) return { sent, ...NOTHING, laterMs: UNWELL_MS }
  // One transaction for all of them: what is not written down is delivered, and recognised, once more.
  return replica.transaction(() => {
    let settled = 0
    let refused = 0
    for (const [index, answer] of answers.entries()) {
      const entry = entries[index]
      const fate = entry === undefined ? SETTLED : fateOf(entry, answer, dependencies)
      if (fate.kind === 'later') return { sent, settled, refused, laterMs: fate.ms }
      settled += 1
      if (fate.kind === 'refused') refused += 1
    }
    return { sent, settled, refused }
  })
}

/** Those up to the first one whose message cannot be read. */
function parcelsOf(entries: readonly Entry[], replica: Replica): Parcel[] {
  const parcels: Parcel[] = []
  for (const entry of entries) {
    const parcel = parcelOf(replica, entry)
    if (parcel === undefined) break
    parcels.push(parcel)
  }
  return parcels
}

function fateOf(entry: Entry, answer: ServiceAnswer, dependencies: DeliverDependencies): Fate {
  if (answer.ok) return settled(entry, answer, dependencies)
  const { code, retryAfterMs } = answer
  if (code === 'rate_limited') {
    return { kind: 'later', ms: Math.max(retryAfterMs ?? UNWELL_MS, LEAST_LIMITED_MS) }
  }
  if (TOKEN.has(code)) return { kind: 'later', ms: REFUSED_TOKEN_MS }
  if (UNWELL.has(code)) {
    dependencies.log({ event: 'delivery_put_off', outcome: code })
    return { kind: 'later', ms: UNWELL_MS }
  }
  if (entry.command === 'close_session' && CLOSED.has(code))
    return settled(entry, NOTHING_LEFT, dependencies)
  return refused(entry, code, dependencies)
}

/** The message as it came, for the session that its work goes to by now. */
function parcelOf(replica: Replica, entry: Entry): Parcel | undefined {
  const text = replica.journal.message(entry)
  const kept = text === undefined ? undefined : readKept(text)
  if (kept === undefined) return undefined
  const { delivery_id: deliveryId, promised, base } = entry
  if (promised !== null) {
    const acknowledged = { base_revision: base, session_id: promised }
    return { body: writeKept(kept), deliveryId, acknowledged }
  }
  const { target, revision } = meantFor(replica, entry)
  const isLedAway = target !== entry.session_id
  return {
    ...{ body: writeKept(kept), deliveryId },
    acknowledged: { base_revision: revision, ...(isLedAway && { target }) },
  }
}

/** What it was refused for; else what the work before it has left. */
function meantFor({ journal, copies }: Replica, entry: Entry): Meant {
  const { target, synced_revision } = copies.ensure(entry.session_id)
  const revision = synced_revision === 0 ? entry.base : synced_revision
  return journal.meant.find(entry) ?? { target, revision }
}

/** The entry goes, and what comes behind it is done on what the service has now. */
function settled(
  entry: Entry,
  { result, replayed }: Answered,
  dependencies: DeliverDependencies
): Fate {
  const { clock, log } = dependencies
  const replica = dependencies.replica()
  if (replica === undefined) return { kind: 'later', ms: UNWELL_MS }
  const { journal, copies, keeper } = replica
  const { session_id, revision, conflict } = result
  const isDiverted = session_id !== undefined && entry.promised === null && conflict !== undefined
  replica.transaction(() => {
    // What the service was asked for before tells less than this.
    copies.touch(entry.session_id)
    if (entry.again === 1) {
      deliveredAgain(replica, entry, result, (copyId) =>
        keeper.notify(conflictNotice(replica, entry.session_id, copyId, clock.now()))
      )
      return
    }
    journal.remove(entry.sequence)
    const { synced_revision, target } = copies.ensure(entry.session_id)
    // What took effect unheard may lie behind changes that are known since.
    const least = replayed && !isDiverted ? synced_revision : 0
    // It may also have done so in the session that was meant, before a conflict led what follows away from there.
    const isAside = least > 0 && session_id !== undefined && session_id !== target
    // A lease tells the newest revision, which may be somebody else's: what follows was done on the one before.
    const isNews = revision !== undefined && !isAside && !onlyLooks(entry.command)
    copies.change(entry.session_id, {
      agreed_at: clock.now(),
      ...(isNews && { synced_revision: Math.max(revision, least) }),
      ...(isDiverted && { target: session_id }),
    })
  })
  if (isDiverted) log({ event: 'conflict_kept', command: entry.command })
  return SETTLED
}

/** Without a code it is the bridge that cannot read the message. */
function refused(
  entry: Entry,
  code: string | undefined,
  { replica: kept, log }: DeliverDependencies
): Fate {
  const replica = kept()
  replica?.transaction(() => {
    replica.journal.meant.note(entry, meantFor(replica, entry))
    replica.journal.refuse(entry.sequence, code)
  })
  const { command } = entry
  log({ event: 'delivery_refused', command, outcome: code ?? 'unreadable', next: WHERE_IT_IS })
  return REFUSED
}
