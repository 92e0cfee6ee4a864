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
  /** The newest revisions of a session, which are kept whatever they are. */
  readonly revisionsKept: number
  /** Revisions of a session that have a name, counted from the newest; they are kept however old. */
  readonly namedKept: number
  /** Older revisions without a name that are kept: the last one of each span of `spacingMs` in which there is any. */
  readonly spacedKept: number
  readonly spacingMs: number
  /** Old revisions go at every so many new ones; until then a few more than promised are kept. */
  readonly forgetEvery: number
  /** Bytes that the history of one session may take; the newest revision is always kept. */
  readonly historyBytes: number
  readonly creations: Rate
  readonly commands: Rate
  /** Answers that are kept for whoever asks again; of those that a delivery has heard, many more. */
  readonly answersKept: number
  readonly deliveriesKept: number
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

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

export const DEFAULT_LIMITS: Limits = {
  activeSessions: 5,
  defaultTimeoutS: 3600,
  retentionMs: 30 * DAY_MS,
  cleanupIntervalS: 300,
  sessionBytes: MAX_SESSION_BYTES,
  clientBytes: 200_000_000,
  revisionsKept: 20,
  namedKept: 20,
  spacedKept: 20,
  spacingMs: 15 * MINUTE_MS,
  forgetEvery: 8,
  historyBytes: 8_000_000,
  creations: { perMinute: 10, burst: 5 },
  commands: { perMinute: 600, burst: 100 },
  answersKept: 1000,
  deliveriesKept: 10_000,
  answersKeptMs: DAY_MS,
  sameMessageMs: 60_000,
  auditKept: 2000,
  refusalsADay: 30,
  notesADay: 10,
  exportsADay: 100,
  eventsKept: 1000,
  clients: { allow: [], deny: [] },
}

/** What a subscription says about limits. */
export type SubscriptionLimits = Partial<Pick<Limits, 'activeSessions' | 'sessionBytes'>>

/** The limits that bind: a subscription may allow more sessions than the operator does, and never larger ones. */
export function bindingLimits(
  limits: Limits,
  { activeSessions, sessionBytes }: SubscriptionLimits
): Limits {
  return {
    ...limits,
    activeSessions: Math.max(limits.activeSessions, activeSessions ?? 0),
    sessionBytes: Math.min(limits.sessionBytes, sessionBytes ?? limits.sessionBytes),
  }
}

/** True if the client may use the service. */
export function isAllowed({ allow, deny }: ClientPolicy, clientId: string): boolean {
  if (coversClient(deny, clientId)) return false
  return allow.length === 0 || coversClient(allow, clientId)
}
