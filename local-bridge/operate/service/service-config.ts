// How `stui-bridge service` is called: which kind of unit, and the flags with which the bridge is to be run.

import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { NONE } from '../../access-settings.ts'
import {
  type Called,
  type Effective,
  explainCommandLine,
  type Program,
  type Reading,
} from '../../command-line.ts'
import { RUN, readConfig } from '../../config.ts'

export type ServiceTask = {
  readonly kind: 'systemd' | 'launchd'
  /** The whole command line, its paths absolute. */
  readonly command: readonly string[]
  /** The folder that the log goes to where the system keeps none. */
  readonly home: string
}

const KINDS = {
  systemd: 'a unit of the user for systemd, for ~/.config/systemd/user/stui-bridge.service',
  launchd: 'an agent of the user for launchd, for ~/Library/LaunchAgents/dev.stui.bridge.plist',
} as const

const HELP = `Usage: stui-bridge service <kind> [flags of run]

Prints a unit that starts the bridge when you log in, and starts it again when it fails.

${Object.entries(KINDS)
  .map(([kind, meaning]) => `  ${kind.padEnd(9)}${meaning}`)
  .join('\n')}

The flags are written into the unit, with absolute paths. Variables of the environment are not: put them into a file
and name it with --settings; a token belongs into a file of its own, named with --token-file.

Examples:
  stui-bridge service systemd --settings ~/.config/stui-bridge.env > ~/.config/systemd/user/stui-bridge.service
  systemctl --user daemon-reload && systemctl --user enable --now stui-bridge
  stui-bridge service launchd --log-file ~/Library/Logs/stui-bridge.log > ~/Library/LaunchAgents/dev.stui.bridge.plist
  launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/dev.stui.bridge.plist
`

const WRONG = 'stui-bridge service: say for whom: systemd or launchd; service --help tells more.'

/** Settings whose values are paths. */
const PATHS: ReadonlySet<string> = new Set([
  'data',
  'tokenFile',
  'curveKeys',
  'settings',
  'logFile',
])

/** Reads what stands behind `service`; settings that are wrong are refused as `run` refuses them. */
export function readServiceTask({
  args: [kind, ...args],
  ...called
}: Called & { readonly isTerminal: boolean }): Reading<ServiceTask> {
  if (kind === '--help') return { kind: 'print', text: HELP }
  if (kind !== 'systemd' && kind !== 'launchd') return { kind: 'refuse', sentence: WRONG }
  const program: Program = { ...RUN, name: `stui-bridge service ${kind}`, notes: HELP }
  const config = readConfig({ ...called, args }, program)
  if (config.kind !== 'run') return config
  if (args.includes('--ask-token')) {
    const sentence = 'a unit has no terminal to ask for the token on; name a file with --token-file'
    return { kind: 'refuse', sentence: `${program.name}: ${sentence}.` }
  }
  const flags = explainCommandLine(program, { ...called, args })
  if (flags.kind !== 'run') return flags
  const words = flags.values.filter(({ from }) => from === 'flag').flatMap(wordsOf)
  const [, file = ''] = process.argv
  return {
    kind: 'run',
    values: {
      kind,
      command: [process.execPath, realpathSync(file), 'run', ...words],
      home: called.env.HOME ?? '',
    },
  }
}

/** The flag as it is said again, in a unit that is started in another folder. */
function wordsOf({ setting: { key, flag, placeholder }, value }: Effective): string[] {
  if (placeholder === undefined) return [flag]
  return [flag, PATHS.has(key) && value !== NONE ? resolve(value) : value]
}
