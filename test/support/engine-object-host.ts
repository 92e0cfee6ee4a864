// The engine on the SQLite of a Durable Object.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { engineHost, type WithHost } from './engine-host.ts'

/** A host over the database of an object that nobody used before. */
export const withObjectHost: WithHost = async (options, work) => {
  const stub = env.CLIENTS.getByName(`host ${crypto.randomUUID()}`)
  await runInDurableObject(stub, (_, state) => {
    work(engineHost(durableSql(state.storage), options))
  })
}
