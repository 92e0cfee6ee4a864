// What the log hears of the developer's token: changes, not repetitions, and never the token.

import { isoTime } from '../src/clock.ts'
import type { Outcome } from '../src/outcome.ts'
import type { BridgeEvent, Log } from './events.ts'
import type { Standing } from './standing.ts'

type Away = Omit<Extract<BridgeEvent, { readonly event: 'token_unchecked' }>, 'event'>

export type IdentityReport = {
  /** The STUI API has said yes or no. */
  decided(standing: Standing): void
  /** It could not be asked. */
  away(attempt: Away): void
  /** The session service refuses what was good. */
  contested(): void
  /** The source of the token was read. */
  read(result: Outcome<string, string>): void
}

export function createIdentityReport(log: Log): IdentityReport {
  let last = ''
  let unreadable: string | undefined

  function once(event: BridgeEvent) {
    const text = JSON.stringify(event)
    if (text !== last) log(event)
    last = text
  }

  return {
    decided: (standing) => {
      const event = eventOf(standing)
      if (event !== undefined) once(event)
    },
    away: (attempt) => {
      last = ''
      log({ event: 'token_unchecked', ...attempt })
    },
    contested: () => {
      last = ''
      log({ event: 'token_contested' })
    },
    read: (result) => {
      const detail = result.ok ? undefined : result.failure
      if (detail !== undefined && detail !== unreadable) log({ event: 'token_unreadable', detail })
      unreadable = detail
    },
  }
}

function eventOf(standing: Standing): BridgeEvent | undefined {
  switch (standing.kind) {
    case 'good': {
      const { subject, team, role, tier, features, expires_at } = standing.principal
      const end = expires_at === undefined ? {} : { expires_at: isoTime(expires_at) }
      return { event: 'token_accepted', subject, team, role, tier, features, ...end }
    }
    case 'refused':
      return { event: 'token_refused', ...standing.failure }
    case 'unchecked':
      return undefined
    default:
      return standing satisfies never
  }
}
