// A change that the service has made, as it is made again on the copy: what was given, and the texts that come of it.

import type { JsonObject } from '../../src/protocol/command.ts'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { combined, type Mode } from '../../src/session/change-state.ts'
import type { Manifest } from '../../src/session/manifest.ts'
import type { Recovered } from '../../src/session/read-state.ts'
import { savedComponents } from '../../src/session/saved-components.ts'
import { type Given, givenState, type StateParameters } from '../../src/session/state.ts'
import type { SessionRow } from '../../src/storage/sessions.ts'
import type { Replica } from './replica.ts'

export type Repeated = {
  readonly given: Given
  readonly mode: Mode | undefined
  readonly texts: Given
  readonly recovered: Recovered
}

/** The service has warned its client of what it forgot: that is told once. */
const UNHEARD = () => {}

/** What a request has brought; undefined for one that cannot be read here. */
export function givenBy(command: string, parameters: JsonObject): Given | undefined {
  const given =
    command === 'save_context'
      ? savedComponents(parameters.components as JsonText, UNHEARD)
      : givenState(parameters as StateParameters, UNHEARD)
  return given.ok ? given.value : undefined
}

/** Makes a change again; undefined if it cannot be made of what is here. */
export function repeated(
  { store }: Pick<Replica, 'store'>,
  session: SessionRow,
  manifest: Manifest,
  { command, parameters }: { readonly command: string; readonly parameters: JsonObject }
): Repeated | undefined {
  const given = givenBy(command, parameters)
  if (given === undefined) return undefined
  const mode = command === 'save_context' ? 'append' : (parameters.mode as Mode | undefined)
  const done = combined({ store, warn: UNHEARD }, session, manifest, given, mode)
  return done.ok ? { given, mode, ...done.value } : undefined
}
