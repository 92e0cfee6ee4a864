// Where journals are: a folder for each developer, in it a file for each client.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The file of a client. */
export type ClientFile = {
  readonly path: string
  /** The client's route, which is the file's name. */
  readonly route: string
  /** The folder of the developer whose it is, and its name. */
  readonly folder: string
  readonly developer: string
}

const SUFFIX = '.sqlite'

/** The folders of the developers in a data folder. */
export function developersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
}

/** The files of all clients in a data folder. */
export function clientFilesIn(data: string): ClientFile[] {
  return developersIn(data).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => ({
        ...{ path: join(folder, name), route: name.slice(0, -SUFFIX.length), folder },
        developer: folder.slice(data.length).replace(/^[\\/]+/, ''),
      }))
  )
}
