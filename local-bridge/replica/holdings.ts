// How much the journals of one developer hold together, so that the bound counts for all of them.

import type { Replicas } from './replicas.ts'
import type { Held } from './tables/journal.ts'

/** How much may be held: entries, and bytes of their messages. */
export type Room = { readonly entries: number; readonly bytes: number }

export type Holdings = {
  /** The journal of a client has changed. */
  changed(route: string): void
  /** Why so many bytes more cannot be held; undefined if they can. */
  noRoom(bytes: number): string | undefined
  held(): Holding
}

/** What waits for the service, and what it did not take. */
export type Holding = {
  readonly waiting: number
  readonly refused: number
  /** Of both. */
  readonly bytes: number
  /** When the first of what waits was acknowledged. */
  readonly oldest?: number
}

type OfClient = Held & { readonly oldest: number }

export function createHoldings(replicas: Replicas, room: Room): Holdings {
  const known = new Map<string, OfClient>()

  function sum(part: (of: OfClient) => number): number {
    return [...known.values()].reduce((total, of) => total + part(of), 0)
  }

  return {
    changed: (route) => {
      const journal = replicas.of(route)?.journal
      if (journal === undefined) return
      known.set(route, {
        ...journal.held(),
        oldest: journal.oldest() ?? Number.POSITIVE_INFINITY,
      })
    },
    noRoom: (bytes) => {
      const entries = sum(({ entries }) => entries)
      if (entries >= room.entries) return `the journal holds ${entries} changes already`
      const held = sum(({ bytes }) => bytes)
      return held + bytes > room.bytes ? `the journal holds ${held} bytes already` : undefined
    },
    held: () => {
      const refused = sum((of) => of.refused)
      const oldest = Math.min(...[...known.values()].map((of) => of.oldest))
      return {
        ...{ waiting: sum(({ entries }) => entries) - refused, refused },
        bytes: sum(({ bytes }) => bytes),
        ...(Number.isFinite(oldest) && { oldest }),
      }
    },
  }
}
