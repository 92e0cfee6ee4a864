// What a client's object knows of its team's images: asked of the directory when an answer needs it, and remembered for
// a moment. A directory that does not answer costs no answer: the status of images is unknown then.

import type { Clock } from '../clock.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import { faultText, log } from '../log.ts'
import type { TeamStub } from '../team/stub.ts'

/** How old an answer of the directory may be. */
const FRESH_MS = 2_000

/** How long the directory may take. */
const PATIENCE_MS = 1_000

export type Images = {
  /** What the directory of the team says; undefined if it cannot be asked. */
  of(team: string, wanted: WantedImages): Promise<readonly KnownImage[] | undefined>
}

export function createImages(parts: {
  readonly clock: Clock
  readonly directoryOf: (team: string) => Pick<TeamStub, 'imagesOf'>
  readonly wait: (milliseconds: number) => Promise<void>
}): Images {
  const { clock, directoryOf, wait } = parts
  let latest: { readonly key: string; readonly at: number; readonly told: Told } | undefined

  async function ask(team: string, wanted: WantedImages): Told {
    const late = wait(PATIENCE_MS).then(() => {
      throw new Error('the directory took too long')
    })
    try {
      return await Promise.race([directoryOf(team).imagesOf(wanted), late])
    } catch (error) {
      log({ event: 'images_unknown', error: faultText(error) })
      return undefined
    }
  }

  return {
    of: async (team, wanted) => {
      const key = JSON.stringify([team, wanted])
      const now = clock.now()
      if (latest?.key === key && now - latest.at < FRESH_MS) return latest.told
      const told = ask(team, wanted)
      latest = { key, at: now, told }
      return told
    },
  }
}

type Told = Promise<readonly KnownImage[] | undefined>
