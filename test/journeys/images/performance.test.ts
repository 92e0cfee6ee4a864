// Seed 003, fifth success criterion, Performance: the system maintains performance with multiple image connections.
// Counted, never timed: what an answer reads, how long it is, and whom it asks. test/bench/images.ts measures the times.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sql, SqlValue } from '../../../src/storage/sql.ts'
import { directoryAt } from '../../session/conformance/image-scene.ts'
import { type EngineHost, engineHost } from '../../support/engine-host.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import { type ImageStage, startImageStage } from '../../support/image-stage.ts'
import { type NodeSql, openNodeSql } from '../../support/node-sql.ts'
import { TUI_DIALECTS } from '../../support/tui.ts'

const MANY = 20

const LIMITS = { activeSessions: 1000, creations: { perMinute: 1e9, burst: 1e9 } }

/** What a developer who manages images asks. */
const MANAGING = [
  ['list_image_sessions', { client_id: CLIENT }],
  ['list_image_sessions', { client_id: CLIENT, image_id: 'image 0' }],
  ['get_image_session_stats', { client_id: CLIENT, image_id: '*' }],
  ['get_image_session_stats', { client_id: CLIENT, image_id: 'image 0' }],
  ['cleanup_image_sessions', { client_id: CLIENT, image_id: 'image 0', dry_run: true }],
  ['list_client_sessions', { client_id: CLIENT }],
] as const

/** A client with two sessions on each of so many images, and the statements that its database is asked. */
function clientWith(images: number, database: NodeSql) {
  const statements: string[] = []
  const sql: Sql = {
    ...database,
    exec: (query, ...bindings: SqlValue[]) => {
      statements.push(query)
      return database.exec(query, ...bindings)
    },
  }
  const host = engineHost(sql, { limits: LIMITS })
  for (let n = 0; n < 2 * images; n += 1) {
    create(host, { image_id: `image ${n % images}`, state_data: { text: 'x'.repeat(1000) } })
  }
  const during = (work: (host: EngineHost) => void) => {
    const before = statements.length
    work(host)
    return statements.slice(before)
  }
  return { host, during }
}

/** Statements that read a text of a state, or what is known of it. */
const ofStates = (statements: readonly string[]) =>
  statements.filter((query) => /\b(FROM|JOIN)\s+(component|revision)\b/.test(query))

describe('What managing images reads', () => {
  it('is no text of a state and no revision', () => {
    using database = openNodeSql()
    const { host, during } = clientWith(MANY, database)
    for (const [command, parameters] of MANAGING) {
      const read = during(() => host.done(command, parameters, directoryAt(host)))
      expect(read.length).toBeGreaterThan(0)
      expect(ofStates(read)).toEqual([])
    }
    const session_id = create(host)
    expect(ofStates(during(() => host.done('restore_session', { session_id })))).not.toEqual([])
  })

  it('takes as many statements with twenty images as with one', () => {
    using small = openNodeSql()
    using large = openNodeSql()
    const [one, many] = [clientWith(1, small), clientWith(MANY, large)]
    for (const [command, parameters] of MANAGING) {
      const [few, more] = [one, many].map(({ host, during }) =>
        during(() => host.done(command, parameters, directoryAt(host)))
      )
      expect(more).toEqual(few)
    }
  })
})

describe('Work in a session that has no image', () => {
  it('asks the directory of the team nothing', () => {
    using database = openNodeSql()
    const { host } = clientWith(MANY, database)
    const session_id = create(host)
    const asked: string[] = []
    const images = ({ ids }: { readonly ids: readonly string[] }) => {
      asked.push(...ids)
      return []
    }
    const work = [
      ['update_session_state', { session_id, state_data: { n: 1 } }],
      ['save_context', { session_id, components: { object_registry: { o1: {} } } }],
      ['load_context', { session_id }],
      ['restore_session', { session_id }],
      ['get_session_info', { session_id }],
      ['close_session', { session_id }],
    ] as const
    for (const [command, parameters] of work) host.done(command, parameters, { images })
    expect(asked).toEqual([])
    host.done('get_image_session_stats', { client_id: CLIENT, image_id: 'image 0' }, { images })
    expect(asked).toEqual(['image 0'])
  })
})

describe('What managing images sends', () => {
  let stage: ImageStage

  beforeAll(async () => {
    stage = await startImageStage()
  })

  afterAll(() => stage[Symbol.asyncDispose]())

  it.each(TUI_DIALECTS)(
    'is no longer with large states than with small ones, in dialect %s',
    async (dialect) => {
      const tui = stage.tui(dialect)
      const lengths: number[][] = []
      for (const [size, client_id] of [
        [100_000, `large-${dialect}`],
        [100_001, `other-${dialect}`],
        [1, `small-${dialect}`],
      ] as const) {
        for (let n = 0; n < 5; n += 1) {
          const state_data = { text: 'x'.repeat(size) }
          await tui.run('create_session', { client_id, image_id: `${client_id} ${n}`, state_data })
        }
        const list = JSON.stringify(await tui.run('list_image_sessions', { client_id }))
        const stats = await tui.run('get_image_session_stats', { client_id, image_id: '*' })
        expect(stats.total_context_size).toBe(5 * JSON.stringify({ text: 'x'.repeat(size) }).length)
        lengths.push([list.length, size])
      }
      const [[large = 0] = [], [other = 0] = [], [small = 0] = []] = lengths
      expect(large).toBe(other)
      // The number of bytes itself has a few digits more.
      expect(large - small).toBeLessThan(5 * 10)
      expect(large).toBeLessThan(5 * 2000)
    }
  )
})
