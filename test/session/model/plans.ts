// What each step means: the command to send, the refusal to expect, and what it does to the model.

import type { Component } from '../../../src/protocol/components.ts'
import type { Reason } from '../../../src/protocol/failures.ts'
import type { ClientCommand } from '../../../src/session/context.ts'
import { inOrder } from '../../../src/session/state.ts'
import { CLIENT } from '../../support/engine-sessions.ts'
import {
  activeOf,
  add,
  keptAt,
  lookAt,
  MODEL_LIMITS,
  type Model,
  type ModelSession,
  type State,
  statusOf,
  tokensOf,
  use,
  write,
} from './client-model.ts'
import { mergedText } from './merged-text.ts'
import type { Step, Texts } from './steps.ts'
import { asMap, asParameters, expiry, restored, written } from './told.ts'

/** The commands that a life is made of; each answers about one session. */
type Played = Extract<
  ClientCommand,
  | 'create_session'
  | 'update_session_state'
  | 'save_context'
  | 'clear_context'
  | 'revert_session'
  | 'switch_image_context'
  | 'restore_session'
  | 'load_context'
  | 'close_session'
>

export type Plan = {
  readonly command: Played
  readonly parameters: Readonly<Record<string, unknown>>
  /** Why the command must be refused, if it must. */
  readonly refusal?: Reason | undefined
  /** Does to the model what the command must have done; gives what the answer must contain. */
  apply(session_id: string): object
}

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export function create(model: Model, { timeout, texts }: StepOf<'create'>): Plan {
  const isFull = activeOf(model).length >= MODEL_LIMITS.activeSessions
  const isTooFast = tokensOf(model) < 1
  return {
    command: 'create_session',
    parameters: { client_id: CLIENT, timeout, ...asParameters(texts) },
    refusal: isFull ? 'session_limit_exceeded' : isTooFast ? 'rate_limited' : undefined,
    apply: (id) => {
      model.tokens = tokensOf(model) - 1
      model.refilledAt = model.clock.now()
      const session = add(model, id, { timeout, texts: asMap(texts), isClosed: false, image: '' })
      return { revision: 1, timeout, expires_at: expiry(session) }
    },
  }
}

export function update(model: Model, session: ModelSession, step: StepOf<'update'>): Plan {
  const { texts, mode, guard, onConflict, label } = step
  const { revision } = session.newest
  const if_revision = {
    none: revision,
    newest: revision,
    earlier: revision - 1,
    later: revision + 1,
  }[guard]
  const isLost = if_revision !== revision && if_revision > 0
  const plan = {
    command: 'update_session_state',
    parameters: {
      session_id: session.id,
      mode,
      ...(label !== undefined && { label }),
      ...(guard !== 'none' && if_revision > 0 && { if_revision, on_conflict: onConflict }),
      ...asParameters(texts),
    },
  } as const
  const refusal = needsActive(model, session)
  if (refusal === undefined && isLost) {
    if (onConflict === 'error') return { ...plan, refusal: 'revision_conflict', apply: nothing }
    return { ...plan, apply: (id) => copy(model, session, id, { if_revision, texts, mode, label }) }
  }
  return {
    ...plan,
    refusal,
    apply: () =>
      written(session, write(model, session, combined(session.newest.state, texts, mode), label)),
  }
}

export function revert(model: Model, session: ModelSession, step: StepOf<'revert'>): Plan {
  const { back, label } = step
  const revision = Math.max(1, session.newest.revision - back)
  const kept = keptAt(session, revision)
  return {
    command: 'revert_session',
    parameters: { session_id: session.id, revision, ...(label !== undefined && { label }) },
    refusal: needsActive(model, session) ?? (kept === undefined ? 'invalid_parameter' : undefined),
    apply: () => {
      const wanted = new Map<Component, string | null>()
      for (const component of session.newest.state.keys()) wanted.set(component, null)
      for (const [component, { text }] of kept?.state ?? []) wanted.set(component, text)
      return { ...written(session, write(model, session, wanted, label)), reverted_to: revision }
    },
  }
}

export function restore(model: Model, session: ModelSession, revive: boolean): Plan {
  return {
    command: 'restore_session',
    parameters: { session_id: session.id, revive },
    refusal: revive ? needsRoom(model, session) : needsActive(model, session),
    apply: () => {
      lookAt(model, session)
      session.isClosed = false
      return { ...restored(session.newest.state), revision: session.newest.revision }
    },
  }
}

export function lookBack(model: Model, session: ModelSession, step: StepOf<'look back'>): Plan {
  const revision = Math.max(1, session.newest.revision - step.back)
  const kept = keptAt(session, revision)
  return {
    command: 'restore_session',
    parameters: { session_id: session.id, revision },
    refusal: needsActive(model, session) ?? (kept === undefined ? 'invalid_parameter' : undefined),
    apply: () => {
      lookAt(model, session)
      return { ...restored(kept?.state ?? new Map()), revision }
    },
  }
}

/** Restores the active session that was used last, or else the one of all. */
export function latest(model: Model, revive: boolean): Plan {
  const active = activeOf(model)
  const [session] = (active.length > 0 ? active : [...model.sessions])
    .reverse()
    .sort((a, b) => b.lastActivity - a.lastActivity)
  const parameters = { client_id: CLIENT, latest: true, revive }
  if (session === undefined) {
    return { command: 'restore_session', parameters, refusal: 'session_not_found', apply: nothing }
  }
  return { ...restore(model, session, revive), parameters }
}

export function close(model: Model, session: ModelSession): Plan {
  return {
    command: 'close_session',
    parameters: { session_id: session.id },
    refusal: session.isClosed ? 'session_closed' : undefined,
    apply: () => {
      use(model, session)
      session.isClosed = true
      return { closed: true, session_id: session.id }
    },
  }
}

/** Why a command about work in progress must be refused, if it must. */
export function needsActive(model: Model, session: ModelSession): Reason | undefined {
  const status = statusOf(model, session)
  return status === 'active' ? undefined : `session_${status}`
}

function needsRoom(model: Model, session: ModelSession): Reason | undefined {
  const isActive = statusOf(model, session) === 'active'
  const isFull = activeOf(model).length >= MODEL_LIMITS.activeSessions
  return isFull && !isActive ? 'session_limit_exceeded' : undefined
}

function copy(
  model: Model,
  session: ModelSession,
  id: string,
  lost: Pick<StepOf<'update'>, 'texts' | 'mode' | 'label'> & { readonly if_revision: number }
): object {
  const { state } = keptAt(session, lost.if_revision) ?? session.newest
  const texts = new Map([...state].map(([component, { text }]) => [component, text] as const))
  for (const [component, text] of combined(state, lost.texts, lost.mode)) texts.set(component, text)
  const isClosed = activeOf(model).length >= MODEL_LIMITS.activeSessions
  const { timeout, image } = session
  const { label } = lost
  const made = add(model, id, { timeout, image, texts, isClosed, label, isNamed: true })
  const conflict = {
    session_id: session.id,
    current_revision: session.newest.revision,
    copy_is_active: !isClosed,
  }
  return { ...written(made, inOrder(texts.keys())), conflict }
}

function combined(state: State, texts: Texts, mode: 'replace' | 'merge') {
  const wanted = new Map<Component, string>()
  for (const [component, text] of asMap(texts)) {
    const base = state.get(component)?.text
    wanted.set(component, mode === 'merge' ? mergedText(base, text) : text)
  }
  return wanted
}

function nothing(): object {
  return {}
}
