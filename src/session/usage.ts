// How a session is used. Counted in the row that a command writes anyway: counting never makes one write.

import type { SessionChange, SessionRow, UsageColumns } from '../storage/sessions.ts'
import { statusAt } from './rules.ts'

/** A longer gap between two uses is a pause, and nothing of it counts. */
const LONGEST_GAP_MS = 300_000

/** A session that nobody has used yet. */
export const UNUSED: UsageColumns = {
  updates: 0,
  restores: 0,
  bytes_written: 0,
  active_ms: 0,
  last_command: '',
}

/** A change of a session's row, with what it says of the use that the session is put to. */
export function asUse(session: SessionRow, change: SessionChange, command: string) {
  const gap = gapBefore(session, change.last_activity ?? session.last_activity)
  return { ...change, last_command: command, active_ms: plus(session.active_ms, gap) }
}

/** The same for a state that is handed out. */
export function asRestore(session: SessionRow, change: SessionChange, command: string) {
  return { ...asUse(session, change, command), restores: plus(session.restores, 1) }
}

/** The same for a new revision; `bytes` are those of the texts that it brings. */
export function asUpdate(
  session: SessionRow,
  change: SessionChange,
  { command, bytes }: { readonly command: string; readonly bytes: number }
) {
  return {
    ...asUse(session, change, command),
    updates: plus(session.updates, 1),
    bytes_written: plus(session.bytes_written, bytes),
  }
}

/** As get_session_info tells it. */
export function usageOf({ active_ms, ...session }: SessionRow) {
  const { updates, restores, bytes_written, last_command } = session
  const active_seconds = Math.floor(active_ms / 1000)
  return { updates, restores, bytes_written, last_command, active_seconds }
}

/** Time that somebody worked until `now`: none if it was a pause, or the session was over, or the clock went back. */
function gapBefore(session: SessionRow, now: number): number {
  const gap = now - session.last_activity
  const isWork = gap > 0 && gap <= LONGEST_GAP_MS && statusAt(session, now) === 'active'
  return isWork ? gap : 0
}

/** A sum that stays an exact number, and at the largest one once it is there. */
function plus(count: number, more: number): number {
  return Math.min(count + more, Number.MAX_SAFE_INTEGER)
}
