// Where the next page of a list begins: behind the session that was told last, by when it was used and, among equals, by a key.

import { type Outcome, succeed } from '../outcome.ts'
import { type Failure, fail } from './failures.ts'

/** How one list spells its keys, and what it makes of a position. */
export type CursorForm<Position> = {
  readonly key: RegExp
  readonly position: (last_activity: number, key: string) => Position
}

/** The cursor of the page behind this session. */
export function cursorAt(last_activity: number, key: string | number): string {
  return `${last_activity}.${key}`
}

/** The position that a cursor names; undefined for the first page. */
export function readCursor<Position>(
  cursor: string | undefined,
  form: CursorForm<Position>
): Outcome<Position | undefined, Failure> {
  if (cursor === undefined) return succeed(undefined)
  const [, activity, key] = /^(\d{1,15})\.(.*)$/.exec(cursor) ?? []
  if (activity !== undefined && key !== undefined && form.key.test(key)) {
    return succeed(form.position(Number(activity), key))
  }
  return fail({
    reason: 'invalid_parameter',
    path: 'cursor',
    detail: 'send next_cursor of the page before, unchanged',
  })
}
