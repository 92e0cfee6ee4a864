// What bridges have reported of themselves: one row for each bridge of a subject. It may be a minute older than what the
// directory knows, but never in what it says of a journal.

import type { Sql } from '../../storage/sql.ts'

/** What a bridge holds for one client. */
export type ClientJournal = {
  readonly client_id: string
  readonly records: number
  readonly refused: number
  readonly bytes: number
  /** When the first of what waits was acknowledged, in epoch milliseconds; absent if nothing waits. */
  readonly oldest_at?: number
}

export type BridgeReport = {
  readonly subject: string
  readonly bridge_id: string
  readonly name: string
  readonly version: string
  readonly clients: readonly ClientJournal[]
  readonly last_heard: number
  /** True if those who watch were told that it is silent. */
  readonly is_silent: boolean
}

export type BridgeKey = Pick<BridgeReport, 'subject' | 'bridge_id'>

/** `clients` is JSON. */
type Stored = Omit<BridgeReport, 'clients' | 'is_silent'> & {
  readonly clients: string
  readonly is_silent: number
}

export function bridgeTable(sql: Sql) {
  return {
    all: (): BridgeReport[] =>
      sql.exec<Stored>('SELECT * FROM bridge').map((row) => ({
        ...row,
        clients: JSON.parse(row.clients) as ClientJournal[],
        is_silent: row.is_silent === 1,
      })),

    put: (report: BridgeReport): void => {
      sql.exec(
        `INSERT OR REPLACE INTO bridge (subject, bridge_id, name, version, clients, last_heard, is_silent)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        report.subject,
        report.bridge_id,
        report.name,
        report.version,
        JSON.stringify(report.clients),
        report.last_heard,
        Number(report.is_silent)
      )
    },

    forget: ({ subject, bridge_id }: BridgeKey): void => {
      sql.exec('DELETE FROM bridge WHERE subject = ? AND bridge_id = ?', subject, bridge_id)
    },
  }
}
