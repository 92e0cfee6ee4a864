// Which image the ids of a stored text are of, and which start of it: of an object registry, or of inspectors. One row for
// each text that was stored while its session named an image. Rows of a registry go by a trigger, those of inspectors here.

import type { Sql } from './sql.ts'
import type { Kept, RowName, Vault } from './vault.ts'

/** The components whose texts hold ids of objects by their nature. */
export type NotedComponent = 'object_registry' | 'inspector_state'

export type RegistryEpochRow = {
  readonly session: number
  readonly component: NotedComponent
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
type Stored = Omit<RegistryEpochRow, 'later' | 'component'> & { readonly later: Kept }

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
    find: (
      session: number,
      component: NotedComponent,
      revision: number
    ): RegistryEpochRow | undefined => {
      const [row] = sql.exec<Stored>(
        'SELECT * FROM registry_epoch WHERE session = ? AND revision = ?',
        session,
        keyOf(component, revision)
      )
      return row && opened(row, component, vault)
    },

    /** True if any kept text of the session has a row. */
    isKnown: (session: number): boolean =>
      sql.exec('SELECT 1 AS known FROM registry_epoch WHERE session = ? LIMIT 1', session).length >
      0,

    put: ({ component, ...given }: RegistryEpochRow): void => {
      mayHaveRows = true
      const row = { ...given, revision: keyOf(component, given.revision) }
      sql.exec(
        'INSERT OR REPLACE INTO registry_epoch (session, revision, image_id, epoch, later) VALUES (?, ?, ?, ?, ?)',
        row.session,
        row.revision,
        row.image_id,
        row.epoch,
        sealed(row, vault)
      )
    },

    /** Deletes the rows of inspectors whose texts are gone. */
    forgetGone: (session: number): void => {
      sql.exec(
        `DELETE FROM registry_epoch WHERE session = ? AND revision < 0 AND NOT EXISTS (
           SELECT 1 FROM component WHERE component.session = registry_epoch.session
           AND component.component = 'inspector_state' AND component.revision = -registry_epoch.revision)`,
        session
      )
    },

    deleteAll: (session: number): void => {
      if (mayHaveRows) sql.exec('DELETE FROM registry_epoch WHERE session = ?', session)
    },
  }
}

/** A revision may bring both texts: the row about its inspectors stands under the negative number. */
function keyOf(component: NotedComponent, revision: number): number {
  return component === 'object_registry' ? revision : -revision
}

function nameOf({ session, revision }: Pick<Stored, 'session' | 'revision'>): RowName {
  return { table: 'registry_epoch', session, key: [revision] }
}

function sealed(row: Omit<RegistryEpochRow, 'component'>, vault: Vault): string | Uint8Array {
  return row.later === '' ? '' : (vault.seal(row.later, nameOf(row)) ?? row.later)
}

function opened(
  row: Stored,
  component: NotedComponent,
  vault: Vault
): RegistryEpochRow | undefined {
  const later = typeof row.later === 'string' ? row.later : vault.open(row.later, nameOf(row))
  if (later === undefined) return undefined
  return { ...row, component, revision: Math.abs(row.revision), later }
}
