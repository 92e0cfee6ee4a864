// Reads what a socket tells: a change with its sequence, or where the stream begins. The rest of the text is the
// subscribers' business and goes on untouched, so that a newer service may say more.

import * as z from 'zod'
import { isoTime } from '../../src/clock.ts'
import type { Opened } from '../../src/protocol/event.ts'
import { parseJson } from '../../src/protocol/json-text.ts'

const type = z.string().regex(/^[a-z][a-z0-9_.]{0,63}$/)
const sequence = z.int().min(0)

const openedSchema = z.looseObject({
  type: z.literal('stream.opened'),
  sequence,
  data: z.looseObject({ after: sequence, missed: z.boolean() }),
})
const changeSchema = z.looseObject({ type, sequence: sequence.min(1) })
const schema = z.union([openedSchema, changeSchema])

export type Told =
  | { readonly kind: 'opened'; readonly after: number; readonly missed: boolean }
  | { readonly kind: 'change'; readonly type: string; readonly sequence: number }

/** Undefined for a text that is neither. */
export function readTold(text: string): Told | undefined {
  const read = schema.safeParse(parseJson(text))
  if (!read.success) return undefined
  const { data } = read
  const opened = openedSchema.safeParse(data)
  if (opened.success) return { kind: 'opened', ...opened.data.data }
  return data.type === 'stream.opened'
    ? undefined
    : { kind: 'change', type: data.type, sequence: data.sequence }
}

/** Where a stream is: nothing behind `after` will be missing. */
export function openedText(
  client_id: string,
  { after, missed }: Opened['data'],
  now: number
): string {
  const opened: Opened = {
    specversion: '1.0',
    id: `opened-${after}`,
    source: `/clients/${client_id}`,
    type: 'stream.opened',
    time: isoTime(now),
    sequence: after,
    data: { after, missed },
  }
  return JSON.stringify(opened)
}

/** That nothing will come any more, and why. */
export function stoppedText(client_id: string, detail: string, now: number): string {
  return JSON.stringify({
    specversion: '1.0',
    id: `stopped-${now}`,
    source: `/clients/${client_id}`,
    type: 'stream.stopped',
    time: isoTime(now),
    data: { detail },
  })
}
