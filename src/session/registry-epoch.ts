// What a session knows of the age of its ids: noted with each text of its object registry and of its inspectors while it
// names an image. What an answer tells of that is staleness.ts.

import type { Component } from '../protocol/components.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { NotedComponent } from '../storage/registry-epochs.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import type { Context } from './context.ts'
import { namedIn, patchedNames } from './inspected-ids.ts'
import type { Manifest } from './manifest.ts'
import { patchedIds, registeredIds } from './object-registry.ts'
import { type Epoch, type Later, mergedOrigin, type Origin, type Present } from './origin.ts'
import type { Recovered } from './read-state.ts'

/** The components whose ids are noted. */
export const NOTED = ['object_registry', 'inspector_state'] as const satisfies NotedComponent[]

/** Where the ids of texts are from, as far as that is to be noted. */
export type Origins = Readonly<Partial<Record<NotedComponent, Origin>>>

type Known = Pick<Context, 'images'>

/** How the state of a session is about to change. */
type Change = {
  /** The image of the session after the change. */
  readonly image_id: string
  readonly manifest: Manifest
  /** `merge` if texts were patched; they are replaced otherwise. */
  readonly mode?: string | undefined
  readonly given: ReadonlyMap<Component, JsonText>
  /** The texts after the change. */
  readonly texts: ReadonlyMap<Component, JsonText>
  readonly recovered: Recovered
}

/** The start of the image that the directory knows of. */
export function epochNow({ images }: Known, image_id: string): Epoch {
  const known = images?.find((image) => image.image_id === image_id)
  return { image_id, epoch: known?.epoch ?? '' }
}

/** The same with every name that its bridges have for it: ids of any of them are good. */
export function presentStart(known: Known, image_id: string): Present {
  const { epochs } = known.images?.find((image) => image.image_id === image_id) ?? {}
  return { ...epochNow(known, image_id), epochs }
}

/** Where all ids of a text that arrives now are from; undefined while the session has no image. */
export function freshOrigin(context: Known, image_id: string): Origin | undefined {
  return image_id === '' ? undefined : { ...epochNow(context, image_id), later: [] }
}

/** The same for all texts of a session that is made now. */
export function freshOrigins(context: Known, image_id: string): Origins {
  const origin = freshOrigin(context, image_id)
  return origin === undefined ? {} : { object_registry: origin, inspector_state: origin }
}

/** Where the ids of a text are from that the session has had; undefined if nobody noted it. */
export function originAt(
  store: Store,
  session: number,
  component: NotedComponent,
  revision: number | undefined
): Origin | undefined {
  if (revision === undefined) return undefined
  const row = store.registryEpochs.find(session, component, revision)
  if (row === undefined) return undefined
  const { image_id, epoch, later } = row
  return { image_id, epoch, later: later === '' ? [] : (JSON.parse(later) as Later[]) }
}

/** Where the ids of a state are from that was read back, with what was recovered of it. */
export function originsAt(
  store: Store,
  session: number,
  manifest: Manifest,
  recovered: Recovered = {}
): Origins {
  return chosen((name) =>
    originAt(store, session, name, recovered[name] ?? manifest[name]?.revision)
  )
}

/** Notes where the ids of a text are from. */
export function keepOrigin(
  store: Store,
  session: number,
  revision: number,
  origin: Origin,
  component: NotedComponent = 'object_registry'
): void {
  const { image_id, epoch, later } = origin
  const text = later.length === 0 ? '' : JSON.stringify(later)
  store.registryEpochs.put({ session, component, revision, image_id, epoch, later: text })
}

/** Where ids are from after a change, as far as there is something new to note. */
export function originsAfter(
  context: Pick<Context, 'images' | 'store'>,
  session: SessionRow,
  change: Change
): Origins {
  return chosen((name) => originAfter(context, session, change, name))
}

function originAfter(
  context: Pick<Context, 'images' | 'store'>,
  session: SessionRow,
  change: Change,
  name: NotedComponent
): Origin | undefined {
  const { image_id, manifest, given, recovered } = change
  const patch = given.get(name)
  if (patch === undefined && session.image_id !== '') return undefined
  const now = freshOrigin(context, image_id)
  const revision = recovered[name] ?? manifest[name]?.revision
  if (now === undefined || (patch === undefined && revision === undefined)) return undefined
  if (patch !== undefined && change.mode !== 'merge') return now
  const before = originAt(context.store, session.number, name, revision) ?? unnoted(session, now)
  const merged = change.texts.get(name)
  if (patch === undefined || merged === undefined) return before
  const named = name === 'object_registry' ? patchedIds(patch) : patchedNames(patch)
  if (named === undefined || revision === undefined) return now
  const ids = name === 'object_registry' ? registeredIds(merged) : [...namedIn(merged)]
  return mergedOrigin(before, { ids, named, now })
}

/** Where ids are from once the session works on another image: where they were from before. */
export function originsAfterMove(
  context: Pick<Context, 'images' | 'store'>,
  session: SessionRow,
  manifest: Manifest,
  to_image_id: string
): Origins {
  const now = { ...epochNow(context, to_image_id), later: [] }
  return chosen((name) => {
    const revision = manifest[name]?.revision
    if (revision === undefined) return undefined
    return originAt(context.store, session.number, name, revision) ?? unnoted(session, now)
  })
}

/** A text that was there before the session named an image is taken to be of the image that it names first. */
function unnoted({ image_id }: SessionRow, now: Origin): Origin {
  return image_id === '' ? now : { image_id, epoch: '', later: [] }
}

function chosen(originOf: (name: NotedComponent) => Origin | undefined): Origins {
  const found = NOTED.map((name) => [name, originOf(name)] as const)
  return Object.fromEntries(found.filter(([, origin]) => origin !== undefined))
}
