// Which image the ids of a stored object registry are of, and which start of it. One row for each text of a registry
// that was stored while its session named an image; a trigger takes it away with the text.

import type { Sql } from './sql.ts'
import type { Kept, RowName, Vault } from './vault.ts'

export type RegistryEpochRow = {
  readonly session: number
  /** The revision that brought the text. */
  readonly revision: number
  readonly image_id: string
  /** Empty if it was not known. */
  readonly epoch: string
  /** JSON array of { image_id, epoch, ids }: ids that merges have brought since; empty if there are none. */
  readonly later: string
}

export type RegistryEpochs = ReturnType<typeof registryEpochTable>

/** The row as it is stored: ids of objects are the developer's, and sealed like a text. */
type Stored = Omit<RegistryEpochRow, 'later'> & { readonly later: Kept }

export function registryEpochTable(sql: Sql, vault: Vault) {
  /** False once no row was found, until one is put. */
  let mayHaveRows = true

  return {
    /** True if the client has any row: who works without images is spared every further question. */
    isUsed: (): boolean => {
      mayHaveRows &&= sql.exec('SELECT 1 AS used FROM registry_epoch LIMIT 1').length > 0
      return mayHaveRows
    },

    /** Undefined for a row that cannot be opened, too: nothing is known then. */
    find: (session: number, revision: number): RegistryEpochRow | undefined => {
      const [row] = sql.exec<Stored>(
        'SELECT * FROM registry_epoch WHERE session = ? AND revision = ?',
        session,
        revision
      )
      return row && opened(row, vault)
    },

    /** True if any kept registry of the session has a row. */
    isKnown: (session: number): boolean =>
      sql.exec('SELECT 1 AS known FROM registry_epoch WHERE session = ? LIMIT 1', session).length >
      0,

    put: (row: RegistryEpochRow): void => {
      mayHaveRows = true
      sql.exec(
        'INSERT OR REPLACE INTO registry_epoch (session, revision, image_id, epoch, later) VALUES (?, ?, ?, ?, ?)',
        row.session,
        row.revision,
        row.image_id,
        row.epoch,
        sealed(row, vault)
      )
    },
  }
}

function nameOf({ session, revision }: Pick<Stored, 'session' | 'revision'>): RowName {
  return { table: 'registry_epoch', session, key: [revision] }
}

function sealed(row: RegistryEpochRow, vault: Vault): string | Uint8Array {
  return row.later === '' ? '' : (vault.seal(row.later, nameOf(row)) ?? row.later)
}

function opened(row: Stored, vault: Vault): RegistryEpochRow | undefined {
  const later = typeof row.later === 'string' ? row.later : vault.open(row.later, nameOf(row))
  return later === undefined ? undefined : { ...row, later }
}
