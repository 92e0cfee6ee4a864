// Whether the session service can be reached. A silence or a broken connection makes it look at once; while the service is
// away it goes on looking, for ever, and looks at once when a request comes or the network of this machine changes.

import type { Log } from '../events.ts'
import type { Chance, Timer } from '../timer.ts'

/** A look that lasts longer has found nobody: with the silence before it, a half-open link is found within 3 s. */
export const LOOK_MS = 1000

/** Time from the beginning of one look to the next: the first, doubled up to the last, less up to a quarter by chance. */
export const FIRST_WAIT_MS = 100
export const LAST_WAIT_MS = 2000
const JITTER = 0.25

/** Requests make the bridge look at once, but not more often than this. */
const LEAST_WAIT_MS = 100

export type Link = {
  isUp(): boolean
  /** Looks whether the service is there; gives what it found. */
  look(): Promise<boolean>
  /** Something went unanswered: looks, and if the service is there, the connection was dead. */
  suspect(): Promise<boolean>
  /** The service has answered. */
  heard(): void
  /** A request came: while the service is away, looks at once. */
  wake(): void
  /** Calls back when the service is found to be away, at once if it is; gives back what ends that. */
  onLost(call: () => void): () => void
  /** Calls back whenever the service is there again. */
  onUp(call: () => void): void
  stop(): void
}

export type LinkDependencies = {
  /** Asks the service on a new connection; must end when the signal does. */
  readonly probe: (signal: AbortSignal) => Promise<boolean>
  /** Connections to the service may be dead, even where the service is there. */
  readonly renew: () => void
  readonly timer: Timer
  readonly chance: Chance
  readonly log: Log
}

export function createLink({ probe, renew, timer, chance, log }: LinkDependencies): Link {
  let up = true
  let stopped = false
  let looking: Promise<boolean> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let wait = FIRST_WAIT_MS
  let downSince = 0
  /** Counts what the service has answered. */
  let answers = 0
  let cancelNext = () => {}
  const callsWhenLost = new Set<() => void>()
  const callsWhenUp: (() => void)[] = []

  function look(): Promise<boolean> {
    if (stopped) return Promise.resolve(up)
    looking ??= lookOnce().finally(() => {
      looking = undefined
    })
    return looking
  }

  async function lookOnce(): Promise<boolean> {
    cancelNext()
    lookedAt = timer.ticks()
    const abort = new AbortController()
    const cancelLimit = timer.after(LOOK_MS, () => abort.abort())
    const before = answers
    const found = await probe(abort.signal)
    cancelLimit()
    if (stopped) return up
    if (found) rise()
    // Whoever has answered since is there: a look that found nobody comes from before.
    else if (!up || answers === before) fall()
    return found
  }

  async function suspect(): Promise<boolean> {
    const found = await look()
    if (found && !stopped) renew()
    return found
  }

  function rise(): void {
    cancelNext()
    wait = FIRST_WAIT_MS
    if (up) return
    up = true
    log({ event: 'uplink_up', away_ms: Math.round(timer.ticks() - downSince) })
    for (const call of callsWhenUp) call()
  }

  function fall(): void {
    if (up) {
      up = false
      downSince = timer.ticks()
      log({ event: 'uplink_down' })
      renew()
      for (const call of callsWhenLost) call()
    }
    const next = lookedAt + wait * (1 - JITTER * chance()) - timer.ticks()
    wait = Math.min(wait * 2, LAST_WAIT_MS)
    cancelNext = timer.after(Math.max(0, next), () => void look())
  }

  return {
    isUp: () => up,
    look,
    suspect,
    heard: () => {
      answers += 1
      if (!stopped && !up) rise()
    },
    wake: () => {
      if (!up && timer.ticks() - lookedAt >= LEAST_WAIT_MS) void look()
    },
    onLost: (call) => {
      if (!up) call()
      callsWhenLost.add(call)
      return () => callsWhenLost.delete(call)
    },
    onUp: (call) => {
      callsWhenUp.push(call)
    },
    stop: () => {
      stopped = true
      cancelNext()
    },
  }
}
