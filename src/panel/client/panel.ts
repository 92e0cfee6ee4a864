// What every part of the page is given: whom it is for, what is known, and how to ask and to tell.

import type { Me, PanelConfig } from '../view/config.ts'
import type { Model } from '../view/model.ts'
import type { Ask } from './ask.ts'
import type { Machine } from './machine.ts'
import type { Notices } from './notices.ts'

/** Whose sessions are shown. */
export type Scope =
  | { readonly kind: 'team' }
  | { readonly kind: 'clients'; readonly ids: readonly string[] }

export type Panel = {
  readonly machine: Machine
  readonly config: PanelConfig
  readonly me: Me
  readonly scope: Scope
  readonly model: Model
  readonly ask: Ask
  readonly notices: Notices
  /** Asks again for the sessions of these images. */
  refresh(image_ids: readonly string[]): void
}

/** Whose events are listened to; of images only the team's socket tells. */
export function sources(scope: Scope): readonly Readonly<Record<string, string>>[] {
  return scope.kind === 'team' ? scopes(scope) : [...scopes(scope), { scope: 'team' }]
}

/** The parameters with which a list is about what the page shows; one set for each list that it takes. */
export function scopes(scope: Scope): readonly Readonly<Record<string, string>>[] {
  return scope.kind === 'team' ? [{ scope: 'team' }] : scope.ids.map((client_id) => ({ client_id }))
}
