// How much the journals of one developer hold together, so that the bound counts for all of them.

import type { Replicas } from './replicas.ts'
import type { Held } from './tables/journal.ts'

/** How much may be held: entries, and bytes of their messages. */
export type Room = { readonly entries: number; readonly bytes: number }

/** The same for one client. */
export type ClientHolding = Holding & { readonly client_id: string }

export type Holdings = {
  /** The journal of a client has changed. */
  changed(route: string): void
  /** Somebody works with this client's sessions. */
  used(route: string): void
  /** What is held for each client that was used since the start, or that something is held for. */
  each(): readonly ClientHolding[]
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

type OfClient = Held & { readonly oldest: number; readonly client_id: string | undefined }

/** `onChange` hears that something of it is another than before. */
export function createHoldings(
  replicas: Replicas,
  room: Room,
  onChange: () => void = () => {}
): Holdings {
  const known = new Map<string, OfClient>()
  const used = new Set<string>()

  function sum(part: (of: OfClient) => number): number {
    return [...known.values()].reduce((total, of) => total + part(of), 0)
  }

  function changed(route: string): void {
    const replica = replicas.of(route)
    if (replica === undefined) return
    known.set(route, {
      ...replica.journal.held(),
      oldest: replica.journal.oldest() ?? Number.POSITIVE_INFINITY,
      client_id: replica.whose()?.client_id,
    })
    onChange()
  }

  return {
    changed,
    used: (route) => {
      const isNew = !used.has(route)
      used.add(route)
      if (known.get(route)?.client_id === undefined) changed(route)
      else if (isNew) onChange()
    },
    each: () =>
      [...known].flatMap(([route, { client_id, entries, refused, bytes, oldest }]) => {
        if (client_id === undefined || (entries === 0 && !used.has(route))) return []
        const waiting = entries - refused
        return [{ client_id, waiting, refused, bytes, ...(Number.isFinite(oldest) && { oldest }) }]
      }),
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
