// The replica at work for one developer: answers, takes over what passes, fetches what is missing, delivers what waits.

import type { Clock } from '../../src/clock.ts'
import type { Outcome } from '../../src/outcome.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import type { ImageColumns } from '../../src/storage/sessions.ts'
import type { Log } from '../events.ts'
import type { ToDrop } from '../operate/bridge-drop.ts'
import type { ToRetry } from '../operate/bridge-retry.ts'
import type { Request } from '../request.ts'
import type { Timer } from '../timer.ts'
import type { UpstreamReply } from '../upstream.ts'
import { createBackground } from './background.ts'
import type { Courier } from './courier.ts'
import { execute } from './execute.ts'
import { finish } from './finish.ts'
import { createHearing, type Heard } from './hearing.ts'
import { type ClientHolding, createHoldings, type Holding, type Room } from './holdings.ts'
import type { Link } from './link.ts'
import { createPull } from './pull.ts'
import { createReclaim } from './reclaim.ts'
import { madeBefore } from './recognised.ts'
import { createReplay, LOCKED, type Progress } from './replay.ts'
import type { Replica } from './replica.ts'
import { codeOf, type Replicas } from './replicas.ts'
import { LEVEL } from './tables/copies.ts'
import { withWarnings } from './warnings.ts'
import { type Holder, sessionNamed, type Work } from './work.ts'

export type Desk = {
  answer(route: string, work: Work): Outcome<UpstreamReply, Failure> | undefined
  isAhead(route: string, request: Request): boolean
  caughtUp(route: string, request: Request): Promise<void>
  passed(heard: Heard): UpstreamReply
  /** The image fields of a session; undefined if it is not known here as the service has it. */
  imageOf(route: string, sessionId: string): ImageColumns | undefined
  /** The service is there again. */
  wake(): void
  held(): Holding
  /** The same for each client that is served. */
  heldForEach(): readonly ClientHolding[]
  /** Takes away changes that the service refused; gives how many. */
  drop(records: readonly ToDrop[]): number
  /** Lets changes that the service refused wait again, which are sent at once if it can be reached; gives how many. */
  retry(records: readonly ToRetry[]): number
  progress(): Progress | undefined
  /** What is wrong with what is kept, and what to do; undefined if nothing is. */
  trouble(): string | undefined
  stop(): void
}

export type DeskDependencies = {
  readonly replicas: Replicas
  readonly courier: Courier
  readonly link: Link
  readonly room: Room
  readonly clock: Clock
  readonly timer: Timer
  readonly log: Log
  /** Whose sessions these are. */
  readonly holder: Holder
  /** Hears what went wrong where nobody waits for an answer. */
  readonly onFault: (error: unknown) => void
  /** What is held, or for whom, has changed; called in the middle of things. */
  readonly onHeld?: (() => void) | undefined
}

export function createDesk(dependencies: DeskDependencies): Desk {
  const { replicas, courier, link, room, clock, timer, log, holder, onFault } = dependencies
  const holdings = createHoldings(replicas, room, dependencies.onHeld)
  const pull = createPull({ replicas, courier, timer, clock, holder })
  const background = createBackground({
    ...{ pull, replicas, link, timer, log, onFault },
    flush: () => hearing.flush(),
  })
  const hearing = createHearing({
    ...{ replicas, timer, log },
    onHeard: (route) => {
      holdings.used(route)
      background.note(route)
      reclaim.note(route)
    },
  })
  const reclaim = createReclaim({ replicas, timer, onFault })
  /** Clients that have yet to be told something. */
  const noticed = new Set<string>()
  const replay = createReplay({
    ...{ replicas, courier, link, timer, clock, log, onFault },
    onChange: holdings.changed,
    waiting: () => holdings.held().waiting,
    finish: async (route, queue) => {
      const isDone = await finish(route, queue, { replicas, pull, clock })
      noticed.add(route)
      reclaim.note(route)
      return isDone
    },
  })
  for (const route of replicas.routes()) {
    const replica = replicas.of(route)
    replica?.journal.reopen()
    holdings.changed(route)
    noticed.add(route)
    reclaim.note(route)
    replay.add(route)
    // What an earlier run had yet to fetch when it ended.
    if (replica?.whose() !== undefined && isLacking(replica)) background.note(route)
  }

  function answer(route: string, work: Work): Outcome<UpstreamReply, Failure> | undefined {
    hearing.flush()
    const replica = replicas.of(route)
    if (replica === undefined) return undefined
    holdings.used(route)
    const { noRoom } = holdings
    try {
      const given = execute({ work, replica, clock, noRoom })
      if (given.ok && work.part === 'journal') entered(route)
      return given
    } catch (error) {
      if (!replicas.failed(route, error)) throw error
      return unwritable(error)
    }
  }

  function entered(route: string): void {
    holdings.changed(route)
    replay.add(route)
  }

  /** Does something to refused changes in the journals that they are in; gives to how many. */
  function inJournals(
    records: readonly ToDrop[],
    work: (journal: Replica['journal'], named: readonly ToDrop[]) => readonly number[]
  ): number {
    let count = 0
    for (const [route, named] of Map.groupBy(records, (record) => record.route)) {
      const replica = replicas.of(route)
      count += replica === undefined ? 0 : work(replica.journal, named).length
      holdings.changed(route)
    }
    return count
  }

  function queueOf(route: string, request: Request): string | undefined {
    const replica = replicas.of(route)
    if (replica === undefined) return undefined
    const made = () => madeBefore(replica, { request, holder, at: clock.now() })
    const session =
      sessionNamed(request) ?? (replica.journal.held().entries > 0 ? made() : undefined)
    return session === undefined ? undefined : replica.copies.find(session)?.queue
  }

  function isAhead(route: string, request: Request): boolean {
    const journal = replicas.of(route)?.journal
    if (journal === undefined) return false
    const { command, parameters } = request.message
    // Sessions that were made here, and those used last, are among the client's own.
    if (command === 'list_client_sessions' || parameters.latest === true) {
      return journal.queues().length > 0
    }
    const queue = queueOf(route, request)
    return queue !== undefined && journal.isWaiting(queue)
  }

  /** The queues that hold what a request must not overtake. */
  function queuesOf(route: string, request: Request): string[] {
    const queue = queueOf(route, request)
    return queue === undefined ? (replicas.of(route)?.journal.queues() ?? []) : [queue]
  }

  return {
    answer,
    isAhead,
    caughtUp: async (route, request) => {
      await Promise.all(queuesOf(route, request).map((queue) => replay.drained(route, queue)))
    },
    passed: (heard) => {
      hearing.hear(heard)
      if (!noticed.delete(heard.route)) return heard.reply
      const notices = replicas.of(heard.route)?.keeper.takeNotices() ?? []
      return { ...heard.reply, bytes: withWarnings(heard.reply.bytes, notices) }
    },
    imageOf: (route, sessionId) => {
      hearing.flush()
      try {
        const replica = replicas.of(route)
        const isKnown = (replica?.copies.find(sessionId)?.level ?? LEVEL.none) > LEVEL.none
        return isKnown ? replica?.store.sessions.find(sessionId) : undefined
      } catch (error) {
        if (!replicas.failed(route, error)) throw error
        return undefined
      }
    },
    wake: () => {
      replay.kick()
      for (const route of replicas.routes()) background.note(route)
    },
    held: holdings.held,
    heldForEach: holdings.each,
    drop: (records) => {
      const dropped = inJournals(records, (journal, named) => journal.drop(named))
      if (dropped > 0) log({ event: 'refused_dropped', changes: dropped })
      return dropped
    },
    retry: (records) => {
      const waiting = inJournals(records, (journal, named) => journal.putBack(named))
      if (waiting > 0) log({ event: 'refused_retried', changes: waiting })
      for (const route of new Set(records.map((record) => record.route))) replay.add(route)
      return waiting
    },
    progress: replay.progress,
    trouble: () => (replay.isLocked() ? LOCKED : undefined),
    stop: () => {
      hearing.flush()
      hearing.stop()
      replay.stop()
      background.stop()
      pull.stop()
      reclaim.stop()
    },
  }
}

/** True if not every session of the client is known to be here. */
function isLacking({ keeper, copies }: Replica): boolean {
  return keeper.listedAt() === undefined || copies.incomplete().length > 0
}

/** A file that cannot be written: nothing was kept, and nothing of what was kept before is lost. */
function unwritable(error: unknown) {
  return fail({
    reason: 'journal_full',
    detail: `the disk of this machine does not take it (${codeOf(error)})`,
  })
}
