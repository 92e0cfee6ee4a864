// The team of the pictures in which somebody signs in: a member at work, as an admin sees it.

import type { PanelStack } from '../support/panel-stack.ts'
import { createDay, type Day } from './day.ts'
import { registryOf } from './developer-state.ts'

export async function memberAtWork(team: PanelStack): Promise<Day> {
  const day = createDay(team)
  await day.start('pharo-13', { name: 'Pharo 13', version: '13.0', address: 'localhost:5601' })
  const session = (name: string, bytes: number) =>
    team.session(
      'frida-1',
      { name, image_id: 'pharo-13', object_registry: registryOf(bytes) },
      'frida'
    )
  await session('Rounding of invoices', 64_000)
  await day.until(9)
  await session('Tax tables', 410_000)
  await day.until(12)
  await day.bridge('desk', 'frida-1')
  return day
}
