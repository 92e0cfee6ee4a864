// Notes where ids are from beside a change: of texts that stay as they are, and of the inspectors that a revision brings.
// The note of a registry that a revision brings is written with its text.

import type { SessionRow } from '../storage/sessions.ts'
import type { Context } from './context.ts'
import type { Manifest } from './manifest.ts'
import { keepOrigin, NOTED, type Origins } from './registry-epoch.ts'
import type { Changes } from './write-revision.ts'

type Noting = Pick<Context, 'store' | 'limits'>

/** An unchanged text may be of a new start of the image: it was confirmed there. */
export function noteUnchanged(
  { store }: Pick<Noting, 'store'>,
  { number }: Pick<SessionRow, 'number'>,
  manifest: Manifest,
  changes: Changes,
  origins: Origins
): void {
  for (const name of NOTED) {
    const [origin, entry] = [origins[name], manifest[name]]
    if (origin === undefined || entry === undefined || changes.has(name)) continue
    keepOrigin(store, number, entry.revision, origin, name)
  }
}

/** Notes where the ids of inspectors are from that a new revision brought; forgets notes when texts are forgotten. */
export function noteInspectors(
  { store, limits }: Noting,
  { number }: Pick<SessionRow, 'number'>,
  revision: number,
  changes: Changes,
  { inspector_state: origin }: Origins
): void {
  const isBrought = (changes.get('inspector_state') ?? null) !== null
  if (origin !== undefined && isBrought) {
    keepOrigin(store, number, revision, origin, 'inspector_state')
  }
  const isDue = revision % limits.forgetEvery === 0
  if (isDue && store.registryEpochs.isUsed()) store.registryEpochs.forgetGone(number)
}
