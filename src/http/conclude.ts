// The end of every message: its answer is rendered, and the log has a line of it.

import { isoTime } from '../clock.ts'
import { log } from '../log.ts'
import { findCommand } from '../protocol/registry.ts'
import { type Answer, type Rendered, respond } from './respond.ts'
import type { Running } from './running.ts'

/** Renders an answer and logs it. */
export function conclude(running: Running, answer: Answer, receivedAt: number): Rendered {
  const { clock, request_id, traceparent } = running
  const response = respond(answer, isoTime(clock.now()))
  log({
    event: 'command',
    request_id,
    command: findCommand(answer.command)?.name ?? 'unknown',
    ...(answer.reply.client_id !== undefined && { client_id: answer.reply.client_id }),
    outcome: response.outcome,
    status: response.status,
    duration_ms: clock.now() - receivedAt,
    bytes_in: answer.bytes,
    bytes_out: response.body.length,
    replayed: answer.reply.replayed,
    ...(traceparent !== undefined && { traceparent }),
  })
  return response
}
