// Compares what is there at the end with what every TUI was told. Pure; each problem is a sentence.

import type { Entry, Ledger, SessionRecord } from './ledger.ts'
import { inOneOf, inOrderOnce } from './once.ts'
import type { SessionThere } from './service.ts'
import { appendedIn, mergedIn } from './state.ts'

/** A session with the copies that conflicts have made of it. */
type Family = { readonly record: SessionRecord; readonly members: readonly SessionThere[] }

export type Verdict = {
  readonly problems: readonly string[]
  /** Sessions that conflicts have made. */
  readonly copies: number
}

export function verify(
  ledger: Ledger,
  there: ReadonlyMap<string, readonly SessionThere[]>,
  { wasKilled }: { readonly wasKilled: boolean }
): Verdict {
  const problems = [...ledger.problems]
  const known = new Set<string>()
  let copies = 0
  for (const record of ledger.sessions) {
    const all = there.get(record.client_id) ?? []
    const members = all.filter(({ name }) => isOf(record, name))
    for (const { session_id } of members) known.add(session_id)
    const made = members.filter(({ name }) => name === record.name)
    copies += members.length - made.length
    const found = [...creation(record, members)]
    if (members.length > 0) found.push(...contents({ record, members }))
    // What passed in the moment before kill -9 is not here; the service has it.
    if (members.length > 0 && !wasKilled) found.push(...shownRightly({ record, members }))
    problems.push(...found.map((problem) => `${record.name}: ${problem}`))
  }
  for (const { session_id, name } of [...there.values()].flat()) {
    if (!known.has(session_id)) problems.push(`nobody made the session named "${name}"`)
  }
  return { problems, copies }
}

function isOf({ name }: SessionRecord, other: string): boolean {
  return other === name || other.startsWith(`${name} (conflict`)
}

function* creation(
  { name, id, repeats }: SessionRecord,
  members: readonly SessionThere[]
): Generator<string> {
  const made = members.filter((one) => one.name === name)
  if (made.length > 1 && repeats === 'never')
    yield `${made.length} sessions were made for one creation`
  if (id !== undefined && !made.some(({ session_id }) => session_id === id)) {
    yield 'a creation that was acknowledged is not there'
  }
}

function* contents(family: Family): Generator<string> {
  const { record, members } = family
  const { entries } = record
  for (const { kind, marker, fate } of entries) {
    if (kind === 'replace' || fate === 'unsure') continue
    const inside = kind === 'append' ? appendedIn : mergedIn
    if (!members.some(({ state }) => inside(state).includes(marker))) {
      yield `${marker} (${kind}) was acknowledged and is not there`
    }
  }
  for (const { state, name } of members) {
    yield* inOrderOnce(entries, appendedIn(state), name)
    yield* inOrderOnce(entries, mergedIn(state), name)
  }
  for (const [index, one] of members.entries()) {
    for (const other of members.slice(index + 1)) {
      yield* inOneOf(entries, one, other, appendedIn)
      yield* inOneOf(entries, one, other, mergedIn)
    }
  }
  if (members.length === 1) yield* alone(record, members[0] as SessionThere)
}

/** Somebody who works alone, and was told of everything, meets nobody's changes; reads show what was acknowledged. */
function* shownRightly({ record, members }: Family): Generator<string> {
  const writers = new Set(record.entries.map(({ writer }) => writer))
  const isClear = record.entries.every(
    ({ fate, repeats }) => fate === 'sure' && repeats === 'never'
  )
  const copies = members.filter(({ name }) => name !== record.name)
  if (copies.length > 0 && writers.size < 2 && isClear && record.closed !== 'unsure') {
    yield 'work that met nobody else’s became a conflict'
  }
  if (copies.length > 0) return
  for (const { reader, before, shown } of record.looks) {
    const missing = before.filter((marker) => !shown.includes(marker))
    if (missing.length > 0) yield `${reader} was not shown ${missing.join(' ')}`
  }
}

/** Without copies everything is in one place: the revision counts the changes, and what came last is there. */
function* alone(record: SessionRecord, { state, status }: SessionThere): Generator<string> {
  const { entries, closed } = record
  const replaces = entries.filter(({ kind }) => kind === 'replace')
  const sure = replaces.filter(({ fate }) => fate === 'sure')
  const repeated = entries.filter(({ repeats }) => repeats !== 'never').length
  const least = 1 + appendedIn(state).length + mergedIn(state).length + sure.length
  const most = least + replaces.length - sure.length + repeated
  if (state.revision < least || state.revision > most) {
    yield `its revision is ${state.revision}, and the changes make ${least} to ${most}`
  }
  const by = state.workspace_context?.by
  if (sure.length > 0 && !mayBeLast(replaces).has(by ?? '')) {
    yield `it holds ${by}, which was replaced afterwards`
  }
  if (closed === 'sure' && status !== 'closed') yield 'it was closed, and is not'
  if (closed === 'never' && status !== 'active') yield `nobody closed it, and it is ${status}`
}

/** What each writer wrote last for sure, and what may have come after it. */
function mayBeLast(replaces: readonly Entry[]): Set<string> {
  const last = new Set<string>()
  for (const writer of new Set(replaces.map((entry) => entry.writer))) {
    const own = replaces.filter((entry) => entry.writer === writer)
    const from = own.findLastIndex(({ fate }) => fate === 'sure')
    for (const [index, { marker, fate }] of own.entries()) {
      // What was not acknowledged may be carried out at any time.
      if (index >= from || fate === 'unsure') last.add(marker)
    }
  }
  return last
}
