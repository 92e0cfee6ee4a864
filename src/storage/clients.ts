// The one row that says whose object this is, how many sessions the client may still create at once, and where the
// chain of audit rows begins and ends, and how far a team that is watched has heard of it.

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

/** Both ends of the audit log, so that a row that is missing there is noticed, too. */
export type AuditChain = {
  /** The newest row, and its hash; 0 and empty before the first. */
  readonly sequence: number
  readonly head: string
  /** The last row that was forgotten, and its hash; 0 and empty while all are kept. */
  readonly forgotten: number
  readonly anchor: string
}

/** While the team is watched, each event is reported. */
export type TeamWatch = {
  /** When that ends, in epoch milliseconds; 0 if it never began. */
  readonly until: number
  /** The last event that was reported. */
  readonly reported: number
}

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

    teamWatch: (): TeamWatch =>
      sql.exec<TeamWatch>(
        'SELECT watched_until AS until, events_reported AS reported FROM client'
      )[0] ?? { until: 0, reported: 0 },

    saveTeamWatch: ({ until, reported }: TeamWatch): void => {
      sql.exec('UPDATE client SET watched_until = ?, events_reported = ?', until, reported)
    },

    /** Undefined while nobody created a session here. */
    auditChain: (): AuditChain | undefined =>
      sql.exec<AuditChain>(
        `SELECT audit_sequence AS sequence, audit_head AS head, audit_forgotten AS forgotten, audit_anchor AS anchor
         FROM client`
      )[0],

    saveAuditChain: ({ sequence, head, forgotten, anchor }: AuditChain): void => {
      sql.exec(
        'UPDATE client SET audit_sequence = ?, audit_head = ?, audit_forgotten = ?, audit_anchor = ?',
        sequence,
        head,
        forgotten,
        anchor
      )
    },
  }
}
