// Which variables of the environment are passed on to the Worker: its limits, and nothing that the stack decides.

import type { Called } from '../command-line.ts'

/** Settings of the stack and the bridge, and those that the stack decides itself. */
const NOT_THE_WORKERS: ReadonlySet<string> = new Set([
  'STUI_ALLOW_IMAGE_ADDRESSES',
  'STUI_AUTH',
  'STUI_CURVE_KEYS',
  'STUI_DATA',
  'STUI_IMAGES',
  'STUI_LISTEN',
  'STUI_LOG_FORMAT',
  'STUI_LOG_LEVEL',
  'STUI_PORT',
  'STUI_SESSION_SECRETS',
  'STUI_TOKEN',
  'STUI_TOKEN_FILE',
  'STUI_UPSTREAM',
  'STUI_USER',
])

/** Which STUI API there is, is the stack's business as well. */
const OF_THE_API = 'STUI_API_'

/** An empty variable counts as absent. */
export function workerSettings(env: Called['env']): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const isStacks = NOT_THE_WORKERS.has(name) || name.startsWith(OF_THE_API)
    const isWorkers = name.startsWith('STUI_') && !isStacks
    if (isWorkers && value !== undefined && value !== '') settings[name] = value
  }
  return settings
}
