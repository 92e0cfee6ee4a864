// load_context: the components that are asked for, verified. It looks at a session as restore_session does.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import type { JsonText } from '../../protocol/json-text.ts'
import { findSession, type Handler, unset } from '../context.ts'
import { imageFields } from '../image.ts'
import { warnIfOrphaned } from '../images.ts'
import { leased, repaired } from '../looking.ts'
import { componentsOf, manifestOf } from '../manifest.ts'
import { readState, recoveredFrom, type State } from '../read-state.ts'
import { staleness } from '../staleness.ts'
import { inOrder } from '../state.ts'
import { asRestore } from '../usage.ts'

export const loadContext: Handler<'load_context'> = (parameters, context) => {
  const { store, client_id } = context
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  const lease = leased(found.value, false, context)
  if (!lease.ok) return lease
  const manifest = manifestOf(store, found.value.number, found.value.revision)
  const asked = parameters.components ?? componentsOf(manifest)
  const state = readState(store, found.value, manifest, asked)
  if (!state.ok) return state

  const change = { ...lease.value, ...repaired(found.value, manifest, state.value, context) }
  if (Object.keys(change).length > 0) {
    store.sessions.change(found.value.number, asRestore(found.value, change, 'load_context'))
    const repairs = Object.keys(state.value.recovered).length
    context.audit({ action: 'session_restored', ...(repairs > 0 && { detail: { repairs } }) })
  }
  const session = { ...found.value, ...change }
  warnIfOrphaned(context, session)
  return succeed({
    session_id: session.session_id,
    client_id,
    revision: session.revision,
    ...texts(asked, state.value),
    last_modified: isoTime(session.last_modified),
    expires_at: isoTime(session.expires_at),
    ...imageFields(session),
    ...staleness(context, session, manifest, state.value),
    ...recoveredFrom(state.value.recovered),
  })
}

function texts(asked: readonly Component[], state: State): Partial<Record<Component, JsonText>> {
  return Object.fromEntries(
    inOrder(asked).map((name) => [name, state.texts.get(name) ?? unset(name)])
  )
}
