// The steps that all changes and conflict copies share: combining texts, writing them, telling the result.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { Component } from '../protocol/components.ts'
import type { Failure } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { SessionChange, SessionRow } from '../storage/sessions.ts'
import { type Context, unset } from './context.ts'
import { appended, warnOf } from './history.ts'
import type { Manifest } from './manifest.ts'
import { mergePatch } from './merge.ts'
import { noteInspectors, noteUnchanged } from './note-origins.ts'
import { type Recovered, readState } from './read-state.ts'
import type { Origins } from './registry-epoch.ts'
import { bytesOf } from './room.ts'
import { renewedLease } from './rules.ts'
import type { Given } from './state.ts'
import { asUpdate, asUse } from './usage.ts'
import { type Changes, writeRevision } from './write-revision.ts'

/** How given texts meet what is stored: in its place, as patches, or in its place but for history, which grows. */
export type Mode = 'replace' | 'merge' | 'append'

/** The new texts: as given, or combined with the newest good text of their component. */
export function combined(
  { store, warn }: Pick<Context, 'store' | 'warn'>,
  session: SessionRow,
  manifest: Manifest,
  given: Given,
  mode: Mode = 'replace'
): Outcome<{ readonly texts: Given; readonly recovered: Recovered }, Failure> {
  const met = [...given.keys()].filter((name) => mode === 'merge' || isAppended(name, mode))
  if (met.length === 0) return succeed({ texts: given, recovered: {} })
  const base = readState(store, session, manifest, met)
  if (!base.ok) return base
  const texts = new Map<Component, JsonText>()
  for (const [component, text] of given) {
    const old = base.value.texts.get(component)
    if (isAppended(component, mode)) texts.set(component, withHistory(old, text, warn))
    else if (mode === 'append') texts.set(component, text)
    else texts.set(component, mergePatch(old ?? unset(component), text))
  }
  return succeed({ texts, recovered: base.value.recovered })
}

function isAppended(component: Component, mode: Mode): boolean {
  return mode === 'append' && component === 'evaluation_history'
}

function withHistory(old: JsonText | undefined, added: JsonText, warn: Context['warn']): JsonText {
  const { text, forgotten } = appended(old, added)
  warnOf(forgotten, warn)
  return text
}

/** What a revision says of itself. */
export type Why = {
  /** The command that makes it. */
  readonly cause: string
  /** As the client asked for it. */
  readonly label?: string | undefined
  /** If the client asked for none. */
  readonly ownLabel?: string
  /** Where ids are from, if that is new: an unchanged text may be of a new start of the image. */
  readonly origins?: Origins
}

/**
 * Writes changes of components and columns, if there are any, and renews the lease in any case. Where nothing else
 * differs, a label that the newest revision does not have is a change: somebody named this state to find it again.
 */
export function applyChanges(
  context: Context,
  session: SessionRow,
  manifest: Manifest,
  changes: Changes,
  columns: SessionChange,
  why: Why
): { readonly session: SessionRow; readonly changed: readonly string[] } {
  const lease = renewedLease(session, context.now)
  const { origins = {} } = why
  noteUnchanged(context, session, manifest, changes, origins)
  const alsoChanged = Object.keys(columns).filter((name) => name !== 'sequence')
  const isOnlyLabel = changes.size === 0 && alsoChanged.length === 0
  if (isOnlyLabel && isNewLabel(context, session, why.label)) alsoChanged.push('label')
  if (changes.size === 0 && alsoChanged.length === 0) {
    const renewal = asUse(session, lease, why.cause)
    context.store.sessions.change(session.number, renewal)
    return { session: { ...session, ...renewal }, changed: [] }
  }
  const { changed, ...written } = writeRevision(context, session, manifest, changes, {
    cause: why.cause,
    label: why.label ?? why.ownLabel ?? '',
    alsoChanged,
    origin: origins.object_registry,
  })
  noteInspectors(context, session, written.revision, changes, origins)
  const change = asUpdate(
    session,
    { ...lease, ...columns, ...written, last_modified: context.now },
    { command: why.cause, bytes: bytesOf(changes) }
  )
  context.store.sessions.change(session.number, change)
  return { session: { ...session, ...change }, changed }
}

function isNewLabel({ store }: Context, session: SessionRow, label: string | undefined): boolean {
  if (label === undefined) return false
  return store.revisions.find(session.number, session.revision)?.label !== label
}

/**
 * The session state after changes to what `manifest` names; a damaged one does not undo a change of something else.
 */
export function echo(
  { store, warn }: Context,
  session: SessionRow,
  manifest: Manifest,
  changes: Changes
): JsonText | undefined {
  const fresh = changes.get('session_state')
  if (fresh !== undefined) return fresh?.text
  const state = readState(store, session, manifest, ['session_state'])
  if (state.ok) return state.value.texts.get('session_state')
  warn('The stored session_state is damaged and shown empty; send state_data to replace it.')
  return undefined
}
