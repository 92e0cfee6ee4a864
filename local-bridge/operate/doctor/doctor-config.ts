// How `stui-bridge doctor` is called: like `run`, so that it looks at what `run` would use.

import * as z from 'zod'
import { CLIENT_ID } from '../../../src/protocol/limits.ts'
import { NONE } from '../../access-settings.ts'
import {
  type Called,
  NO,
  type Program,
  type Reading,
  readCommandLine,
  type Setting,
  YES,
} from '../../command-line.ts'
import { type Config, RUN, readConfig } from '../../config.ts'
import { CLIENT_KEY_SETTING } from '../client-key.ts'
import { connectAddress } from '../connect-address.ts'
import { JSON_SETTING } from '../status.ts'

export type DoctorConfig = {
  /** What the bridge would be run with. */
  readonly config: Config
  /** Where the bridge is asked. */
  readonly endpoint: string
  readonly clientKey: string | undefined
  /** The client of which it is asked whether the token may use it. */
  readonly client: string | undefined
  readonly json: boolean
}

export const CLIENT_SETTING: Setting = {
  key: 'client',
  flag: '--client',
  placeholder: 'client_id',
  env: 'STUI_CLIENT',
  meaning: 'asks the service whether this client may be used',
  fallback: NONE,
}

const PROGRAM: Program = {
  name: 'stui-bridge doctor',
  description:
    'Looks at every hop: client to bridge, bridge to service, token, client, images, journal. Changes nothing.',
  settings: [...RUN.settings, CLIENT_SETTING, CLIENT_KEY_SETTING, JSON_SETTING],
  notes: `Call it with the flags and the environment of run, whether the bridge runs or not. The exit code is 0 if nothing is
broken, 1 if something is, 2 for a wrong call.

Examples:
  stui-bridge doctor
  stui-bridge doctor --upstream https://sessions.example --api-issuer https://api.stui.example --token-file ~/.stui-token --client client_001
`,
}

const optional = z.string().transform((text) => (text === NONE ? undefined : text))

const schema = z.object({
  listen: z.string().transform((text, context) => {
    const address = connectAddress(text)
    if (address.ok) return address.value
    context.addIssue(address.failure)
    return z.NEVER
  }),
  client: optional.refine((id) => id === undefined || CLIENT_ID.test(id), 'must be a client id'),
  clientKey: optional,
  json: z.enum([NO, YES]),
})

/** Reads how it was called; settings that are wrong are refused as `run` refuses them. */
export function readDoctor(
  called: Called & { readonly isTerminal: boolean }
): Reading<DoctorConfig> {
  const config = readConfig(called, PROGRAM)
  if (config.kind !== 'run') return config
  const own = readCommandLine(PROGRAM, schema, called)
  if (own.kind !== 'run') return own
  const { listen: endpoint, client, clientKey, json } = own.values
  return {
    kind: 'run',
    values: { config: config.values, endpoint, client, clientKey, json: json === YES },
  }
}
