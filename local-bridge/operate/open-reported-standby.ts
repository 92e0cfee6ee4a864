// Opens the replica and what tells others of its journal, which hears of each change; gives both the machine's own time and
// chance.

import { randomBytes } from 'node:crypto'
import type { Log } from '../events.ts'
import { openStandby, type ReplicaOptions, type StandbyParts } from '../replica/open-standby.ts'
import type { Standby } from '../replica/standby.ts'
import { systemChance, systemTimer } from '../timer.ts'
import type { Upstream } from '../upstream.ts'
import { bridgeIdIn } from './bridge-id.ts'
import { createJournalReports, type JournalReports, type ReportPace } from './journal-reports.ts'

type Parts = Omit<StandbyParts, 'onHeld'> & {
  readonly upstream: Upstream
  readonly log: Log
  readonly pace: ReportPace | undefined
}

export function openReportedStandby(
  options: ReplicaOptions,
  { pace, ...parts }: Parts
): { readonly standby: Standby; readonly reports: JournalReports } {
  const { upstream, log } = parts
  let reports: JournalReports | undefined
  const standby = openStandby(options, { ...parts, onHeld: () => reports?.changed() })
  reports = createJournalReports({
    ...{ standby, upstream, log, timer: systemTimer, chance: systemChance },
    bridgeId: bridgeIdIn(options.folder, (count) => randomBytes(count)),
    name: options.bridgeName,
    ...(pace !== undefined && { pace }),
  })
  // What was left there by an earlier run.
  reports.changed()
  return { standby, reports }
}
