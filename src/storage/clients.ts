// The one row that says whose object this is, and how many sessions the client may still create at once.

import type { Sql } from './sql.ts'

export type ClientRow = {
  readonly team: string
  readonly client_id: string
  /** The subject that created here first. */
  readonly owner: string
  readonly created_at: number
  readonly sessions_created: number
  readonly creation_tokens: number
  readonly creation_refilled_at: number
}

/** Whose object it is: never changes once it is written. */
export type Owner = Pick<ClientRow, 'team' | 'client_id' | 'owner'>

export type Clients = ReturnType<typeof clientTable>

export function clientTable(sql: Sql) {
  return {
    /** Undefined while nobody created a session here. */
    find: (): ClientRow | undefined => sql.exec<ClientRow>('SELECT * FROM client')[0],

    insert: (row: ClientRow): void => {
      sql.exec(
        `INSERT INTO client (id, team, client_id, owner, created_at, sessions_created, creation_tokens, creation_refilled_at)
         VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
        row.team,
        row.client_id,
        row.owner,
        row.created_at,
        row.sessions_created,
        row.creation_tokens,
        row.creation_refilled_at
      )
    },

    countCreation: (sessionsCreated: number, tokens: number, refilledAt: number): void => {
      sql.exec(
        'UPDATE client SET sessions_created = ?, creation_tokens = ?, creation_refilled_at = ?',
        sessionsCreated,
        tokens,
        refilledAt
      )
    },
  }
}
