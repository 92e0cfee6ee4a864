// Each addition is there once and in its order, and in one session alone where a conflict has made two.

import type { Entry } from './ledger.ts'
import type { SessionThere } from './service.ts'
import type { State } from './state.ts'

/** Each at most once, and what one writer was told of one after the other stands one after the other. */
export function* inOrderOnce(
  entries: readonly Entry[],
  markers: readonly string[],
  name: string
): Generator<string> {
  const twice = markers.filter((marker, index) => markers.indexOf(marker) !== index)
  for (const marker of twice) {
    if (!isRepeated(entries, marker)) yield `${marker} is there twice in ${name}`
  }
  const once = new Set(markers)
  const sure = entries.filter(({ fate, repeats }) => fate === 'sure' && repeats === 'never')
  for (const writer of new Set(sure.map((entry) => entry.writer))) {
    const told = sure.filter((entry) => entry.writer === writer && once.has(entry.marker))
    const stand = markers.filter((marker) => told.some((entry) => entry.marker === marker))
    const wanted = told.map(({ marker }) => marker)
    if (new Set(stand).size === stand.length && stand.join() !== wanted.join()) {
      yield `${name} holds ${stand.join(' ')}, but the order was ${wanted.join(' ')}`
    }
  }
}

/** A copy has what the other one had when it was made; what was added after that is in one of them. */
export function* inOneOf(
  entries: readonly Entry[],
  one: SessionThere,
  other: SessionThere,
  inside: (state: State) => readonly string[]
): Generator<string> {
  const [markers, others] = [inside(one.state), inside(other.state)]
  const parting = markers.findIndex((marker, index) => marker !== others[index])
  const added = parting < 0 ? [] : others.slice(parting)
  for (const marker of markers.slice(parting).filter((later) => added.includes(later))) {
    if (!isRepeated(entries, marker)) yield `${marker} is there in ${one.name} and in ${other.name}`
  }
}

function isRepeated(entries: readonly Entry[], marker: string): boolean {
  return entries.some((entry) => entry.marker === marker && entry.repeats !== 'never')
}
