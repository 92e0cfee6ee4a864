// Reads the state of a session back, verified. A text that fails its checksum is replaced by the newest
// good one of the same component, and the reader is told.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { Component } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { isIntact } from './digest.ts'
import { componentsOf, type Entry, type Manifest } from './manifest.ts'
import { inOrder } from './state.ts'

/** Damaged components and the revisions that their texts were taken from instead. */
export type Recovered = Readonly<Partial<Record<Component, number>>>

export type State = {
  readonly texts: ReadonlyMap<Component, JsonText>
  readonly recovered: Recovered
}

/** Reads the texts of a manifest; `only` limits it to some components. Fails only if no good text is left. */
export function readState(
  store: Store,
  session: SessionRow,
  manifest: Manifest,
  only: Iterable<Component> = componentsOf(manifest)
): Outcome<State, Failure> {
  const texts = new Map<Component, JsonText>()
  const recovered: Partial<Record<Component, number>> = {}
  const lost: Component[] = []
  for (const component of inOrder(only)) {
    const entry = manifest[component]
    if (entry === undefined) continue
    const found = newestGood(store, session.number, component, entry)
    if (found === undefined) {
      lost.push(component)
      continue
    }
    texts.set(component, found.text)
    if (found.revision !== entry.revision) recovered[component] = found.revision
  }
  if (lost.length === 0) return succeed({ texts, recovered })
  return fail({
    reason: 'session_corrupted',
    session_id: session.session_id,
    components: lost,
  })
}

/** Tells which components were repaired; absent where nothing was. */
export function recoveredFrom(recovered: Recovered): { recovered_from?: Record<string, number> } {
  return Object.keys(recovered).length === 0 ? {} : { recovered_from: { ...recovered } }
}

function newestGood(
  store: Store,
  session: number,
  component: Component,
  entry: Entry
): { readonly text: JsonText; readonly revision: number } | undefined {
  const named = store.components.find(session, component, entry.revision)
  if (named !== undefined && named.sha256 === entry.sha256 && isIntact(named)) {
    return { text: named.text as JsonText, revision: entry.revision }
  }
  for (const revision of store.components.revisionsUpTo(session, component, entry.revision - 1)) {
    const row = store.components.find(session, component, revision)
    if (row !== undefined && isIntact(row)) {
      return { text: row.text as JsonText, revision }
    }
  }
  return undefined
}
