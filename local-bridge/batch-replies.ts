// Cuts the answer to a batch into the replies to its messages, which stay the text that came.

import { isUtf8 } from 'node:buffer'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import {
  asJsonText,
  isArrayText,
  isObjectText,
  items,
  type JsonText,
} from '../src/protocol/json-text.ts'

/** Nothing of the batch was carried out: what is wrong, a message by itself will be told. */
export type NotTaken = {
  readonly reason: 'not_taken'
  /** True if the service does not know what a batch is. */
  readonly isUnknown: boolean
}

/** What a service says of a path that it does not have. */
const UNKNOWN_PATH: readonly number[] = [404, 405]

/** At least one reply. */
export function repliesIn(answer: Buffer, status: number): Outcome<readonly JsonText[], NotTaken> {
  const text = isUtf8(answer) ? asJsonText(answer.toString()) : undefined
  const replies = text !== undefined && isArrayText(text) ? items(text) : []
  if (replies.length > 0 && replies.every(isObjectText)) return succeed(replies)
  return {
    ok: false,
    failure: { reason: 'not_taken', isUnknown: UNKNOWN_PATH.includes(status) },
  }
}
