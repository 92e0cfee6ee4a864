// How `stui-bridge sessions` is called. Pure: arguments and environment come in, what to do comes out.

import * as z from 'zod'
import { CLIENT_ID } from '../../src/protocol/limits.ts'
import {
  ACCESS_SETTINGS,
  ACCESS_SHAPE,
  type AccessSettings,
  NONE,
  readAccess,
  tokenOnCommandLine,
} from '../access-settings.ts'
import {
  type Called,
  NO,
  type Program,
  type Reading,
  readCommandLine,
  YES,
} from '../command-line.ts'
import { SETTINGS_FILE_SETTING } from '../operate/settings-file.ts'
import { JSON_SETTING } from '../operate/status.ts'
import { UPSTREAM_SETTING, UPSTREAM_SHAPE, unsafeUpstream } from '../upstream-setting.ts'
import type { Scope, Wanted } from './scope.ts'

export type SessionsConfig = {
  readonly upstream: string
  /** Absent where nobody is named. */
  readonly access: AccessSettings | undefined
  readonly wanted: Wanted
  readonly json: boolean
  readonly watch: boolean
  /** False if somebody wants no colours anywhere (no-color.org). */
  readonly mayColour: boolean
}

/** A command line that names more is a mistake. */
const MOST_CLIENTS = 16

const PROGRAM: Program = {
  name: 'stui-bridge sessions',
  description: 'Shows the sessions by image, as the service knows them. Needs no bridge that runs.',
  settings: [
    UPSTREAM_SETTING,
    {
      key: 'client',
      flag: '--client',
      placeholder: 'client_id',
      repeats: true,
      meaning: 'whose sessions; may be said several times. Without it those the token stands for',
      fallback: NONE,
    },
    { key: 'team', flag: '--team', meaning: 'those of all clients, for admins', fallback: NO },
    { key: 'all', flag: '--all', meaning: 'closed sessions as well', fallback: NO },
    {
      key: 'watch',
      flag: '--watch',
      meaning: 'stays and shows changes, until Ctrl-C',
      fallback: NO,
    },
    { ...JSON_SETTING, meaning: 'JSON for programs; with --watch one line for each event' },
    ...ACCESS_SETTINGS,
    SETTINGS_FILE_SETTING,
  ],
  notes: `A token in STUI_TOKEN counts where no file is named; a token is never taken from the command line. Colours are left
out where NO_COLOR is set and where the output is no terminal. The exit code is 0 if the list could be shown, 1 if not, 2
for a wrong call.

Examples:
  stui-bridge sessions --client client_001
  stui-bridge sessions --team --watch
  stui-bridge sessions --json --client client_001 --client client_002
`,
}

const flag = z.enum([NO, YES])

const clients = z.string().transform((text, context): readonly string[] | undefined => {
  if (text === NONE) return undefined
  const ids = [...new Set(text.split(','))]
  if (ids.every((id) => CLIENT_ID.test(id)) && ids.length <= MOST_CLIENTS) return ids
  context.addIssue(
    ids.length > MOST_CLIENTS ? `names more than ${MOST_CLIENTS} clients` : 'must be a client id'
  )
  return z.NEVER
})

const schema = z
  .object({
    ...UPSTREAM_SHAPE,
    ...ACCESS_SHAPE,
    client: clients,
    team: flag,
    all: flag,
    watch: flag,
    json: flag,
  })
  .superRefine(({ upstream, apiIssuer, client, team }, context) => {
    const message = unsafeUpstream(upstream, apiIssuer)
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['upstream'], message })
    if (client !== undefined && team === YES) {
      const message = 'is about all clients: leave --client or it out'
      context.addIssue({ code: 'custom', path: ['team'], message })
    }
  })

/** Reads how it was called. */
export function readSessions(called: Called): Reading<SessionsConfig> {
  const onCommandLine = tokenOnCommandLine(called)
  if (onCommandLine !== undefined) return refuse(onCommandLine)
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const { upstream, client, team, all, watch, json } = reading.values
  const access = readAccess(reading.values, called)
  if (access !== undefined && 'missing' in access) return refuse(access.missing)
  return {
    kind: 'run',
    values: {
      ...{ upstream, access },
      wanted: { scope: scopeOf(client, team === YES), closed: all === YES },
      json: json === YES,
      watch: watch === YES,
      mayColour: !called.env.NO_COLOR,
    },
  }
}

function scopeOf(ids: readonly string[] | undefined, isTeam: boolean): Scope | undefined {
  if (isTeam) return { kind: 'team' }
  return ids === undefined ? undefined : { kind: 'clients', ids }
}

function refuse(sentence: string): { kind: 'refuse'; sentence: string } {
  return { kind: 'refuse', sentence: `${PROGRAM.name}: ${sentence}.` }
}
