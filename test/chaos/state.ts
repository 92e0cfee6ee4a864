// What a session holds, as far as a run writes it.

/** The other machine, which writes past the bridge: what it has changed is known here when somebody asks. */
export const ELSEWHERE = 'elsewhere'

export type State = {
  readonly revision: number
  readonly session_state?: Readonly<Record<string, unknown>>
  readonly workspace_context?: { readonly by?: string }
  readonly evaluation_history?: readonly { readonly m: string }[]
}

/** What was added to the history, in its order. */
export function appendedIn({ evaluation_history }: State): string[] {
  return Array.isArray(evaluation_history) ? evaluation_history.map(({ m }) => m) : []
}

/** What was merged into the state, in its order. */
export function mergedIn({ session_state }: State): string[] {
  return Object.keys(session_state ?? {})
}

export function markersOf(state: State): string[] {
  return [...appendedIn(state), ...mergedIn(state)]
}
