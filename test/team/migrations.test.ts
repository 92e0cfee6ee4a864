// The schema of a team's directory, and what becomes of rows that an older one has.

import { describe, expect, it } from 'vitest'
import { openSchema } from '../../src/storage/schema.ts'
import { MIGRATIONS } from '../../src/team/storage/migrations.ts'
import { tables } from '../support/engine-rows.ts'
import { START } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'
import { summaryOf } from '../support/summary.ts'
import { teamHost } from '../support/team.ts'

describe('The migrations of a team', () => {
  it('are numbered from 1 without a gap', () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })

  it('make the tables that the documentation shows', () => {
    const team = teamHost()
    team.tell('ann', summaryOf('1'))
    expect(tables(team.sql)).toEqual([
      'bridge',
      'class_list',
      'cleaned',
      'event',
      'image',
      'lease',
      'schema_history',
      'session',
    ])
  })

  it('keep images that were reported before starts were told apart, with the start that they had', () => {
    const sql = openNodeSql()
    openSchema(sql, MIGRATIONS.slice(0, 4), 1).prepare(1)
    sql.exec(
      `INSERT INTO image (image_id, reporter, image_address, image_name, image_version, image_metadata, epoch,
         reported_status, round_trip_ms, first_seen, last_seen, last_report)
       VALUES ('pharo', '["enzo",""]', '', '', '', '{}', 'morning', 'Connected', NULL, ?1, ?1, ?1)`,
      START
    )
    const team = teamHost(sql)
    const report = (epoch: string) =>
      team.done('report_image_status', { image_id: 'pharo', status: 'Connected', epoch }).epoch
    expect(report('morning')).toBe('morning')
    expect(report('noon')).toBe('noon')
    expect(sql.exec("SELECT epoch FROM event WHERE type = 'image.restarted'")).toEqual([
      { epoch: 'noon' },
    ])
  })
})
