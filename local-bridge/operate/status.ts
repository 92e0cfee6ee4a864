// `stui-bridge status`: asks the bridge that runs how it is, and shows it to people or programs.

import * as z from 'zod'
import { systemClock } from '../../src/clock.ts'
import { NONE } from '../access-settings.ts'
import { giveUp } from '../begin.ts'
import {
  type Called,
  NO,
  type Program,
  type Reading,
  readCommandLine,
  type Setting,
  YES,
} from '../command-line.ts'
import { CURVE_SETTING } from '../keys-config.ts'
import { stopSignal } from '../stop-signal.ts'
import { systemTimer } from '../timer.ts'
import { adviceFor, askBridge } from './ask-bridge.ts'
import { CLIENT_KEY_SETTING, clientKeys } from './client-key.ts'
import { connectAddress } from './connect-address.ts'
import { SETTINGS_FILE_SETTING } from './settings-file.ts'
import { isWell, statusText } from './status-text.ts'

export type StatusConfig = {
  /** Where the bridge is asked. */
  readonly endpoint: string
  readonly clientKey: string | undefined
  readonly curveKeys: string | undefined
  readonly json: boolean
  /** Shows it again and again after so many seconds; once if absent. */
  readonly everyMs: number | undefined
}

export const JSON_SETTING: Setting = {
  key: 'json',
  flag: '--json',
  meaning: 'one line of JSON for programs',
  fallback: NO,
}

/** Where the bridge is asked. */
export const LISTEN_SETTING: Setting = {
  key: 'listen',
  flag: '--listen',
  placeholder: 'endpoint',
  env: 'STUI_LISTEN',
  meaning: 'where the bridge listens',
  fallback: 'tcp://127.0.0.1:5555',
}

const PROGRAM: Program = {
  name: 'stui-bridge status',
  description: 'Shows how the bridge is: service, token, images, journal, clients.',
  settings: [
    LISTEN_SETTING,
    CURVE_SETTING,
    CLIENT_KEY_SETTING,
    SETTINGS_FILE_SETTING,
    JSON_SETTING,
    {
      key: 'watch',
      flag: '--watch',
      placeholder: 'seconds',
      bare: '1',
      meaning: 'shows it again and again, until Ctrl-C',
      fallback: NONE,
    },
  ],
  notes: `The exit code is 0 if all is well, 1 if the bridge gives no answer, the service is down, the token is not good or an image
is disconnected, 2 for a wrong call.

Examples:
  stui-bridge status
  stui-bridge status --watch 2
  stui-bridge status --json --listen tcp://127.0.0.1:6555
`,
}

const optional = z.string().transform((text) => (text === NONE ? undefined : text))

export const endpoint = z.string().transform((text, context) => {
  const address = connectAddress(text)
  if (address.ok) return address.value
  context.addIssue(address.failure)
  return z.NEVER
})

const schema = z.object({
  listen: endpoint,
  curveKeys: optional,
  clientKey: optional,
  json: z.enum([NO, YES]),
  watch: optional.refine((text) => text === undefined || isWait(text), {
    error: 'must be a number of seconds from 0.1 to 3600',
  }),
})

function isWait(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text) && Number(text) >= 0.1 && Number(text) <= 3600
}

/** Reads how it was called. */
export function readStatus(called: Called): Reading<StatusConfig> {
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { listen, json, watch, ...keys } = reading.values
  const everyMs = watch === undefined ? undefined : Number(watch) * 1000
  return { kind: 'run', values: { ...keys, endpoint: listen, json: json === YES, everyMs } }
}

/** Shows it, once or until it is told to stop. */
export async function showStatus(config: StatusConfig): Promise<void> {
  if (config.everyMs === undefined) return show(config)
  const { everyMs } = config
  let isTold = false
  let wake = () => {}
  const tell = () => {
    isTold = true
    wake()
  }
  void stopSignal(systemTimer).then(tell)
  // Nobody reads any more, as behind a pipe that was closed.
  process.stdout.on('error', tell)
  while (!isTold) {
    if (process.stdout.isTTY && !config.json) process.stdout.write(CLEAR)
    process.exitCode = 0
    await show(config)
    if (isTold) return
    await new Promise<void>((resolve) => {
      const cancel = systemTimer.after(everyMs, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })
  }
}

/** Puts the cursor of a terminal home and empties the screen. */
const CLEAR = '\u001b[H\u001b[J'

async function show({ endpoint, clientKey, curveKeys, json }: StatusConfig): Promise<void> {
  const keys = clientKeys(clientKey, curveKeys)
  if (!keys.ok) return giveUp(keys.failure)
  const answer = await askBridge({ endpoint, keys: keys.value, timer: systemTimer })
  if (!answer.ok) {
    const [seen, next] = adviceFor(answer.failure, endpoint)
    if (json) process.stdout.write(`${JSON.stringify({ error: seen, recovery: next })}\n`)
    return giveUp(`No answer: ${seen}; ${next}.`)
  }
  const { status } = answer.value
  process.stdout.write(json ? `${JSON.stringify(status)}\n` : statusText(status, systemClock.now()))
  if (!isWell(status)) process.exitCode = 1
}
