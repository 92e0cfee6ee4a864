// The ping that the bridge sends to an idle image, and what its answer says of the image.

import * as z from 'zod'
import { parseJson } from '../../src/protocol/json-text.ts'
import { MAX_ID_LENGTH } from '../../src/protocol/limits.ts'
import type { Frames } from './image-socket.ts'

export const PING = Buffer.from('{"id":"bridge-ping","command":"ping","parameters":{}}')

/** What tells one start of an image from the next, and its version; both as far as the image says them. */
export type Pong = { readonly epoch?: string; readonly version?: string }

const word = z
  .union([z.string().min(1), z.number().transform(String)])
  .refine((text) => text.length <= MAX_ID_LENGTH)
  .optional()
  .catch(undefined)

const facts = z.looseObject({
  epoch: word,
  started_at: word,
  image_version: word,
  version: word,
})

/** The answer of dialect A, of D and of C. */
const answer = z.union([
  z.looseObject({ result: facts }).transform(({ result }) => result),
  z.looseObject({ data: facts }).transform(({ data }) => data),
  z
    .looseObject({ payload: z.looseObject({ data: z.looseObject({ data: facts }) }) })
    .transform(({ payload }) => payload.data.data),
])

/** Reads the answer to a ping; whatever it is, the image is alive. */
export function readPong(frames: Frames): Pong {
  const read = answer.safeParse(parseJson(String(frames[0])))
  if (!read.success) return {}
  const { epoch, started_at, image_version, version } = read.data
  const start = epoch ?? started_at
  const named = image_version ?? version
  return {
    ...(start !== undefined && { epoch: start }),
    ...(named !== undefined && { version: named }),
  }
}
