// Reads an object from STON, the notation of Pharo, member by member, as JSON text (specification of STON, 2022).

import { type Outcome, succeed } from '../outcome.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { refuse, type StonFault } from './scan.ts'
import { type StonBounds, stonValues } from './values.ts'

export type StonMember = { readonly text: JsonText; readonly isJson: boolean }

/** An object as a document holds it. */
export type StonObject = {
  /** Its class, or empty for a dictionary. */
  readonly tag: string
  readonly members: ReadonlyMap<string, StonMember>
  /** Classes inside of it, which JSON cannot tell. */
  readonly dropped: ReadonlySet<string>
}

/** Reads the one object that a text consists of. */
export function readSton(text: string, bounds: StonBounds): Outcome<StonObject, StonFault> {
  const members = new Map<string, StonMember>()
  const { object, dropped } = stonValues(text, bounds)
  const read = object((name, value) => {
    members.set(name, { text: value.text as JsonText, isJson: value.isJson })
  })
  if (typeof read !== 'string') return refuse(read.at, read.detail)
  return succeed({ tag: read, members, dropped })
}
