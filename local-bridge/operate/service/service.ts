// `stui-bridge service`: prints the unit.

import { launchdPlist } from './launchd-plist.ts'
import type { ServiceTask } from './service-config.ts'
import { systemdUnit } from './systemd-unit.ts'

export async function printUnit({ kind, command, home }: ServiceTask): Promise<void> {
  process.stdout.write(kind === 'systemd' ? systemdUnit(command) : launchdPlist(command, home))
  if (command.some((part) => /[\\/]_npx[\\/]/.test(part))) process.stderr.write(`${PASSING}\n`)
}

const PASSING =
  'This copy lies in the cache of npx, which may be emptied: install the package, and print the unit again.'
