// `stui-bridge whoami`: asks the STUI API whose token this is, and shows it to people or programs.

import * as z from 'zod'
import { FEATURES, mayUseFeature } from '../src/access/features.ts'
import type { Principal } from '../src/access/principal.ts'
import type { Access } from '../src/access/verifier.ts'
import { isoTime } from '../src/clock.ts'
import {
  ACCESS_SETTINGS,
  ACCESS_SHAPE,
  type AccessSettings,
  readAccess,
  tokenOnCommandLine,
} from './access-settings.ts'
import {
  type Called,
  NO,
  type Program,
  type Reading,
  readCommandLine,
  YES,
} from './command-line.ts'

export type WhoamiConfig = { readonly access: AccessSettings; readonly json: boolean }

const PROGRAM: Program = {
  name: 'stui-bridge whoami',
  description: 'Asks the STUI API whose token this is: subject, team, role, tier, features, end.',
  settings: [
    ...ACCESS_SETTINGS,
    { key: 'json', flag: '--json', meaning: 'one line of JSON for programs', fallback: NO },
  ],
  notes: `A token in STUI_TOKEN counts where no file is named; a token is never taken from the command line.

Example:
  node local-bridge/main.ts whoami --api-issuer https://api.stui.example --token-file ~/.stui-token
`,
}

const schema = z.object({ ...ACCESS_SHAPE, json: z.enum([NO, YES]) })

/** Reads how it was called. */
export function readWhoami(called: Called): Reading<WhoamiConfig> {
  const onCommandLine = tokenOnCommandLine(called)
  if (onCommandLine !== undefined) return refuse(onCommandLine)
  const reading = readCommandLine(PROGRAM, schema, called)
  if (reading.kind !== 'run') return reading
  const access = readAccess(reading.values, called)
  if (access === undefined) return refuse('say who vouches for the token with --api-issuer')
  if ('missing' in access) return refuse(access.missing)
  return { kind: 'run', values: { access, json: reading.values.json === YES } }
}

/** What is known of the token's owner, as lines for people. */
export function describePrincipal(principal: Principal, now: number): string {
  const { subject, team, role, tier, client_ids, expires_at } = principal
  const rows = [
    ['Subject', subject],
    ['Team', `${team} (${role})`],
    ['Tier', tier],
    ['Features', featuresOf(principal).join(', ')],
    ['Clients', client_ids.length === 0 ? 'every client of the team' : client_ids.join(', ')],
    [
      'Expires',
      expires_at === undefined ? 'never' : `${inWords(expires_at - now)} (${isoTime(expires_at)})`,
    ],
  ] as const
  return rows.map(([name, value]) => `${name.padEnd(10)}${value}\n`).join('')
}

/** The same for programs; what does not end has no expires_at. */
export function principalJson(principal: Principal): string {
  const { expires_at, ...rest } = principal
  const end = expires_at === undefined ? {} : { expires_at: isoTime(expires_at) }
  return `${JSON.stringify({ ...rest, features: featuresOf(principal), ...end })}\n`
}

/** Why nothing is known, as one sentence. */
export function whyUnknown(failure: Extract<Access<never>, { ok: false }>['failure']): string {
  switch (failure.reason) {
    case 'token_expired':
      return `The token expired at ${failure.expired_at}: get a new one.`
    case 'unauthenticated':
      return `The token is not good: ${failure.detail}; get a new one.`
    case 'upstream_unavailable':
      return `Nobody could be asked: ${failure.detail}; try again shortly.`
    default:
      return failure satisfies never
  }
}

/** Those of the tier, then those that are granted by name. */
function featuresOf(principal: Principal): string[] {
  const ofTier = [...FEATURES.keys()].filter((feature) => mayUseFeature(principal, feature))
  return [...new Set([...ofTier, ...principal.features])]
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** The time in its largest unit. */
function inWords(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? ['second', 1000]
  const count = Math.max(0, Math.floor(ms / size))
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`
}

function refuse(sentence: string): { kind: 'refuse'; sentence: string } {
  return { kind: 'refuse', sentence: `${PROGRAM.name}: ${sentence}.` }
}
