// How far each session's copy here is what the service has, and where its work is delivered to.

import type { Sql } from '../../../src/storage/sql.ts'

/**
 * What the copy holds: its row alone, and it is not asked for until somebody uses it; nothing that may be told; the state;
 * the state with where each part came from.
 */
export const LEVEL = { listed: -1, none: 0, state: 1, exact: 2 } as const

export type Copy = {
  readonly session_id: string
  readonly level: number
  /** 1 if every revision since the creation was seen. */
  readonly whole_history: number
  /** The service's revision that the copy, without what is in the journal, is equal to. */
  readonly synced_revision: number
  /** When the service last said something that the copy agrees with. */
  readonly agreed_at: number
  /** Counts what passed by, so that an answer that was overtaken is noticed. */
  readonly touched: number
  /** The session that work on this one goes to: itself, or the copy that a conflict has made of it. */
  readonly target: string
  readonly queue: string
}

/** A copy with a state, and what it takes with its history. */
export type Kept = Pick<Copy, 'session_id' | 'target' | 'queue'> & {
  readonly number: number
  readonly stored_bytes: number
}

export type Copies = ReturnType<typeof copyTable>

export function copyTable(sql: Sql) {
  const find = (sessionId: string): Copy | undefined =>
    sql.exec<Copy>('SELECT * FROM copy WHERE session_id = ?', sessionId)[0]
  return {
    find,

    /** The copy, which is made if nothing was known of the session. */
    ensure: (sessionId: string): Copy => {
      sql.exec('INSERT OR IGNORE INTO copy VALUES (?1, 0, 0, 0, 0, 0, ?1, ?1)', sessionId)
      return find(sessionId) ?? blank(sessionId)
    },

    change: (sessionId: string, change: Partial<Omit<Copy, 'session_id'>>): void => {
      const names = Object.keys(change)
      sql.exec(
        `UPDATE copy SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE session_id = ?`,
        ...Object.values(change),
        sessionId
      )
    },

    touch: (sessionId: string): void => {
      sql.exec('UPDATE copy SET touched = touched + 1 WHERE session_id = ?', sessionId)
    },

    /** What has passed by of each session until now. */
    touches: (): ReadonlyMap<string, number> =>
      new Map(
        sql
          .exec<Pick<Copy, 'session_id' | 'touched'>>('SELECT session_id, touched FROM copy')
          .map(({ session_id, touched }) => [session_id, touched])
      ),

    /** Sessions that are to be asked for, the ones seen last first. */
    incomplete: (): string[] =>
      sql
        .exec<{ session_id: string }>(
          'SELECT session_id FROM copy WHERE level BETWEEN 0 AND 1 ORDER BY agreed_at DESC, rowid DESC'
        )
        .map(({ session_id }) => session_id),

    /** All copies with a state, the one used last first. */
    usedLast: (): Kept[] =>
      sql.exec<Kept>(
        `SELECT number, session_id, stored_bytes, target, queue FROM copy JOIN session USING (session_id)
         WHERE level > 0 ORDER BY last_activity DESC, number DESC`
      ),

    ofQueue: (queue: string): Copy[] => sql.exec<Copy>('SELECT * FROM copy WHERE queue = ?', queue),

    /** Queues with a session whose work went to another one, which the client has yet to be told. */
    diverted: (): string[] =>
      sql
        .exec<{ queue: string }>('SELECT DISTINCT queue FROM copy WHERE target <> session_id')
        .map(({ queue }) => queue),

    forget: (sessionId: string): void => {
      sql.exec('DELETE FROM copy WHERE session_id = ?', sessionId)
    },
  }
}

function blank(session_id: string): Copy {
  return {
    session_id,
    level: LEVEL.none,
    whole_history: 0,
    synced_revision: 0,
    agreed_at: 0,
    touched: 0,
    target: session_id,
    queue: session_id,
  }
}
