// Tells the team's directory what it has yet to hear. One report at a time; what fails stays unreported
// in the rows and is tried again by the alarm. While somebody watches the team, each event is reported, at once.

import type { Clock } from '../clock.ts'
import { faultText, log } from '../log.ts'
import { cleanedFor } from '../session/cleaned.ts'
import type { EventRow } from '../storage/events.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import type { SessionSummary } from '../team/report.ts'
import type { TeamStub } from '../team/stub.ts'

/** Sessions of one report. */
const BATCH = 50

/** Events of one report. */
const EVENTS = 100

export type Reporting = {
  /** Reports everything; gives true when nothing is left unreported. */
  flush(): Promise<boolean>
  /** True if something should be reported at once. */
  isDue(): boolean
  /** Somebody watches the team until then: reports everything, and from then on each event. True if that is noted. */
  rouse(until: number): Promise<boolean>
}

export function createReporting(parts: {
  readonly store: Store
  readonly clock: Clock
  readonly directoryOf: (team: string) => Pick<TeamStub, 'report'>
}): Reporting {
  const { store, clock, directoryOf } = parts
  let running: Promise<boolean> | undefined
  /** Until when the team is watched, as far as it was heard since this object is in memory. */
  let heardUntil = 0
  /** The same as the row has it; read when it is first asked for. */
  let rowUntil: number | undefined

  function isWatched(): boolean {
    rowUntil ??= store.clients.teamWatch().until
    return rowUntil > clock.now()
  }

  async function reportAll(): Promise<boolean> {
    const owner = store.clients.find()
    if (owner === undefined) return true
    let isTelling = false
    try {
      for (;;) {
        const rows = store.sessions.unreported(BATCH)
        // Once the rows have been told, nothing but the events themselves would tell what is behind the first of them.
        isTelling ||= isWatched()
        const events = isTelling ? unreportedEvents() : undefined
        const newest = events === undefined ? store.events.range().newest : undefined
        if (rows.length > 0 || (events ?? []).length > 0) {
          const { watched_until } = await directoryOf(owner.team).report({
            client_id: owner.client_id,
            owner: owner.owner,
            sessions: rows.map(summary),
            ...(events !== undefined && { events }),
          })
          heardUntil = Math.max(heardUntil, watched_until)
          acknowledge(rows, events)
        }
        if (rows.length < BATCH) noteWatch(newest)
        if (rows.length === 0 && (events ?? []).length === 0) return true
      }
    } catch (error) {
      log({ event: 'report_failed', error: faultText(error) })
      return false
    }
  }

  function unreportedEvents(): readonly EventRow[] {
    return store.events.after(store.clients.teamWatch().reported, EVENTS)
  }

  function acknowledge(rows: readonly SessionRow[], events: readonly EventRow[] = []): void {
    store.transaction(() => {
      for (const row of rows) store.sessions.acknowledge(row)
      store.sessions.purgeDeleted()
      const reported = events.at(-1)?.sequence
      if (reported !== undefined) {
        store.clients.saveTeamWatch({ ...store.clients.teamWatch(), reported })
      }
    })
  }

  /** From now on each event counts: those behind `newest`, up to where whole rows have told everything. */
  function noteWatch(newest: number | undefined): void {
    const { until, reported } = store.clients.teamWatch()
    if (heardUntil <= Math.max(until, clock.now())) return
    store.clients.saveTeamWatch({ until: heardUntil, reported: newest ?? reported })
    rowUntil = heardUntil
  }

  function flush(): Promise<boolean> {
    running ??= reportAll().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    flush,
    isDue: () => store.sessions.hasNews() || isWatched(),
    rouse: (until) => {
      heardUntil = Math.max(heardUntil, until)
      return flush()
    },
  }
}

function summary(row: SessionRow): SessionSummary {
  const cleaned = cleanedFor(row)
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
    ...(cleaned !== undefined && { cleaned }),
  }
}
