// What `bridge_drop_refused` takes and answers: takes away changes that the service refused, for whoever can read the files
// in which they are. Only the bridge that uses the files may write to them, so it is asked.

import * as z from 'zod'

export const BRIDGE_DROP = 'bridge_drop_refused'

/** More than this in one question is asked in several. */
export const MOST_DROPPED = 500

const record = z.object({
  route: z.string().regex(/^[\w-]{1,64}$/),
  sequence: z.int().min(1),
  /** Of the sealed message: nobody knows it who cannot read the file. */
  digest: z.string().regex(/^[\da-f]{64}$/),
})

export const bridgeDropParameters = z.object({ records: z.array(record).min(1).max(MOST_DROPPED) })

/** A refused change, as somebody names it who has read the file. */
export type ToDrop = z.output<typeof record>

export const bridgeDropResult = z.object({ dropped: z.int().min(0) })
