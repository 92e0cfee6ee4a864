// The simplest thing that behaves as a client's sessions must: arrays in memory, no rows, no checksums.

import type { Clock } from '../../../src/clock.ts'
import { COMPONENTS, type Component } from '../../../src/protocol/components.ts'
import { DAY, MINUTE, SECOND } from '../../support/fixed-clock.ts'
import { forget, sum } from './history-model.ts'

/** Small figures, so that short sequences meet them. */
export const MODEL_LIMITS = {
  activeSessions: 5,
  revisionsKept: 4,
  namedKept: 2,
  spacedKept: 2,
  spacingMs: 15 * MINUTE,
  forgetEvery: 3,
  historyBytes: 1500,
  retentionMs: 30 * DAY,
  creations: { perMinute: 10, burst: 5 },
  commands: { perMinute: 1, burst: 1e9 },
} as const

/** A longer gap between two uses is a pause. */
const PAUSE_MS = 5 * MINUTE

/** A component's text and the revision that brought it. */
export type Held = { readonly text: string; readonly since: number }

export type State = ReadonlyMap<Component, Held>

export type Kept = {
  readonly revision: number
  readonly at: number
  readonly state: State
  /** What its client calls it, or empty. */
  readonly label: string
  /** True if it was named by its client, or to be found again. */
  readonly isNamed: boolean
}

/** How a session was used since it was made. */
export type Usage = {
  readonly updates: number
  readonly restores: number
  readonly bytes: number
  readonly activeMs: number
  readonly last: string
}

export type ModelSession = {
  readonly id: string
  readonly timeout: number
  isClosed: boolean
  /** Empty if it works on none. */
  image: string
  lastModified: number
  lastActivity: number
  expiresAt: number
  usage: Usage
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
  /** The command that is carried out. */
  command: string
}

export function emptyModel(clock: Clock): Model {
  const { burst: tokens } = MODEL_LIMITS.creations
  return { clock, sessions: [], tokens, refilledAt: clock.now(), command: '' }
}

export function statusOf({ clock }: Model, session: ModelSession) {
  if (session.isClosed) return 'closed'
  return session.expiresAt > clock.now() ? 'active' : 'expired'
}

export function activeOf(model: Model): ModelSession[] {
  return model.sessions.filter((session) => statusOf(model, session) === 'active')
}

/** Renews the lease. */
function touch(model: Model, session: ModelSession): void {
  use(model, session)
  session.expiresAt = model.clock.now() + session.timeout * SECOND
}

/** Somebody uses the session: what lies between this and the use before was work, unless it was a pause. */
export function use(model: Model, session: ModelSession): void {
  const now = model.clock.now()
  const gap = now - session.lastActivity
  const isWork = statusOf(model, session) === 'active' && gap <= PAUSE_MS
  const activeMs = session.usage.activeMs + (isWork ? gap : 0)
  session.usage = { ...session.usage, activeMs, last: model.command }
  session.lastActivity = now
}

/** Renews the lease where looking at a session is worth that: a sixtieth has passed, or another was used since. */
export function lookAt(model: Model, session: ModelSession): void {
  const now = model.clock.now()
  const leaseMs = session.timeout * SECOND
  const isUsedLast = model.sessions.every(
    (other) => statusOf(model, other) !== 'active' || other.lastActivity <= session.lastActivity
  )
  const isFresh = session.expiresAt - now > leaseMs - leaseMs / 60
  if (statusOf(model, session) === 'active' && isUsedLast && isFresh) return
  touch(model, session)
  session.usage = { ...session.usage, restores: session.usage.restores + 1 }
}

export function add(
  model: Model,
  id: string,
  opening: Pick<ModelSession, 'timeout' | 'isClosed' | 'image'> & {
    readonly texts: Changes
    readonly label?: string | undefined
    readonly isNamed?: boolean
  }
): ModelSession {
  const { timeout, isClosed, image, texts, label = '', isNamed = false } = opening
  const at = model.clock.now()
  const session: ModelSession = {
    id,
    timeout,
    isClosed,
    image,
    lastModified: at,
    lastActivity: 0,
    expiresAt: 0,
    usage: { updates: 0, restores: 0, bytes: 0, activeMs: 0, last: '' },
    newest: { revision: 1, at, state: applied(new Map(), texts, 1), label, isNamed },
    earlier: [],
  }
  touch(model, session)
  model.sessions.push(session)
  return session
}

/** New texts of components; null takes one away. */
export type Changes = ReadonlyMap<Component, string | null>

/** Changes the state, if anything differs, and gives what differed. Another label alone is a change, too. */
export function write(
  model: Model,
  session: ModelSession,
  wanted: Changes,
  label?: string | undefined
): string[] {
  touch(model, session)
  const { state } = session.newest
  const changes = new Map(
    [...wanted].filter(([component, text]) => text !== (state.get(component)?.text ?? null))
  )
  const isNewLabel = label !== undefined && label !== session.newest.label
  if (changes.size === 0 && !isNewLabel) return []
  advance(model, session, changes, label)
  if (changes.size === 0) return ['label']
  return COMPONENTS.filter((component) => changes.has(component))
}

/** Goes on in another image. What the session was before is named, to be found again. */
export function move(model: Model, session: ModelSession, image: string): void {
  touch(model, session)
  session.image = image
  session.newest = { ...session.newest, isNamed: true }
  advance(model, session, new Map())
}

function advance(model: Model, session: ModelSession, changes: Changes, label = ''): void {
  const revision = session.newest.revision + 1
  const state = applied(session.newest.state, changes, revision)
  const at = model.clock.now()
  session.earlier.push(session.newest)
  session.lastModified = at
  const { updates, bytes } = session.usage
  const brought = sum([...changes.values()].map((text) => text?.length ?? 0))
  session.usage = { ...session.usage, updates: updates + 1, bytes: bytes + brought }
  session.newest = { revision, at, state, label, isNamed: label !== '' }
  forget(session, MODEL_LIMITS)
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

function applied(state: State, changes: Changes, revision: number): State {
  const next = new Map(state)
  for (const [component, text] of changes) {
    if (text === null) next.delete(component)
    else next.set(component, { text, since: revision })
  }
  return next
}
