// Tells the team's directory what it has yet to hear. One report at a time; what fails stays unreported
// in the rows and is tried again by the alarm.

import { faultText, log } from '../log.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import type { Report, SessionSummary } from '../team/report.ts'
import type { TeamStub } from '../team/stub.ts'

/** Sessions of one report. */
const BATCH = 50

export type Reporting = {
  /** Reports everything; gives true when nothing is left unreported. */
  flush(): Promise<boolean>
}

export function createReporting(parts: {
  readonly store: Store
  readonly directoryOf: (team: string) => TeamStub
}): Reporting {
  let running: Promise<boolean> | undefined
  return {
    flush: () => {
      running ??= reportAll(parts.store, parts.directoryOf).finally(() => {
        running = undefined
      })
      return running
    },
  }
}

async function reportAll(store: Store, directoryOf: (team: string) => TeamStub): Promise<boolean> {
  const owner = store.clients.find()
  if (owner === undefined) return true
  try {
    for (;;) {
      const rows = store.sessions.unreported(BATCH)
      if (rows.length === 0) return true
      await directoryOf(owner.team).report(reportOf(owner.client_id, rows))
      acknowledge(store, rows)
    }
  } catch (error) {
    log({ event: 'report_failed', error: faultText(error) })
    return false
  }
}

function acknowledge(store: Store, rows: readonly SessionRow[]): void {
  store.transaction(() => {
    for (const row of rows) store.sessions.acknowledge(row)
    store.sessions.purgeDeleted()
  })
}

function reportOf(client_id: string, rows: readonly SessionRow[]): Report {
  return { client_id, sessions: rows.map(summary) }
}

function summary(row: SessionRow): SessionSummary {
  return {
    session_id: row.session_id,
    name: row.name,
    status: row.status,
    image_id: row.image_id,
    image_address: row.image_address,
    image_name: row.image_name,
    image_version: row.image_version,
    timeout: row.timeout,
    created_at: row.created_at,
    last_modified: row.last_modified,
    last_activity: row.last_activity,
    expires_at: row.expires_at,
    revision: row.revision,
    bytes: row.state_bytes,
    sequence: row.sequence,
  }
}
