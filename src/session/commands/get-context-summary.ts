// get_context_summary: counts what the components hold. Reads their texts, tells nothing of them, writes nothing.

import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import type { SessionRow } from '../../storage/sessions.ts'
import { type Context, findSession, type Handler } from '../context.ts'
import { type Counts, countsOf } from '../context-summary.ts'
import { componentsOf, type Manifest, manifestOf } from '../manifest.ts'
import { readState } from '../read-state.ts'

export const getContextSummary: Handler<'get_context_summary'> = (parameters, context) => {
  const { store, client_id } = context
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const manifest = manifestOf(store, session.number, session.revision)
  const components = componentsOf(manifest).flatMap((name) => {
    const entry = manifest[name]
    if (entry === undefined) return []
    const { bytes, revision } = entry
    return [[name, { bytes, revision, ...counted(name, session, manifest, context) }] as const]
  })
  return succeed({
    session_id: session.session_id,
    client_id,
    revision: session.revision,
    state_bytes: session.state_bytes,
    image_id: session.image_id,
    components: Object.fromEntries(components),
  })
}

/** Nothing for a text that is damaged: the others are counted all the same. */
function counted(
  name: Component,
  session: SessionRow,
  manifest: Manifest,
  { store, warn }: Context
): Counts | Record<string, never> {
  const state = readState(store, session, manifest, [name])
  const text = state.ok ? state.value.texts.get(name) : undefined
  if (text === undefined) {
    warn(`The stored ${name} is damaged and not counted; save it again to replace it.`)
    return {}
  }
  const counts = countsOf(name, text)
  if (counts.dangling_references !== undefined && counts.dangling_references > 0) {
    warn(`${name} refers to objects that are not registered (${counts.dangling_references}).`)
  }
  return counts
}
