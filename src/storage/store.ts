// A client's database as its tables. Everything that may be asked of storage is here; all SQL is in this folder.

import { answerTable } from './answers.ts'
import { auditTable } from './audit.ts'
import type { Cipher } from './cipher.ts'
import { clientTable } from './clients.ts'
import { componentTable } from './components.ts'
import { eventTable } from './events.ts'
import { imageSessionQueries } from './image-sessions.ts'
import { MIGRATIONS } from './migrations.ts'
import { registryEpochTable } from './registry-epochs.ts'
import { revisionTable } from './revisions.ts'
import { openSchema } from './schema.ts'
import { sessionTable } from './sessions.ts'
import type { Sql } from './sql.ts'
import { createVault } from './vault.ts'

export type Store = ReturnType<typeof openStore>

/** Opens a client's database. It stays without a schema until `prepare` is called. A cipher seals what is secret. */
export function openStore(database: Sql, now: number, cipher?: Cipher) {
  const { sql, prepare } = openSchema(database, MIGRATIONS, now)
  const vault = createVault(sql, cipher)
  const sessions = sessionTable(sql)
  const answers = answerTable(sql, vault)
  return {
    clients: clientTable(sql),
    sessions,
    imageSessions: imageSessionQueries(sql),
    revisions: revisionTable(sql, vault),
    components: componentTable(sql, vault),
    registryEpochs: registryEpochTable(sql, vault),
    answers,
    audit: auditTable(sql),
    events: eventTable(sql),
    /** Creates the schema if there is none; call it inside the transaction of the first write. */
    prepare,
    transaction: <T>(work: () => T): T => {
      try {
        return sql.transaction(work)
      } catch (error) {
        sessions.takeTouched()
        answers.forgetNewest()
        throw error
      }
    },
  }
}
