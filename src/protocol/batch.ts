// A batch: messages that a bridge delivers in one request, each with what the headers of a single one say. The messages
// stay the text that came; what stands beside them is read for all before any of them is carried out.

import * as z from 'zod'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail } from './failures.ts'
import {
  asJsonText,
  isArrayText,
  isObjectText,
  items,
  type JsonText,
  objectText,
  outline,
  toJsonText,
} from './json-text.ts'
import { MAX_BATCH_ENTRIES, MAX_ID_LENGTH } from './limits.ts'

/** The revision that the entry before was answered with. */
export const PREVIOUS = 'previous'

/** As a header would carry it. */
const name = z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${MAX_ID_LENGTH}}$`))

const MAX_REVISION = 999_999_999_999_999

/** What stands beside the message. A name that is not known may be one of these misspelled, so it is refused. */
export const besideMessage = z.strictObject({
  delivery_id: name.describe("The bridge's name for the delivery, the same for each attempt."),
  base_revision: z
    .union([z.int().min(0).max(MAX_REVISION), z.literal(PREVIOUS)])
    .optional()
    .describe(
      'Present for work that was acknowledged: the revision that it was done on, or that the entry before is answered with.'
    ),
  session_id: name
    .optional()
    .describe('The id that the client was told for a session that the message opens.'),
  target: name
    .optional()
    .describe(
      'The session that the work goes to, where a conflict has led it away from the one that the message names.'
    ),
})

export type BatchEntry = z.output<typeof besideMessage> & { readonly message: JsonText }

/** Writes a batch. */
export function batchText(entries: readonly BatchEntry[]): string {
  const texts = entries.map(({ message, ...beside }) =>
    objectText([
      ...Object.entries(beside).map(([key, value]) => [key, toJsonText(value)] as const),
      ['message', message],
    ])
  )
  return `[${texts.join(',')}]`
}

/** Reads a batch, or says what is wrong with it: then nothing of it may be carried out. */
export function readBatch(text: string): Outcome<readonly BatchEntry[], Failure> {
  const json = asJsonText(text)
  if (json === undefined) return fail({ reason: 'parse_error', detail: 'the batch is not JSON' })
  if (!isArrayText(json)) return invalid('a batch is a JSON array of entries')
  const texts = items(json, MAX_BATCH_ENTRIES + 1)
  if (texts.length === 0 || texts.length > MAX_BATCH_ENTRIES) {
    return invalid(`a batch has 1 to ${MAX_BATCH_ENTRIES} entries`)
  }
  const entries: BatchEntry[] = []
  for (const entry of texts) {
    const read = readEntry(entry, entries.length)
    if (!read.ok) return read
    entries.push(read.value)
  }
  return succeed(entries)
}

/** More members than this an entry cannot have. */
const MAX_ENTRY_MEMBERS = 8

function readEntry(text: JsonText, index: number): Outcome<BatchEntry, Failure> {
  const wrong = (detail: string) => invalid(`entry ${index} of the batch: ${detail}`)
  if (!isObjectText(text)) return wrong('an entry is an object')
  const { members, isWhole } = outline(text, MAX_ENTRY_MEMBERS)
  const message = members.get('message')
  if (message === undefined) return wrong('message is missing')
  const others = objectText([...members].filter(([key]) => key !== 'message'))
  const beside = besideMessage.safeParse(JSON.parse(others))
  if (!isWhole || !beside.success) {
    return wrong(
      'beside message it takes delivery_id, base_revision, session_id and target, as described'
    )
  }
  const { base_revision, session_id, target } = beside.data
  if (index === 0 && base_revision === PREVIOUS) return wrong('there is no entry before it')
  if ((session_id ?? target) !== undefined && base_revision === undefined) {
    return wrong('session_id and target are taken with base_revision')
  }
  return succeed({ ...beside.data, message })
}

function invalid(detail: string) {
  return fail({ reason: 'invalid_request', detail })
}
