// Seed 003, fifth success criterion, Performance, inside workerd: what SQLite says that it reads for an admin of a large team.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/session/limits.ts'
import { durableSql } from '../../../src/storage/durable-sql.ts'
import type { SqlValue } from '../../../src/storage/sql.ts'
import { createDirectory } from '../../../src/team/directory.ts'
import { openDirectoryStore } from '../../../src/team/directory-store.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { summaryOf } from '../../support/summary.ts'

const CLIENTS = 50
const SESSIONS_EACH = 2

/** The list of one image may read so many times as many rows where there are twenty. */
const GOAL = 3

const caller = { team: 'busy', subject: 'enzo', client_ids: [], role: 'admin' } as const

/** Rows that SQLite reads for a list of one image, in a team whose clients have two sessions on each of so many. */
function rowsRead(images: number, asked: object): Promise<number> {
  return runInDurableObject(env.TEAMS.getByName(`of ${images}`), (_, { storage }) => {
    let rows = 0
    const sql = {
      ...durableSql(storage),
      exec: ((query: string, ...bindings: SqlValue[]) => {
        const cursor = storage.sql.exec(query, ...bindings)
        const all = cursor.toArray()
        rows += cursor.rowsRead
        return all
      }) as ReturnType<typeof durableSql>['exec'],
    }
    const clock = fixedClock()
    const store = openDirectoryStore(sql, clock.now())
    const directory = createDirectory({ store, clock, limits: DEFAULT_LIMITS })
    const execute = (command: string, parameters: object) => {
      const { outcome } = directory.execute({ command, parameters: { ...parameters }, caller })
      if (!outcome.ok) throw new Error(`${command} was refused: ${JSON.stringify(outcome.failure)}`)
      return JSON.parse(outcome.value)
    }
    for (let image = 0; image < images; image += 1) {
      execute('report_image_status', { image_id: `image ${image}`, status: 'Connected' })
    }
    for (let client = 0; client < CLIENTS; client += 1) {
      const sessions = Array.from({ length: images * SESSIONS_EACH }, (__, n) =>
        summaryOf(`${client}_${n}`, { image_id: `image ${n % images}` })
      )
      directory.report({ client_id: `client ${client}`, owner: 'somebody', sessions })
    }
    rows = 0
    const { total_count } = execute('list_image_sessions', { scope: 'team', ...asked })
    expect(total_count).toBe(CLIENTS * SESSIONS_EACH)
    return rows
  })
}

describe('A list of the sessions of one image, for an admin of a team', () => {
  it.each([{ limit: 50 }, { limit: 200 }])(
    'reads no more than three times as many rows with twenty images as with one: %j',
    async (page) => {
      const asked = { image_id: 'image 0', ...page }
      const [one, many] = [await rowsRead(1, asked), await rowsRead(20, asked)]
      expect(one).toBeGreaterThan(0)
      expect(many / one).toBeLessThanOrEqual(GOAL)
    }
  )
})
