// The figures that an operator may set, with the defaults of the specification (section 6).

import { coversClient } from '../protocol/client-pattern.ts'
import { MAX_SESSION_BYTES } from '../protocol/limits.ts'

/** A token bucket: how fast it refills and how much it holds. */
export type Rate = { readonly perMinute: number; readonly burst: number }

/** Which clients may use the service: exact ids, or `prefix*`. Deny wins; an empty allow list allows all. */
export type ClientPolicy = { readonly allow: readonly string[]; readonly deny: readonly string[] }

export type Limits = {
  readonly activeSessions: number
  readonly defaultTimeoutS: number
  /** Milliseconds after the last activity until a session is deleted. */
  readonly retentionMs: number
  /** Told by statistics: the longest time until an ended lease is noticed without being asked for. */
  readonly cleanupIntervalS: number
  readonly sessionBytes: number
  /** Bytes that all sessions of a client take together, with their histories. */
  readonly clientBytes: number
  readonly revisionsKept: number
  /** Old revisions go at every so many new ones; until then a few more than promised are kept. */
  readonly forgetEvery: number
  /** Bytes that the history of one session may take; the newest revision is always kept. */
  readonly historyBytes: number
  readonly creations: Rate
  readonly commands: Rate
  readonly answersKept: number
  readonly answersKeptMs: number
  /** How long the newest command is recognised by its message id alone. */
  readonly sameMessageMs: number
  /** Rows of the audit log that are kept at most; they live as long as a session after its last activity. */
  readonly auditKept: number
  /** Rows of the audit log that refusals may take in a day: nobody floods away what was done. */
  readonly refusalsADay: number
  /** The same for each other kind of row about what changed nothing: what an admin read, a cleanup without effect. */
  readonly notesADay: number
  /** Exports that get a row each in a day; further ones share rows as refusals do. */
  readonly exportsADay: number
  /** Events that a client can still ask for; up to 63 more are kept. */
  readonly eventsKept: number
  readonly clients: ClientPolicy
}

const DAY_MS = 86_400_000

export const DEFAULT_LIMITS: Limits = {
  activeSessions: 5,
  defaultTimeoutS: 3600,
  retentionMs: 30 * DAY_MS,
  cleanupIntervalS: 300,
  sessionBytes: MAX_SESSION_BYTES,
  clientBytes: 200_000_000,
  revisionsKept: 20,
  forgetEvery: 8,
  historyBytes: 8_000_000,
  creations: { perMinute: 10, burst: 5 },
  commands: { perMinute: 600, burst: 100 },
  answersKept: 1000,
  answersKeptMs: DAY_MS,
  sameMessageMs: 60_000,
  auditKept: 2000,
  refusalsADay: 30,
  notesADay: 10,
  exportsADay: 100,
  eventsKept: 1000,
  clients: { allow: [], deny: [] },
}

/** True if the client may use the service. */
export function isAllowed({ allow, deny }: ClientPolicy, clientId: string): boolean {
  if (coversClient(deny, clientId)) return false
  return allow.length === 0 || coversClient(allow, clientId)
}
