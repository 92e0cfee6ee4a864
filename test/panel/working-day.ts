// The day of a team that the pictures show: images of every status, sessions of every size and standing, and bridges in
// step, behind, refused and silent. Everything was done by commands, while somebody watched.

import type { Members } from '../support/fixtures.ts'
import type { PanelStack } from '../support/panel-stack.ts'
import { watchTeam } from '../support/team-watcher.ts'
import { createDay, type Day } from './day.ts'
import { registryOf, workOn } from './developer-state.ts'
import { refactor } from './refactoring.ts'

const HOUR = 60

const PHARO_12 = { name: 'Pharo 12', version: '12.0', address: 'localhost:5601', round_trip_ms: 4 }
const PHARO_13 = {
  name: 'Pharo 13',
  version: '13.0',
  address: 'localhost:5602',
  round_trip_ms: 310,
}
const SQUEAK_6 = { name: 'Squeak 6', version: '6.0', address: 'localhost:5603', round_trip_ms: 9 }

/** When somebody went on, in hours from the beginning, and how much was changed: a day, a night, a morning. */
const SHIFTS = [
  [0.2, 3],
  [1.4, 8],
  [2.6, 5],
  [4.7, 11],
  [5.9, 7],
  [7.1, 2],
  [18.2, 4],
  [19.4, 9],
  [20.6, 6],
] as const

/** The last shift on the image that was shut down. */
const LAST_OF_MIA = 5.9

/** When the refactoring begins, and when the pictures are taken. */
const LATE_MORNING = 21.5 * HOUR
const NOW = 24 * HOUR

/** Longer than a lease. */
const LONG_AGO_MS = 61 * 60_000

export async function workingDay(team: PanelStack): Promise<Day> {
  const day = createDay(team)
  await yesterdays(team)
  using watcher = watchTeam(team.url, '')
  await day.start('pharo-12', PHARO_12)
  await day.start('pharo-13', PHARO_13)
  await day.start('squeak-6', SQUEAK_6)
  const session = (client_id: string, image_id: string, name: string, its: Members) =>
    team.session(client_id, { name, image_id, ...its })
  await watcher.connect()
  const profiling = await session('ada', 'pharo-13', 'Profiling the renderer', {
    ...{ timeout: 4260, object_registry: registryOf(872_000) },
  })
  const morphs = await session('mia', 'squeak-6', 'Morphic experiments', {
    ...{ timeout: 24 * 3600, object_registry: registryOf(127_000) },
  })
  const parser = await session('grace', 'pharo-12', 'Debugging the parser', {
    object_registry: registryOf(38_000),
  })
  const spike = await session('grace', 'pharo-13', 'A spike', {})
  for (const [hours, changes] of SHIFTS) {
    await day.until(hours * HOUR)
    // Clients report each change for as long as somebody who has just come may want to hear it.
    await watcher.connect()
    await goOn(team, parser, changes)
    await goOn(team, profiling, Math.ceil(changes / 2))
    if (hours <= LAST_OF_MIA) await goOn(team, morphs, changes)
    await day.working(hours * HOUR + 1)
    if (hours === LAST_OF_MIA) await day.stop('squeak-6')
  }
  await team.run('close_session', { session_id: spike })
  await day.bridge("Noah's laptop", 'noah')
  day.silence("Noah's laptop")
  await day.until(LATE_MORNING)
  await watcher.connect()
  await refactor(team, day, LATE_MORNING)
  await goOn(team, profiling, 3)
  await day.working(NOW - 16)
  await session('grace', 'pharo-12', 'Tracing the lexer', {
    ...{ timeout: 1200, object_registry: registryOf(310_000) },
  })
  await day.working(NOW - 8)
  await goOn(team, parser, 5)
  await team.session('grace', { image_id: 'pharo-13', object_registry: registryOf(5_400) })
  const { last_heard } = await day.bridge("Grace's laptop", 'grace')
  await day.working(NOW)
  await day.bridge("Grace's laptop", 'grace', { records: 12, bytes: 18_400, oldest_at: last_heard })
  await day.bridge("Ada's desk", 'ada')
  await day.bridge('lab', 'mia', { refused: 2, bytes: 3_100 })
  return day
}

/** A session whose lease has ended by the machine's own clock, too: its object notices that by itself. */
async function yesterdays(team: PanelStack): Promise<void> {
  await team.advance(-LONG_AGO_MS)
  await team.session('noah', {
    ...{ name: 'Month end report', timeout: 3600, object_registry: registryOf(21_000) },
  })
  await team.advance(LONG_AGO_MS)
}

/** Somebody goes on with a session, although its lease may have ended, and changes it so many times. */
async function goOn(team: PanelStack, session_id: string, changes: number): Promise<void> {
  await team.run('restore_session', { session_id, revive: true })
  for (let line = 1; line <= changes; line += 1) {
    const work = workOn({
      selection: 'RBParser>>parseStatementList:into:',
      breakpoints: [`RBParser>>step:${line}`],
      variables: { line: variable(line) },
    })
    await team.run('update_session_state', { session_id, ...work })
  }
}

const variable = (value: number): Members => ({
  ...{ value, type: 'SmallInteger', printString: String(value) },
})
