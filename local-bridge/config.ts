// Flags, environment and defaults of the bridge. Pure: arguments and environment come in, what to do comes out.

import * as z from 'zod'
import {
  ACCESS_SETTINGS,
  ACCESS_SHAPE,
  type AccessSettings,
  NONE,
  readAccess,
  tokenOnCommandLine,
} from './access-settings.ts'
import { type Called, type Program, type Reading, readCommandLine } from './command-line.ts'
import { COMMANDS_TEXT } from './commands.ts'
import { EXPIRED_SETTING, EXPIRED_SHAPE } from './expired-setting.ts'
import type { AddressRule } from './images/image-address.ts'
import { IMAGE_SETTINGS, IMAGE_SHAPE, wrongPlaces } from './images/image-settings.ts'
import type { ImageSetting } from './images/images.ts'
import { CURVE_SETTING } from './keys-config.ts'
import { readListenAddress } from './listen-address.ts'
import { EVENTS_SETTING, EVENTS_SHAPE, readEvents, wrongEvents } from './live/live-settings.ts'
import type { LiveOptions } from './live/open-live.ts'
import { LOG_SETTINGS, LOG_SHAPE, type LogSettings, readLog } from './log-settings.ts'
import { SETTINGS_FILE_SETTING } from './operate/settings-file.ts'
import type { ReplicaOptions } from './replica/open-standby.ts'
import { REPLICA_SETTINGS, REPLICA_SHAPE, readReplica } from './replica/replica-settings.ts'
import type { Expired } from './revival.ts'
import { UPSTREAM_SETTING, UPSTREAM_SHAPE, unsafeUpstream } from './upstream-setting.ts'

export type Config = {
  /** Where clients connect. */
  readonly listen: string
  /** The session service. */
  readonly upstream: string
  readonly log: LogSettings
  /** The developer's token and who vouches for it; absent where authentication is off. */
  readonly access?: AccessSettings
  /** The folder of CURVE keys. */
  readonly curveKeys?: string
  /** Images that commands which are not ours go to. */
  readonly images?: readonly ImageSetting[]
  readonly allowImageAddresses?: AddressRule
  /** What is kept on this machine. */
  readonly replica?: ReplicaOptions
  /** What becomes of a session whose lease has ended when its owner works with it. */
  readonly expired: Expired
  /** Where live events are published. */
  readonly events?: LiveOptions
}

/** The bridge itself; the programs that look after it take the same settings. */
export const RUN: Program = {
  name: 'stui-bridge',
  description: 'Connects STUI clients (ZeroMQ) with the session service (HTTP).',
  settings: [
    {
      key: 'listen',
      flag: '--listen',
      placeholder: 'endpoint',
      env: 'STUI_LISTEN',
      meaning: 'where clients connect; loopback only without --curve-keys, port * takes a free one',
      fallback: 'tcp://127.0.0.1:5555',
    },
    UPSTREAM_SETTING,
    EVENTS_SETTING,
    ...IMAGE_SETTINGS,
    EXPIRED_SETTING,
    ...REPLICA_SETTINGS,
    ...ACCESS_SETTINGS,
    CURVE_SETTING,
    SETTINGS_FILE_SETTING,
    ...LOG_SETTINGS,
  ],
  notes: `A token in STUI_TOKEN counts where no file is named; a token is never taken from the command line.

${COMMANDS_TEXT}

Examples:
  stui-bridge --listen tcp://127.0.0.1:6555 --upstream http://127.0.0.1:8787
  stui-bridge run --upstream https://sessions.example --api-issuer https://api.stui.example --token-file ~/.stui-token
`,
}

const schema = z
  .object({
    listen: z.string(),
    ...UPSTREAM_SHAPE,
    ...EVENTS_SHAPE,
    ...IMAGE_SHAPE,
    ...EXPIRED_SHAPE,
    ...REPLICA_SHAPE,
    ...ACCESS_SHAPE,
    curveKeys: z.string().transform((folder) => (folder === NONE ? undefined : folder)),
    ...LOG_SHAPE,
  })
  .superRefine(({ listen, events, curveKeys, apiIssuer, upstream, image }, context) => {
    const address = readListenAddress(listen, { encrypted: curveKeys !== undefined })
    if (!address.ok) {
      const couldBe = readListenAddress(listen, { encrypted: true }).ok
      const message = couldBe ? `${address.failure}; --curve-keys encrypts them` : address.failure
      context.addIssue({ code: 'custom', path: ['listen'], message })
    }
    const message = wrongEvents(events, { listen, encrypted: curveKeys !== undefined })
    if (address.ok && message !== undefined) {
      context.addIssue({ code: 'custom', path: ['events'], message })
    }
    const published = readEvents(events, listen)?.endpoint
    for (const { path, message } of wrongPlaces(image, { listen, published })) {
      context.addIssue({ code: 'custom', path: [path], message })
    }
    const unsafe = unsafeUpstream(upstream, apiIssuer)
    if (unsafe !== undefined) {
      context.addIssue({ code: 'custom', path: ['upstream'], message: unsafe })
    }
  })

/** Reads how the program was called; `isTerminal` says whether people read the log. */
export function readConfig(
  called: Called & { readonly isTerminal: boolean },
  program = RUN
): Reading<Config> {
  const refuse = (sentence: string) => refusal(program, sentence)
  const onCommandLine = tokenOnCommandLine(called)
  if (onCommandLine !== undefined) return refuse(onCommandLine)
  const reading = readCommandLine(program, schema, called)
  if (reading.kind !== 'run') return reading
  const {
    listen,
    upstream,
    curveKeys,
    image,
    allowImageAddresses,
    events: published,
    expired,
    ...values
  } = reading.values
  const access = readAccess(values, called)
  if (access !== undefined && 'missing' in access) return refuse(access.missing)
  const replica = readReplica(values, called)
  const events = readEvents(published, listen)
  const log = readLog(values, called)
  return {
    kind: 'run',
    values: {
      ...{ listen, upstream, expired, log },
      ...(access !== undefined && { access }),
      ...(curveKeys !== undefined && { curveKeys }),
      ...(replica !== undefined && { replica }),
      ...(events !== undefined && { events }),
      ...(image.length > 0 && { images: image }),
      ...(allowImageAddresses !== undefined && { allowImageAddresses }),
    },
  }
}

function refusal({ name }: Program, sentence: string): { kind: 'refuse'; sentence: string } {
  return { kind: 'refuse', sentence: `${name}: ${sentence}.` }
}
