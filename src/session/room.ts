// Whether a client may store more: all its sessions together, with their histories.

import { isoTime } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { Context } from './context.ts'
import type { Changes } from './write-revision.ts'

/** Bytes of the texts that changes bring. */
export function bytesOf(changes: Changes): number {
  return [...changes.values()].reduce((sum, content) => sum + (content?.bytes ?? 0), 0)
}

/** Refuses what would make the client's sessions larger than they may be together. What adds nothing always has room. */
export function hasRoom(
  { store, limits, now }: Pick<Context, 'store' | 'limits' | 'now'>,
  bytes: number
): Outcome<undefined, Failure> {
  const { clientBytes, retentionMs } = limits
  if (bytes === 0) return succeed(undefined)
  const stored = store.sessions.storedBytes(clientBytes - bytes)
  if (stored + bytes <= clientBytes) return succeed(undefined)
  return fail({
    reason: 'storage_limit_exceeded',
    bytes: stored + bytes,
    limit: clientBytes,
    next_deletion_at: isoTime((store.sessions.longestIdle() ?? now) + retentionMs),
  })
}
