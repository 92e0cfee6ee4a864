// The team of the pictures in which somebody signs in: a member at work, as an admin sees it.

import type { PanelStack } from '../support/panel-stack.ts'
import { createDay, type Day } from './day.ts'
import { registryOf } from './developer-state.ts'

export async function memberAtWork(team: PanelStack): Promise<Day> {
  const day = createDay(team, 'frida')
  const image = { name: 'Pharo 13', version: '13.0', address: 'localhost:5601', round_trip_ms: 4 }
  await day.start('pharo-13', image)
  const session = (name: string, bytes: number) => {
    const its = { name, image_id: 'pharo-13' }
    return team.session('frida-1', { ...its, object_registry: registryOf(bytes) }, 'frida')
  }
  await session('Rounding of invoices', 64_000)
  await day.until(4)
  await session('Tax tables', 410_000)
  await session('Tax tables of last year', 395_000)
  await day.until(9)
  await session('Letter heads', 9_000)
  await day.until(12)
  await day.bridge("Frida's laptop", 'frida-1')
  return day
}
