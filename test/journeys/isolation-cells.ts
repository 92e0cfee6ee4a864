// What a line of the isolation matrix is made of: how a command names what it is about, and what each column is answered.
// Where a text has to name the owner's client, session or image it names these; they are replaced before it is sent.

import type { Members } from '../support/fixtures.ts'

export const CLIENT = '<client>'
export const SESSION = '<session>'
export const IMAGE = '<image>'

/** The key of the owner's own update, which somebody else may know. */
export const OWNERS_KEY = 'shared-key'

/** What one column is answered. */
export type Cell = {
  readonly answer: Members
  /** It is, byte for byte but ids and times, what is said of something that was never there. */
  readonly isAsNothing: boolean
}

export const COLUMNS = ['owner', 'member', 'admin', 'kiosk', 'outsider'] as const
export type Column = (typeof COLUMNS)[number]

export type Line = { readonly [Who in Column]: Cell } & {
  /** The parameters, in every way that what it is about can be named. */
  readonly ways: readonly Members[]
  /** What the owner sees after an admin was let in, where that is something else than before. */
  readonly leaves?: string
}

/** Is carried out. */
export function done(result: Members): Cell {
  return { answer: { status: 'success', result }, isAsNothing: false }
}

/** Is a success that holds nothing of anybody else's. */
export function empty(result: Members): Cell {
  return { answer: { status: 'success', result }, isAsNothing: true }
}

/** There is no such session, for all that they are told. */
export const NOT_THERE: Cell = refusedAlike('session_not_found')

/** The client id is somebody's: the one thing that a member of the same team can find out. */
export const TAKEN: Cell = { ...refusedAlike('client_not_allowed'), isAsNothing: false }

/** The token is for other clients, whether they exist or not. */
export const NOT_COVERED: Cell = refusedAlike('client_not_allowed')

export const ADMINS_ONLY: Cell = refusedAlike('forbidden')

function refusedAlike(error_code: string): Cell {
  return { answer: { status: 'error', error_code }, isAsNothing: true }
}

/** The owner's cell, and the same one for everybody else. */
export function line(
  ways: readonly Members[],
  { owner, others }: { readonly owner: Cell; readonly others: Cell }
): Line {
  return { ways, owner, member: others, admin: others, kiosk: others, outsider: others }
}

/** A command about a session: nobody else has it. */
export function ofSession(parameters: Members, result: Members, more: readonly Members[] = []) {
  const both = { ...parameters, client_id: CLIENT, session_id: SESSION }
  const keyed = { ...both, idempotency_key: OWNERS_KEY }
  const ways = [{ ...parameters, session_id: SESSION }, both, keyed, ...more]
  return line(ways, { owner: done(result), others: NOT_THERE })
}

/** A command about a client, of which everybody else sees nothing. */
export function ofClient(parameters: Members, result: Members, nothing: Members): Line {
  const ways = [{ ...parameters, client_id: CLIENT }]
  return line(ways, { owner: done(result), others: empty(nothing) })
}

/** A command that makes something under a client id. Those are unique in a team: in another one it is another client. */
export function making(parameters: Members, result: Members): Line {
  const ways = [{ ...parameters, client_id: CLIENT }]
  const taken = line(ways, { owner: done(result), others: TAKEN })
  return { ...taken, kiosk: NOT_COVERED, outsider: empty(result) }
}
