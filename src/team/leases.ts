// Who reports each event: clients are told that somebody watches the team, for a time that is renewed while somebody does.
// They learn it with the answer to a report, or are roused. Without watchers nobody is told, and reports stay rare.

import type { DirectoryStore } from './directory-store.ts'

/** How long a client reports each event after it was told last. */
export const LEASE_MS = 900_000

/** A lease that was renewed within this time is left as it is. */
export const RENEW_MS = 300_000

/** Clients that are roused for one watcher; those behind them are told with their next report, within a minute. */
export const MOST_ROUSED = 200

/** Clients that are roused at once. */
const AT_ONCE = 20

export type Leases = {
  /** Until when a client that reports now has to report each event. */
  of(client_id: string, at: { readonly isWatched: boolean; readonly now: number }): number
  /** Tells the clients that are active and do not know it yet, or not for long any more. */
  rouse(now: number, tell: (client_id: string, until: number) => Promise<boolean>): Promise<void>
}

export function createLeases(store: DirectoryStore): Leases {
  const { leases } = store

  return {
    of: (client_id, { isWatched, now }) => {
      const until = leases.until(client_id)
      if (!isWatched || until >= now + LEASE_MS - RENEW_MS) return until
      leases.put(client_id, now + LEASE_MS)
      return now + LEASE_MS
    },
    rouse: async (now, tell) => {
      const until = now + LEASE_MS
      leases.deleteUpTo(now)
      const clients = leases.ending(until - RENEW_MS, now, MOST_ROUSED)
      for (let from = 0; from < clients.length; from += AT_ONCE) {
        const some = clients.slice(from, from + AT_ONCE)
        const told = await Promise.allSettled(some.map((client_id) => tell(client_id, until)))
        some.forEach((client_id, index) => {
          const outcome = told[index]
          if (outcome?.status === 'fulfilled' && outcome.value) leases.put(client_id, until)
        })
      }
    },
  }
}
