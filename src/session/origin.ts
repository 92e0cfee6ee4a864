// Which start of which image the ids of an object registry are of. An image that starts anew gives its objects other
// ids, so an id is good only in the epoch that it was given in. Pure: what is known comes in, what follows goes out.

/** A start of an image; the epoch is empty where nobody knows it. */
export type Epoch = { readonly image_id: string; readonly epoch: string }

/** The present start of an image. Each bridge may have a name of its own for it; `epochs` are all of them. */
export type Present = Epoch & { readonly epochs?: readonly string[] | undefined }

/** Ids that a later merge brought, and when it did. */
export type Later = Epoch & { readonly ids: readonly string[] }

/** Where the ids of a registry are from: all from one epoch, but for those that were brought later. */
export type Origin = Epoch & { readonly later: readonly Later[] }

export type Merge = {
  /** The ids of the registry after the merge. */
  readonly ids: readonly string[]
  /** The ids that the patch names. */
  readonly named: readonly string[]
  readonly now: Epoch
}

/** Epochs that are told apart beside the first; ids of the oldest count as being of the first one, too. */
const MAX_LATER = 32

/** True if the registry holds ids of another image, or of an earlier start of it. What is not known is not stale. */
export function isStale(origin: Origin, now: Present): boolean {
  return [origin, ...origin.later].some((from) => isOver(from, now))
}

/** Those of the ids that are stale. */
export function staleAmong(ids: readonly string[], origin: Origin, now: Present): string[] {
  const later = new Map<string, Epoch>()
  for (const from of origin.later) for (const id of from.ids) later.set(id, from)
  return ids.filter((id) => isOver(later.get(id) ?? origin, now))
}

/** The origin of a registry after a merge: the ids that it names are of now, the others stay what they were. */
export function mergedOrigin(origin: Origin, { ids, named, now }: Merge): Origin {
  const kept = new Set(ids)
  const fresh = new Set(named.filter((id) => kept.has(id)))
  const others = origin.later.map((from) => ({
    ...from,
    ids: from.ids.filter((id) => kept.has(id) && !fresh.has(id)),
  }))
  const same = others.filter((from) => isSame(from, now)).flatMap((from) => from.ids)
  const later = [
    ...others.filter((from) => !isSame(from, now)),
    ...(isSame(origin, now) ? [] : [{ ...epochOf(now), ids: [...same, ...fresh] }]),
  ].filter((from) => from.ids.length > 0)
  return withoutFirst({ ...epochOf(origin), later: later.slice(-MAX_LATER) }, kept.size)
}

/** Where no id is left of the first epoch, the newest takes its place. */
function withoutFirst(origin: Origin, ids: number): Origin {
  const newest = origin.later.at(-1)
  const counted = origin.later.reduce((sum, from) => sum + from.ids.length, 0)
  if (newest === undefined || counted < ids) return origin
  return { ...epochOf(newest), later: origin.later.slice(0, -1) }
}

function isOver(from: Epoch, { image_id, epoch, epochs = [epoch] }: Present): boolean {
  if (from.image_id !== image_id) return true
  return from.epoch !== '' && epoch !== '' && !epochs.includes(from.epoch)
}

function isSame(one: Epoch, other: Epoch): boolean {
  return one.image_id === other.image_id && one.epoch === other.epoch
}

function epochOf({ image_id, epoch }: Epoch): Epoch {
  return { image_id, epoch }
}
