// A team's directory as its tables: sessions that its clients have reported, images that its
// bridges have, the bridges themselves, what changed, what was cleaned, and which clients know that somebody watches.

import { openSchema } from '../storage/schema.ts'
import type { Sql } from '../storage/sql.ts'
import { bridgeTable } from './storage/bridge-table.ts'
import { classTable } from './storage/class-table.ts'
import { cleanedTable } from './storage/cleaned-table.ts'
import { eventTable } from './storage/event-table.ts'
import { imageTable } from './storage/image-table.ts'
import { leaseTable } from './storage/lease-table.ts'
import { MIGRATIONS } from './storage/migrations.ts'
import { sessionTable } from './storage/session-table.ts'

export type DirectoryStore = ReturnType<typeof openDirectoryStore>

/** Opens the directory's database; it has no schema until the first report. */
export function openDirectoryStore(database: Sql, now: number) {
  const { sql, prepare } = openSchema(database, MIGRATIONS, now)
  return {
    prepare,
    transaction: <T>(work: () => T): T => sql.transaction(work),
    sessions: sessionTable(sql),
    images: imageTable(sql),
    classes: classTable(sql),
    bridges: bridgeTable(sql),
    cleaned: cleanedTable(sql),
    events: eventTable(sql),
    leases: leaseTable(sql),
  }
}
