// Goes on with a session whose lease has ended. A TUI that knows nothing of leases would be refused its own work after a night:
// here the session is made active again, as the refusal advises its owner, and the message is sent once more.

import * as z from 'zod'
import type { Outcome } from '../src/outcome.ts'
import { type Failure, fail } from '../src/protocol/failures.ts'
import { parseJson, toJsonText } from '../src/protocol/json-text.ts'
import type { Log } from './events.ts'
import type { Errand, Relay } from './relay.ts'
import { withWarnings } from './replica/warnings.ts'
import { refusalDetails } from './reply-check.ts'
import { type Request, readRequest } from './request.ts'
import type { UpstreamReply } from './upstream.ts'

type Given = Outcome<UpstreamReply, Failure>

const REVIVED =
  'The lease of the session had ended; the bridge has made it active again. With --expired refuse it would not.'

/** What becomes of a session whose lease has ended when its owner works with it. */
export type Expired = 'revive' | 'refuse'

export type RevivalDependencies = {
  readonly relay: Relay
  readonly newId: () => string
  readonly log: Log
}

/** A relay that makes sessions active again for whom they belong to. */
export function createRevival({ relay, newId, log }: RevivalDependencies): Relay {
  async function carry(errand: Errand): Promise<Given> {
    const first = await relay.carry(errand)
    const session_id = first.ok ? revivable(errand.request, first.value) : undefined
    if (session_id === undefined) return first
    const renewed = await relay.carry(renewal(errand, session_id, newId()))
    if (!renewed.ok || renewed.value.outcome !== 'success') {
      return refusalOf(renewed) ?? telling(first, warningsOf(renewed))
    }
    log({ event: 'session_revived', request_id: errand.requestId })
    const again = await relay.carry(errand)
    return telling(again, [...warningsOf(first), ...warningsOf(renewed), REVIVED])
  }

  return { carry, undecided: relay.undecided }
}

/** What a refusal says of its session. */
const ofSession = z.object({ session_id: z.string(), by_admin: z.unknown().optional() })

/** The own session that the answer calls expired; undefined where it does not, or the message wants nothing changed. */
function revivable({ message }: Request, { outcome, bytes }: UpstreamReply): string | undefined {
  const { revive, dry_run } = message.parameters
  if (outcome !== 'session_expired' || revive !== undefined || dry_run === true) return undefined
  const refused = ofSession.safeParse(refusalDetails(bytes)).data
  // An admin looks after it, and may be as glad that it rests.
  return refused?.by_admin === undefined ? refused?.session_id : undefined
}

const warned = z.object({ meta: z.object({ warnings: z.array(z.string()) }) })

/** What an answer tells its client beside; some of it is told once and never again. */
function warningsOf(given: Given): readonly string[] {
  if (!given.ok) return []
  return warned.safeParse(parseJson(given.value.bytes.toString())).data?.meta.warnings ?? []
}

/** The answer, with what those before it have told. */
function telling(given: Given, sentences: readonly string[]): Given {
  if (!given.ok) return given
  const told = new Set(warningsOf(given))
  const bytes = withWarnings(
    given.value.bytes,
    [...new Set(sentences)].filter((sentence) => !told.has(sentence))
  )
  return { ok: true, value: { ...given.value, bytes } }
}

/** The lease alone: nothing of the state is told. It is worth waiting for as long as somebody waits for the message. */
function renewal(errand: Errand, session_id: string, id: string): Errand {
  const parameters = { session_id, revive: true }
  const body = Buffer.from(toJsonText({ id, command: 'renew_session', parameters }))
  const read = readRequest([body])
  if (!read.ok || read.value.to !== 'service') throw new Error('the bridge cannot read itself')
  return {
    ...{ ...errand, request: read.value, body, deliveryId: id },
    get answerBy() {
      return errand.answerBy
    },
  }
}

const ofLimit = z.object({
  limit: z.number(),
  active: z.number(),
  oldest_session_id: z.string(),
})

/** No active session is to spare: that has to be known first, and the refusal says what to close. */
function refusalOf(renewed: Given): Given | undefined {
  if (!renewed.ok || renewed.value.outcome !== 'session_limit_exceeded') return undefined
  const { data } = ofLimit.safeParse(refusalDetails(renewed.value.bytes))
  return data && fail({ reason: 'session_limit_exceeded', ...data })
}
