// `stui-bridge whoami`: asks the STUI API whose token this is, and shows it to people or programs.

import * as z from 'zod'
import { FEATURES, mayUseFeature } from '../src/access/features.ts'
import type { Principal } from '../src/access/principal.ts'
import type { Access } from '../src/access/verifier.ts'
import { isoTime, systemClock } from '../src/clock.ts'
import { withToken } from './access-options.ts'
import {
  ACCESS_SETTINGS,
  ACCESS_SHAPE,
  type AccessSettings,
  readAccess,
  tokenOnCommandLine,
} from './access-settings.ts'
import { giveUp } from './begin.ts'
import {
  type Called,
  NO,
  type Program,
  type Reading,
  readCommandLine,
  YES,
} from './command-line.ts'
import { SETTINGS_FILE_SETTING } from './operate/settings-file.ts'
import { duration } from './operate/words.ts'
import { createTokenCheck } from './token-check.ts'

export type WhoamiConfig = { readonly access: AccessSettings; readonly json: boolean }

const PROGRAM: Program = {
  name: 'stui-bridge whoami',
  description: 'Asks the STUI API whose token this is: subject, team, role, tier, features, end.',
  settings: [
    ...ACCESS_SETTINGS,
    SETTINGS_FILE_SETTING,
    { key: 'json', flag: '--json', meaning: 'one line of JSON for programs', fallback: NO },
  ],
  notes: `A token in STUI_TOKEN counts where no file is named; a token is never taken from the command line.

Example:
  stui-bridge whoami --api-issuer https://api.stui.example --token-file ~/.stui-token
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

/** Asks, and shows it. */
export async function whoami({ access, json }: WhoamiConfig): Promise<void> {
  const asked = await withToken(access)
  if (!asked.ok) return giveUp(asked.failure)
  const token = asked.value.token.read()
  if (!token.ok) return giveUp(`The token cannot be used: ${token.failure}.`)
  const verdict = await createTokenCheck({ ...access, clock: systemClock })(token.value)
  if (!verdict.ok) return giveUp(whyUnknown(verdict.failure))
  const text = json
    ? principalJson(verdict.value)
    : describePrincipal(verdict.value, systemClock.now())
  process.stdout.write(text)
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
      expires_at === undefined
        ? 'never'
        : `in ${duration(expires_at - now)} (${isoTime(expires_at)})`,
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

function refuse(sentence: string): { kind: 'refuse'; sentence: string } {
  return { kind: 'refuse', sentence: `${PROGRAM.name}: ${sentence}.` }
}
