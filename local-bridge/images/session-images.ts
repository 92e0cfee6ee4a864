// Remembers which image a session works on, from the answers that pass through: later messages name the session alone.

import * as z from 'zod'
import { boundedMap } from '../../src/access/bounded-map.ts'
import { parseJson } from '../../src/protocol/json-text.ts'

/** What a message or a session says of the image that it means; empty texts are absent, and nothing is left of no image. */
export type NamedImage = { readonly image_id?: string; readonly image_address?: string }

export type SessionImages = {
  /** Empty for a session without an image; undefined for one of which nobody here knows. */
  get(sessionId: string): NamedImage | undefined
  /** A moment, for `learn`: how much has been learned until now. */
  learned(): number
  /**
   * Notes what a successful answer says of a session's image. `asked` is the moment at which its message was asked: an
   * answer that was overtaken by one of a later revision says nothing new.
   */
  learn(answer: Uint8Array, asked?: number): void
}

const decoder = new TextDecoder()

/** Commands whose answers say which image a session works on. */
const TELLING: ReadonlySet<string> = new Set([
  'create_session',
  'get_session_info',
  'restore_session',
  'switch_image_context',
  'update_session_state',
])

/** True if the answer to a command is worth a look; an update moves a session only if it names an image. */
export function tellsImage(command: string, parameters: NamedImage | undefined): boolean {
  return TELLING.has(command) && (command !== 'update_session_state' || parameters !== undefined)
}

const text = z.string().min(1).optional().catch(undefined)
const result = z.looseObject({
  session_id: z.string(),
  image_id: text,
  to_image_id: text,
  image_address: text,
  revision: z.number().optional().catch(undefined),
  dry_run: z.literal(true).optional().catch(undefined),
})

/** The result in dialect A, in D and in C. */
const answer = z.union([
  z.looseObject({ result }).transform((reply) => reply.result),
  z.looseObject({ data: result }).transform((reply) => reply.data),
  z
    .looseObject({ payload: z.looseObject({ data: z.looseObject({ data: result }) }) })
    .transform((reply) => reply.payload.data.data),
])

/** What was learned, of which revision, and when: how much had been learned with it. */
type Known = { readonly image: NamedImage; readonly revision: number; readonly at: number }

/** `kept` knows those that did not pass since the start. */
export function createSessionImages(
  sessions: number,
  kept: SessionImages['get'] = () => undefined
): SessionImages {
  const known = boundedMap<Known>(sessions)
  let learned = 0
  return {
    get: (sessionId) => known.get(sessionId)?.image ?? kept(sessionId),
    learned: () => learned,
    learn: (bytes, asked = learned) => {
      const told = answer.safeParse(parseJson(decoder.decode(bytes)))
      if (!told.success || told.data.dry_run) return
      const { session_id, image_id, to_image_id, image_address } = told.data
      const { revision = Number.POSITIVE_INFINITY } = told.data
      const before = known.get(session_id)
      if (before !== undefined && before.at > asked && revision < before.revision) return
      learned += 1
      const image = namedImage({ image_id: image_id ?? to_image_id, image_address }) ?? {}
      known.set(session_id, { image, revision, at: learned })
    },
  }
}

/** The image that parameters name; undefined if they name none. */
export function namedImage({
  image_id,
  image_address,
}: Readonly<Record<string, unknown>>): NamedImage | undefined {
  const named = {
    ...(isName(image_id) && { image_id }),
    ...(isName(image_address) && { image_address }),
  }
  return Object.keys(named).length > 0 ? named : undefined
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
