// Whose sessions are shown. Who says nothing sees what the token stands for: a client, several, or the whole team.

import type { Principal } from '../../src/access/principal.ts'
import { type Outcome, succeed } from '../../src/outcome.ts'
import { CLIENT_ID } from '../../src/protocol/limits.ts'

export type Scope =
  | { readonly kind: 'team' }
  | { readonly kind: 'clients'; readonly ids: readonly string[] }

export type Source =
  | { readonly kind: 'client'; readonly client_id: string }
  /** An admin hears the sessions of all clients there, too. */
  | { readonly kind: 'team'; readonly isForImages: boolean }

/** What was asked for on the command line; undefined if nothing was. */
export type Wanted = { readonly scope: Scope | undefined; readonly closed: boolean }

/** The scope, or in one sentence what has to be said. Without a principal nobody is named, and nothing is hidden. */
export function scopeOf(wanted: Scope | undefined, principal?: Principal): Outcome<Scope, string> {
  return wanted === undefined ? standsFor(principal) : succeed(wanted)
}

/** The parameters with which a list is about the scope; one set for each list that it takes. */
export function questionsOf(scope: Scope): readonly Readonly<Record<string, string>>[] {
  return scope.kind === 'team' ? [{ scope: 'team' }] : scope.ids.map((client_id) => ({ client_id }))
}

/** Whose events are heard: of images only the team's stream tells, and it tells everybody of the team. */
export function sourcesOf(scope: Scope): readonly Source[] {
  const clients = scope.kind === 'team' ? [] : scope.ids
  return [
    ...clients.map((client_id) => ({ kind: 'client' as const, client_id })),
    { kind: 'team', isForImages: scope.kind === 'clients' },
  ]
}

function standsFor(principal: Principal | undefined): Outcome<Scope, string> {
  if (principal === undefined) return succeed({ kind: 'team' })
  const { role, client_ids } = principal
  if (role === 'admin' && client_ids.length === 0) return succeed({ kind: 'team' })
  // A pattern such as kiosk-* names nobody.
  const ids = client_ids.filter((id) => CLIENT_ID.test(id))
  if (ids.length > 0) return succeed({ kind: 'clients', ids })
  const whom = client_ids.length === 0 ? 'every client of the team' : client_ids.join(', ')
  return { ok: false, failure: `The token is for ${whom}: name one with --client.` }
}
