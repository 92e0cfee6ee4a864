// diff_session_revisions: two revisions side by side, component by component. Reads verified texts and writes nothing.

import type { Outcome } from '../../outcome.ts'
import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import type { Failure } from '../../protocol/failures.ts'
import { type JsonText, objectText, toJsonText, utf8Bytes } from '../../protocol/json-text.ts'
import type { SessionRow } from '../../storage/sessions.ts'
import { type Context, findSession, type Handler, unset } from '../context.ts'
import { diffPatch } from '../diff.ts'
import { keptManifest } from '../manifest.ts'
import { readState } from '../read-state.ts'
import { inOrder } from '../state.ts'

type Texts = ReadonlyMap<Component, JsonText>

type Change = 'added' | 'removed' | 'changed' | 'unchanged'

export const diffSessionRevisions: Handler<'diff_session_revisions'> = (parameters, context) => {
  const found = findSession(context.store, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const { from_revision, to_revision = session.revision } = parameters
  const from = textsAt(context, session, from_revision, 'from_revision')
  if (!from.ok) return from
  const to = textsAt(context, session, to_revision, 'to_revision')
  if (!to.ok) return to

  const components = inOrder([...from.value.keys(), ...to.value.keys()])
  const changes = new Map(components.map((name) => [name, changeOf(name, from.value, to.value)]))
  return succeed({
    session_id: session.session_id,
    client_id: context.client_id,
    from_revision,
    to_revision,
    changed: components.filter((name) => changes.get(name) !== 'unchanged'),
    components: objectText(
      [...changes].map(([name, change]) => [name, told(name, change, from.value, to.value)])
    ),
  })
}

function textsAt(
  context: Context,
  session: SessionRow,
  revision: number,
  path: string
): Outcome<Texts, Failure> {
  const kept = keptManifest(context.store, session, revision, path)
  if (!kept.ok) return kept
  const state = readState(context.store, session, kept.value)
  if (!state.ok) return state
  const damaged = Object.keys(state.value.recovered)
  if (damaged.length > 0) {
    context.warn(
      `Damaged at revision ${revision} and compared as they were earlier: ${damaged.join(', ')}.`
    )
  }
  return succeed(state.value.texts)
}

function changeOf(name: Component, from: Texts, to: Texts): Change {
  if (!from.has(name)) return 'added'
  if (!to.has(name)) return 'removed'
  return from.get(name) === to.get(name) ? 'unchanged' : 'changed'
}

/** One component as text, because the patch is one. */
function told(name: Component, change: Change, from: Texts, to: Texts): JsonText {
  const [before, after] = [from.get(name), to.get(name)]
  const sizes = {
    change,
    bytes_from: utf8Bytes(before ?? ''),
    bytes_to: utf8Bytes(after ?? ''),
  }
  if (change === 'unchanged' || after === undefined) {
    return toJsonText({ ...sizes, exact: change === 'unchanged' })
  }
  const patch = diffPatch(before ?? unset(name), after)
  const head = toJsonText({ ...sizes, exact: patch !== undefined }).slice(0, -1)
  return `${head},"patch":${patch ?? after}}` as JsonText
}
