// The engine on node:sqlite.

import { engineHost, type WithHost } from './engine-host.ts'
import { openNodeSql } from './node-sql.ts'

/** A host over a fresh database in memory. */
export const withNodeHost: WithHost = (options, work) => {
  using sql = openNodeSql()
  work(engineHost(sql, options))
}
