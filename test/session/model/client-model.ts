// The simplest thing that behaves as a client's sessions must: arrays in memory, no rows, no checksums.

import type { Clock } from '../../../src/clock.ts'
import { COMPONENTS, type Component } from '../../../src/protocol/components.ts'
import { DAY, SECOND } from '../../support/fixed-clock.ts'

/** Small figures, so that short sequences meet them. */
export const MODEL_LIMITS = {
  activeSessions: 5,
  revisionsKept: 6,
  historyBytes: 1500,
  retentionMs: 30 * DAY,
  creations: { perMinute: 10, burst: 5 },
  commands: { perMinute: 1, burst: 1e9 },
} as const

/** A component's text and the revision that brought it. */
export type Held = { readonly text: string; readonly since: number }

export type State = ReadonlyMap<Component, Held>

export type Kept = { readonly revision: number; readonly state: State }

export type ModelSession = {
  readonly id: string
  readonly timeout: number
  isClosed: boolean
  lastModified: number
  lastActivity: number
  expiresAt: number
  newest: Kept
  /** Revisions before the newest that are kept, the oldest first. */
  earlier: Kept[]
}

export type Model = {
  readonly clock: Clock
  /** In the order in which they were made. */
  sessions: ModelSession[]
  tokens: number
  refilledAt: number
}

export function emptyModel(clock: Clock): Model {
  return { clock, sessions: [], tokens: MODEL_LIMITS.creations.burst, refilledAt: clock.now() }
}

export function statusOf({ clock }: Model, session: ModelSession) {
  if (session.isClosed) return 'closed'
  return session.expiresAt > clock.now() ? 'active' : 'expired'
}

export function activeOf(model: Model): ModelSession[] {
  return model.sessions.filter((session) => statusOf(model, session) === 'active')
}

/** Renews the lease. */
export function touch({ clock }: Model, session: ModelSession): void {
  session.lastActivity = clock.now()
  session.expiresAt = clock.now() + session.timeout * SECOND
}

/** Renews the lease where looking at a session is worth that: a sixtieth has passed, or another was used since. */
export function lookAt(model: Model, session: ModelSession): void {
  const now = model.clock.now()
  const leaseMs = session.timeout * SECOND
  const isUsedLast = model.sessions.every(
    (other) => statusOf(model, other) !== 'active' || other.lastActivity <= session.lastActivity
  )
  const isFresh = session.expiresAt - now > leaseMs - leaseMs / 60
  if (statusOf(model, session) !== 'active' || !isUsedLast || !isFresh) touch(model, session)
}

export function add(
  model: Model,
  id: string,
  opening: { readonly timeout: number; readonly texts: Changes; readonly isClosed: boolean }
): ModelSession {
  const session: ModelSession = {
    id,
    timeout: opening.timeout,
    isClosed: opening.isClosed,
    lastModified: model.clock.now(),
    lastActivity: 0,
    expiresAt: 0,
    newest: { revision: 1, state: applied(new Map(), opening.texts, 1) },
    earlier: [],
  }
  touch(model, session)
  model.sessions.push(session)
  return session
}

/** New texts of components; null takes one away. */
export type Changes = ReadonlyMap<Component, string | null>

/** Changes the state, if anything differs, and gives what differed. */
export function write(model: Model, session: ModelSession, wanted: Changes): Component[] {
  touch(model, session)
  const { revision, state } = session.newest
  const changes = new Map(
    [...wanted].filter(([component, text]) => text !== (state.get(component)?.text ?? null))
  )
  if (changes.size === 0) return []
  session.earlier.push(session.newest)
  session.lastModified = model.clock.now()
  session.newest = { revision: revision + 1, state: applied(state, changes, revision + 1) }
  forget(session)
  return COMPONENTS.filter((component) => changes.has(component))
}

export function keptAt(session: ModelSession, revision: number): Kept | undefined {
  return [...session.earlier, session.newest].find((kept) => kept.revision === revision)
}

/** What retention takes. */
export function clean(model: Model): void {
  const since = model.clock.now() - MODEL_LIMITS.retentionMs
  model.sessions = model.sessions.filter(({ lastActivity }) => lastActivity > since)
}

/** Tokens for creations, as they are now. */
export function tokensOf({ clock, tokens, refilledAt }: Model): number {
  const { perMinute, burst } = MODEL_LIMITS.creations
  return Math.min(burst, tokens + ((clock.now() - refilledAt) * perMinute) / 60_000)
}

export function bytesOf(state: State): number {
  return sum([...state.values()].map(({ text }) => text.length))
}

/** Bytes of all texts that a kept revision has, each counted once. */
export function storedBytes({ earlier, newest }: ModelSession): number {
  const sizes = new Map<string, number>()
  for (const { state } of [...earlier, newest]) {
    for (const [component, { since, text }] of state)
      sizes.set(`${component} ${since}`, text.length)
  }
  return sum([...sizes.values()])
}

function applied(state: State, changes: Changes, revision: number): State {
  const next = new Map(state)
  for (const [component, text] of changes) {
    if (text === null) next.delete(component)
    else next.set(component, { text, since: revision })
  }
  return next
}

function forget(session: ModelSession): void {
  const { revisionsKept, historyBytes } = MODEL_LIMITS
  const isTooMuch = () =>
    session.earlier.length >= revisionsKept || storedBytes(session) > historyBytes
  while (session.earlier.length > 0 && isTooMuch()) session.earlier.shift()
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
