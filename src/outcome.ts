// What a step that may refuse gives back. Expected refusals are values; exceptions are bugs.

/** Either the value that was asked for or the failure that says why there is none. */
export type Outcome<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure }

/** The outcome of a step that went well. */
export function succeed<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value }
}

/** The outcome of a step that did not, and why. */
export function refuse<Failure>(failure: Failure): {
  readonly ok: false
  readonly failure: Failure
} {
  return { ok: false, failure }
}
