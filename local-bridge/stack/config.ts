// How the local stack is called: flags, their twins in the environment, and what is passed on to the Worker.

import { resolve } from 'node:path'
import * as z from 'zod'
import {
  type Called,
  choice,
  oneOf,
  type Program,
  type Reading,
  readCommandLine,
  type Setting,
} from '../command-line.ts'
import type { AddressRule } from '../images/image-address.ts'
import { IMAGE_SETTINGS, IMAGE_SHAPE, wrongPlaces } from '../images/image-settings.ts'
import type { ImageSetting } from '../images/images.ts'
import { readListenAddress } from '../listen-address.ts'
import { EVENTS_SETTING, EVENTS_SHAPE, readEvents, wrongEvents } from '../live/live-settings.ts'
import type { LiveOptions } from '../live/open-live.ts'
import { LOG_LEVELS, type LogSettings } from '../log-settings.ts'
import { AUTH_SETTINGS, AUTH_SHAPE, type AuthConfig, port, readAuth } from './auth-config.ts'
import { workerSettings } from './worker-settings.ts'

export type StackConfig = {
  /** Where clients connect. */
  readonly listen: string
  /** Where live events are published; absent if they are not. */
  readonly events?: LiveOptions
  /** Images that commands which are not ours go to. */
  readonly images?: readonly ImageSetting[]
  readonly allowImageAddresses?: AddressRule
  /** The Worker's port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  /** Absolute path of the data folder. */
  readonly data: string
  readonly logLevel: LogSettings['level']
  /** Settings of the Worker (`STUI_…`). */
  readonly settings: Readonly<Record<string, string>>
  /** Absent where nobody needs a token. */
  readonly auth?: AuthConfig
}

export const DEFAULT_LISTEN = 'tcp://127.0.0.1:5555'

/** The programs beside the stack find it by the same setting. */
export const DATA_SETTING: Setting = {
  key: 'data',
  flag: '--data',
  placeholder: 'folder',
  env: 'STUI_DATA',
  meaning: 'where everything is kept',
  fallback: './.stui',
}

const PROGRAM: Program = {
  name: 'stack',
  description:
    'Runs STUI Sessions on this machine: the Worker on real workerd and SQLite, and the bridge.',
  settings: [
    {
      key: 'listen',
      flag: '--listen',
      placeholder: 'endpoint',
      env: 'STUI_LISTEN',
      meaning: 'where clients connect; loopback only, port * takes a free one',
      fallback: DEFAULT_LISTEN,
    },
    EVENTS_SETTING,
    ...IMAGE_SETTINGS,
    {
      key: 'port',
      flag: '--port',
      placeholder: 'port',
      env: 'STUI_PORT',
      meaning: 'HTTP port of the Worker on 127.0.0.1; 0 takes a free one',
      fallback: '8787',
    },
    DATA_SETTING,
    ...AUTH_SETTINGS,
    {
      key: 'logLevel',
      flag: '--log-level',
      placeholder: 'level',
      env: 'STUI_LOG_LEVEL',
      meaning: `what the bridge tells on the terminal: ${oneOf(LOG_LEVELS)}`,
      fallback: 'warn',
    },
  ],
  notes: `Limits of the service are taken from the environment: STUI_COMMANDS_PER_MINUTE and others,
see local-bridge/stack/README.md.

Example:
  npm start -- --listen tcp://127.0.0.1:6555 --port 8788 --data ./other-data
`,
}

export const dataFolder = z.string().min(1, 'must name a folder')

const schema = z
  .object({
    listen: z.string().superRefine((text, context) => {
      const address = readListenAddress(text)
      if (!address.ok) context.addIssue(address.failure)
    }),
    ...EVENTS_SHAPE,
    ...IMAGE_SHAPE,
    port,
    data: dataFolder,
    ...AUTH_SHAPE,
    logLevel: choice(LOG_LEVELS),
  })
  .superRefine(({ events, listen, image }, context) => {
    const message = wrongEvents(events, { listen, encrypted: false })
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['events'], message })
    const published = readEvents(events, listen)?.endpoint
    for (const { path, message } of wrongPlaces(image, { listen, published })) {
      context.addIssue({ code: 'custom', path: [path], message })
    }
  })

/** Reads how `npm start` was called. */
export function readStackConfig(called: Called): Reading<StackConfig> {
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { listen, events: published, port, data, logLevel, ...others } = reading.values
  const { image, allowImageAddresses, ...values } = others
  const events = readEvents(published, listen)
  const auth = readAuth(values)
  return {
    kind: 'run',
    values: {
      ...{ listen, port, logLevel, data: resolve(data) },
      settings: workerSettings(called.env),
      ...(auth !== undefined && { auth }),
      ...(events !== undefined && { events }),
      ...(image.length > 0 && { images: image }),
      ...(allowImageAddresses !== undefined && { allowImageAddresses }),
    },
  }
}
