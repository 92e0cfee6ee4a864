// Which classes images have: what bridges report of them, what of it is written, and whom a move may believe.

import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/protocol/call.ts'
import {
  MAX_ID_LENGTH,
  MAX_REPORTED_CLASSES,
  MAX_REPORTED_CLASSES_BYTES,
  MAX_REPORTERS,
} from '../../src/protocol/limits.ts'
import { openSchema } from '../../src/storage/schema.ts'
import { MIGRATIONS } from '../../src/team/storage/migrations.ts'
import { classNames } from '../support/class-names.ts'
import { DAY, MINUTE, SECOND, START } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'
import { teamHost } from '../support/team.ts'

type Team = ReturnType<typeof teamHost>

const member = (subject: string): Caller => ({ team: 'atelier', subject, client_ids: [] })

const ANN = member('ann')
const EVIL = member('evil')

const PHARO = { image_id: 'pharo', status: 'Connected' } as const

/** The classes that every session of these tests names. */
const NAMED = ['MyParser', 'OrderedCollection', 'Point']

const report = (team: Team, more: object, caller = ANN) =>
  team.done('report_image_status', { ...PHARO, ...more }, caller)

/** What an object is told of the image, whose owner this is. */
const asked = ({ directory }: Team, subject: string | undefined = 'ann', classes = NAMED) =>
  directory.imagesOf({ ids: ['pharo'], others: 0, subject, classes })[0]?.missing_classes

const rows = ({ sql }: Team) =>
  sql.exec<{ reporter: string; reported_at: number }>(
    'SELECT reporter, reported_at FROM class_list ORDER BY reporter'
  )

describe('The classes of an image', () => {
  it('are those that it lacks of the ones asked for, in the order of the question', () => {
    const team = teamHost()
    report(team, { classes: ['Point', 'Object'] })
    expect(asked(team)).toEqual(['MyParser', 'OrderedCollection'])
    expect(asked(team, 'ann', [])).toEqual([])
    report(team, { classes: ['Point', 'Object', 'OrderedCollection', 'MyParser'] })
    expect(asked(team)).toEqual([])
  })

  it('are unknown until somebody reports them, and are not told to who does not ask', () => {
    const team = teamHost()
    expect(asked(team)).toBeUndefined()
    report(team, {})
    expect(asked(team)).toBeUndefined()
    report(team, { classes: ['Point'] })
    const [image] = team.directory.imagesOf({ ids: ['pharo'], others: 9, subject: 'ann' })
    expect(image).not.toHaveProperty('missing_classes')
  })

  it('are in no answer about images', () => {
    const team = teamHost()
    expect(report(team, { classes: ['Point'] })).toEqual(report(team, {}))
  })

  it('count a metaclass, and the class side of a trait, as what they belong to', () => {
    const team = teamHost()
    report(team, { classes: ['Point class', 'MyParser classTrait', '  '] })
    expect(asked(team)).toEqual(['OrderedCollection'])
  })

  it('stay as they were when a report says nothing of them, through a restart of the image and of the directory', () => {
    const team = teamHost()
    report(team, { classes: ['Point'], epoch: 'morning' })
    team.clock.advance(MINUTE)
    report(team, { epoch: 'noon' })
    report(team, { status: 'Disconnected' })
    expect(asked(team.reopen())).toEqual(['MyParser', 'OrderedCollection'])
  })

  it('are forgotten with the image', () => {
    const team = teamHost()
    report(team, { classes: NAMED })
    team.clock.advance(30 * DAY)
    expect(asked(team)).toBeUndefined()
    report(team, { image_id: 'squeak' })
    expect(rows(team)).toEqual([])
  })

  it('are kept of a report that comes after the image was forgotten, though it says what was said before', () => {
    const team = teamHost()
    report(team, { classes: NAMED })
    team.clock.advance(30 * DAY)
    report(team, { classes: NAMED })
    expect(asked(team)).toEqual([])
  })

  it('go when the report of one bridge gives way to that of another', () => {
    const team = teamHost()
    for (let n = 0; n <= MAX_REPORTERS; n += 1) {
      report(team, { reporter: String(n), classes: ['Point'] })
      team.clock.advance(SECOND)
    }
    expect(rows(team)).toHaveLength(MAX_REPORTERS)
    expect(rows(team).map(({ reporter }) => reporter)).not.toContain('["ann","0"]')
  })

  it('can be reported of an image that an older directory knows', () => {
    const sql = openNodeSql()
    openSchema(sql, MIGRATIONS.slice(0, 5), 1).prepare(1)
    sql.exec(
      `INSERT INTO image (image_id, reporter, image_address, image_name, image_version, image_metadata, epoch,
         reported_status, round_trip_ms, first_seen, last_seen, last_report)
       VALUES ('pharo', '["ann",""]', '', '', '', '{}', '', 'Connected', NULL, ?1, ?1, ?1)`,
      START
    )
    const team = teamHost(sql)
    expect(asked(team)).toBeUndefined()
    report(team, { classes: NAMED })
    expect(asked(team)).toEqual([])
  })
})

describe('A list of classes', () => {
  it('is written once, and again only when it is another one', () => {
    const team = teamHost()
    const start = team.clock.now()
    report(team, { classes: ['Point', 'Object'] })
    for (const classes of [['Point', 'Object'], ['Object', 'Point', 'Point'], undefined]) {
      team.clock.advance(MINUTE)
      report(team, { classes })
    }
    expect(rows(team)).toEqual([{ reporter: '["ann",""]', reported_at: start }])
    team.clock.advance(SECOND)
    report(team, { classes: ['Point'] })
    expect(rows(team)).toEqual([{ reporter: '["ann",""]', reported_at: team.clock.now() }])
  })

  it('may be as long as that of a large image, and is told from one row', () => {
    const team = teamHost()
    const classes = classNames(MAX_REPORTED_CLASSES)
    report(team, { classes })
    expect(rows(team)).toHaveLength(1)
    expect(asked(team, 'ann', [...NAMED, ...classes.slice(0, 10_000)])).toEqual(NAMED)
  })

  it.each([
    ['an empty list', []],
    ['an empty name', ['']],
    ['a name that is too long', ['x'.repeat(MAX_ID_LENGTH + 1)]],
    ['something that is no name', [1]],
    ['something that is no list', 'Point'],
    ['too many names', classNames(MAX_REPORTED_CLASSES + 1)],
    ['names that are too long together', longNames()],
  ])('is refused, and the report with it, if it is %s', (_, classes) => {
    const team = teamHost()
    expect(team.refused('report_image_status', { ...PHARO, classes }, ANN)).toMatchObject({
      reason: 'invalid_parameter',
      path: expect.stringMatching(/^classes/),
    })
    expect(team.sql.exec("SELECT name FROM sqlite_master WHERE name = 'image'")).toEqual([])
  })
})

describe('Of several bridges that report one image', () => {
  it('whoever told its classes last is believed, whichever sees the image', () => {
    const team = teamHost()
    report(team, { reporter: 'the image itself', classes: ['Point'] })
    team.clock.advance(SECOND)
    report(team, { reporter: 'a bridge' })
    expect(asked(team)).toEqual(['MyParser', 'OrderedCollection'])
    report(team, { reporter: 'another', classes: ['MyParser'] })
    expect(asked(team)).toEqual(['OrderedCollection', 'Point'])
  })

  it("one's own count, and nothing that others say is mixed in", () => {
    const team = teamHost()
    report(team, { classes: ['Point'] })
    team.clock.advance(SECOND)
    report(team, { classes: NAMED }, EVIL)
    expect(asked(team, 'ann')).toEqual(['MyParser', 'OrderedCollection'])
    expect(asked(team, 'evil')).toEqual([])
  })

  it("the classes that others tell are not one's own image's, though one's own bridges tell none", () => {
    const team = teamHost()
    report(team, {})
    report(team, { classes: NAMED }, EVIL)
    expect(asked(team, 'ann')).toBeUndefined()
  })

  it('others are believed where none is one’s own, one of them alone', () => {
    const team = teamHost()
    report(team, { classes: ['Point'] })
    team.clock.advance(SECOND)
    report(team, { classes: ['MyParser'] }, EVIL)
    expect(asked(team, 'bob')).toEqual(['OrderedCollection', 'Point'])
    report(team, { status: 'Disconnected' }, EVIL)
    expect(asked(team, 'bob')).toEqual(['MyParser', 'OrderedCollection'])
  })
})

/** Few enough names, each short enough, that are longer together than a row may be. */
function longNames(): string[] {
  const count = Math.ceil(MAX_REPORTED_CLASSES_BYTES / MAX_ID_LENGTH)
  return Array.from({ length: count }, (_, n) => String(n).padStart(MAX_ID_LENGTH, 'C'))
}
