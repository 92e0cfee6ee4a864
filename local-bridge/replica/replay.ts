// Delivers what is in the journals while the service can be reached: each queue in its order, many entries at once and
// several queues at a time. Never drops an entry, never gives up.

import type { Clock } from '../../src/clock.ts'
import type { Log } from '../events.ts'
import type { Timer } from '../timer.ts'
import type { Courier } from './courier.ts'
import { type Delivery, deliver } from './deliver.ts'
import type { Link } from './link.ts'
import { createPace } from './pace.ts'
import { createPauses } from './pauses.ts'
import type { Replicas } from './replicas.ts'
import { MOST_AT_ONCE, mostAfter, together } from './together.ts'

/** Queues that are delivered at once. */
const PARALLEL = 4

/** What could not be brought to its end is tried again after this time. */
const TRY_AGAIN_MS = 1000

/** A file that could not be had is looked at again after this time: what waits in it waits for nothing else. */
const LOOK_AGAIN_MS = 5000

export type Replay = {
  /** Something waits in this client's journal, or its end has yet to be looked at. */
  add(route: string): void
  /** Goes on, if the service can be reached. */
  kick(): void
  /** Resolves when a queue is empty; at once if it is. */
  drained(route: string, queue: string): Promise<void>
  /** How far the delivery that runs is; undefined if none does. */
  progress(): Progress | undefined
  /** True if something waits for a key that is not there. */
  isLocked(): boolean
  stop(): void
}

/** What has been delivered since the service is there again, of so much in all. */
export type Progress = {
  readonly done: number
  readonly total: number
  /** How many a second lately, and how many seconds the rest will take like that; absent while nobody can say. */
  readonly per_second?: number
  readonly rest_s?: number
}

/** A delivery that takes long is told of not more often than this. */
const TELL_MS = 1000

/** What to do about work that waits for a key. */
export const LOCKED =
  'some of what waits was sealed with a key that the key file lacks: put back the key file that belongs to the data folder, and start the bridge again'

export type ReplayDependencies = {
  readonly replicas: Replicas
  readonly courier: Courier
  readonly link: Link
  readonly timer: Timer
  readonly clock: Clock
  readonly log: Log
  /** A queue has been delivered: sees to it that the copies agree with the service. */
  readonly finish: (route: string, queue: string) => Promise<boolean>
  /** The journal of a client has changed. */
  readonly onChange: (route: string) => void
  /** How much waits in all journals. */
  readonly waiting: () => number
  readonly onFault: (error: unknown) => void
}

export function createReplay(dependencies: ReplayDependencies): Replay {
  const { replicas, courier, link, timer, clock, log, finish, onChange, onFault } = dependencies
  const routes = new Set<string>()
  const running = new Map<string, PromiseWithResolvers<void>>()
  const pace = createPace(timer)
  const pauses = createPauses(timer)
  /** Queues whose next entry no key here opens. They wait for a bridge that has been given it. */
  const locked = new Set<string>()
  /** Clients whose files are there and cannot be had now. */
  const hidden = new Set<string>()
  let delivered = 0
  let refused = 0
  let toldAt = Number.NEGATIVE_INFINITY
  let stopped = false

  function kick(): void {
    if (stopped || !link.isUp()) return
    for (const route of routes) {
      if (hidden.has(route)) continue
      const queues = queuesOf(route)
      if (queues === undefined) {
        void lookAgain(route).catch(onFault)
        continue
      }
      if (queues.size === 0 && !isRunning(route)) routes.delete(route)
      for (const queue of queues) begin(route, queue)
    }
    if (routes.size > 0 || delivered + refused === 0) return
    log({ event: 'caught_up', delivered, ...(refused > 0 && { refused }) })
    delivered = 0
    refused = 0
    toldAt = Number.NEGATIVE_INFINITY
    pace.reset()
  }

  /** Undefined if the file of a client is there, and cannot be had now. */
  function queuesOf(route: string): ReadonlySet<string> | undefined {
    try {
      const replica = replicas.of(route)
      if (replica === undefined) return replicas.has(route) ? undefined : new Set()
      return new Set([...replica.journal.queues(), ...replica.copies.diverted()])
    } catch (error) {
      if (!replicas.failed(route, error)) throw error
      return undefined
    }
  }

  async function lookAgain(route: string): Promise<void> {
    hidden.add(route)
    if (!(await pauses.wait(LOOK_AGAIN_MS))) return
    hidden.delete(route)
    kick()
    onChange(route)
  }

  function begin(route: string, queue: string): void {
    const name = nameOf(route, queue)
    if (running.size >= PARALLEL || running.has(name) || locked.has(name)) return
    running.set(name, Promise.withResolvers())
    const ended = () => {
      running.get(name)?.resolve()
      running.delete(name)
      kick()
    }
    const failed = async (error: unknown) => {
      onFault(error)
      await pauses.wait(TRY_AGAIN_MS)
    }
    void drain(route, queue).catch(failed).then(ended)
  }

  async function drain(route: string, queue: string): Promise<void> {
    const replica = () => replicas.of(route)
    let most = MOST_AT_ONCE
    while (!stopped && link.isUp()) {
      const entries = together(replica()?.journal.first(queue, most) ?? [])
      if (entries.length === 0) {
        if (await finish(route, queue)) return
        await pauses.wait(TRY_AGAIN_MS)
        continue
      }
      const delivery = await deliver(entries, { courier, clock, log, replica })
      if (delivery.isLocked) {
        locked.add(nameOf(route, queue))
        if (locked.size === 1) log({ event: 'journal_locked', detail: LOCKED })
        return
      }
      most = mostAfter(most, delivery)
      onChange(route)
      if (delivery.settled > 0) settled(delivery)
      if (delivery.laterMs !== undefined) await pauses.wait(delivery.laterMs)
    }
  }

  function settled({ settled: entries, refused: notTaken }: Delivery): void {
    delivered += entries - notTaken
    refused += notTaken
    pace.settled(entries)
    const now = progress()
    // What is delivered at one stroke has only an end to be told.
    const isAll = now === undefined || (now.done === now.total && now.done === entries)
    if (isAll || timer.ticks() - toldAt < TELL_MS) return
    toldAt = timer.ticks()
    log({ event: 'replaying', ...now })
  }

  function progress(): Progress | undefined {
    if (running.size === 0) return undefined
    const waiting = dependencies.waiting()
    const perSecond = pace.perSecond()
    const done = delivered + refused
    return {
      ...{ done, total: done + waiting },
      ...(perSecond !== undefined && { per_second: perSecond }),
      ...(perSecond !== undefined && perSecond > 0 && { rest_s: Math.ceil(waiting / perSecond) }),
    }
  }

  function isRunning(route: string): boolean {
    return [...running.keys()].some((name) => name.startsWith(`${route} `))
  }

  return {
    add: (route) => {
      routes.add(route)
      kick()
    },
    kick,
    drained: (route, queue) => running.get(nameOf(route, queue))?.promise ?? Promise.resolve(),
    progress,
    isLocked: () => locked.size > 0,
    stop: () => {
      stopped = true
      pauses.end()
    },
  }
}

function nameOf(route: string, queue: string): string {
  return `${route} ${queue}`
}
