// `Sql` over node:sqlite, as the bridge hosts it.

export { type NodeSql, openNodeSql } from '../../local-bridge/replica/node-sql.ts'
