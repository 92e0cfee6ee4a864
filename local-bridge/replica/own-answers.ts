// What the bridge answers itself while the service is away, since it knows it as well: that somebody is there, and which
// commands there are. Nothing of anybody's sessions.

import { type Clock, isoTime } from '../../src/clock.ts'
import { type Outcome, succeed } from '../../src/outcome.ts'
import { type JsonObject, parseParameters } from '../../src/protocol/command.ts'
import { describe } from '../../src/protocol/commands/describe.ts'
import { ping } from '../../src/protocol/commands/ping.ts'
import type { Failure } from '../../src/protocol/failures.ts'
import { toJsonText } from '../../src/protocol/json-text.ts'
import { successReply } from '../../src/protocol/reply.ts'
import { described, pong } from '../../src/protocol/self-answers.ts'
import type { Request } from '../request.ts'
import type { UpstreamReply } from '../upstream.ts'

/** Gives the answer to a message, or why it is refused; undefined if it is not for the bridge itself to answer. */
export type OwnAnswers = (
  request: Pick<Request, 'id' | 'dialect' | 'message'>,
  requestId: string
) => Outcome<UpstreamReply, Failure> | undefined

const WARNING = 'The session service cannot be reached: the bridge has answered in its place.'

export function createOwnAnswers(clock: Clock): OwnAnswers {
  const startedAt = clock.now()

  function resultOf(command: string, given: JsonObject): Outcome<object, Failure> | undefined {
    switch (command) {
      case ping.name: {
        const parsed = parseParameters(ping, given)
        if (!parsed.ok) return parsed
        return succeed(pong(parsed.value.message, { now: clock.now(), startedAt }))
      }
      case describe.name: {
        const parsed = parseParameters(describe, given)
        return parsed.ok ? described(parsed.value.command) : parsed
      }
      default:
        return undefined
    }
  }

  return ({ id, dialect, message }, request_id) => {
    const result = resultOf(message.command, message.parameters)
    if (result?.ok !== true) return result
    const text = successReply({
      ...{ id, dialect, result: toJsonText(result.value) },
      timestamp: isoTime(clock.now()),
      meta: { request_id, source: 'bridge', warnings: [WARNING] },
    })
    return succeed({ bytes: Buffer.from(text), outcome: 'success' })
  }
}
