// One session with a history: it grows, its image is started anew, it is restored and reverted.

import type { Members } from '../support/fixtures.ts'
import type { PanelStack } from '../support/panel-stack.ts'
import type { Day } from './day.ts'
import { PREFERENCES, registryOf, workOn } from './developer-state.ts'

/** Refactors for two hours, from this minute of the day on. */
export async function refactor(team: PanelStack, day: Day, begin: number): Promise<void> {
  const image = { name: 'Pharo 12', version: '12.0', address: 'localhost:5601', round_trip_ms: 4 }
  await day.start('pharo-12', { ...image, epoch: 'first' })
  const session_id = await team.session('ada', {
    ...{
      name: 'Refactoring collections',
      image_id: 'pharo-12',
      object_registry: registryOf(4_000),
    },
    ...PREFERENCES,
  })
  const at = (minutes: number) => day.working(begin + minutes)
  const run = (command: string, its: Members = {}) => team.run(command, { session_id, ...its })
  const grow = (bytes: number) =>
    run('update_session_state', { object_registry: registryOf(bytes) })
  const save = (label: string, work: Members, bytes: number) => {
    const { state_data: session_state, ...parts } = work
    const components = { session_state, ...parts, object_registry: registryOf(bytes) }
    return run('save_context', { label, components })
  }

  await at(6)
  await save('before the refactoring', FIRST, 48_000)
  await at(13)
  await grow(96_000)
  await at(22)
  const { revision } = await grow(160_000)
  await at(31)
  await run('restore_session')
  await at(38)
  await grow(290_000)
  await at(44)
  await run('revert_session', { revision, label: 'inlining was no good' })
  await at(52)
  await save('inject:into: extracted', FIRST, 210_000)
  await at(60)
  await day.stop('pharo-12')
  await at(61)
  await day.start('pharo-12', { ...image, epoch: 'second' })
  await at(62)
  await run('restore_session')
  await run('clear_context', { components: ['inspector_state'] })
  await at(70)
  await grow(255_000)
  await at(79)
  await save('tests green', GREEN, 340_000)
  await at(88)
  await run('restore_session')
  await at(95)
  await run('update_session_state', { ...LATER })
  await at(104)
  await run('save_context', { label: 'collect: moved up', components: { ...MOVED_UP } })
  await at(118)
  await run('update_session_state', { mode: 'merge', state_data: { breakpoints: [] } })
}

const counted = (size: number, printString: string) => ({
  items: { value: 'obj_7', type: 'OrderedCollection', printString },
  size: { value: size, type: 'SmallInteger', printString: String(size) },
})

const FIRST = workOn({
  selection: 'Collection>>do:',
  breakpoints: ['Collection>>do:'],
  variables: counted(3, 'an OrderedCollection(1 2 3)'),
})

const GREEN = workOn({
  selection: 'Collection>>inject:into:',
  breakpoints: ['Collection>>inject:into:'],
  variables: counted(40, 'an OrderedCollection(1 1 2 3 5 8 13 …)'),
})

const LATER = workOn({
  selection: 'SequenceableCollection>>collect:',
  breakpoints: ['SequenceableCollection>>collect:'],
  variables: counted(41, 'an OrderedCollection(1 1 2 3 5 8 13 …)'),
})

const MOVED_UP = {
  user_preferences: { theme: 'phosphor', font_size: 16, auto_save: true },
}
