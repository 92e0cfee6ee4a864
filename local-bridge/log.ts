// Writes events to standard output: one JSON line each, or readable lines for people.

import {
  type DestinationStream,
  destination,
  type LevelWithSilent,
  pino,
  stdTimeFunctions,
} from 'pino'
import pretty from 'pino-pretty'
import type { BridgeEvent, Log } from './events.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export const LOG_FORMATS = ['json', 'pretty'] as const

export type LogSettings = {
  readonly level: (typeof LOG_LEVELS)[number]
  readonly format: (typeof LOG_FORMATS)[number]
}

const STDOUT = 1

/**
 * Gives a log that writes synchronously, so that no line is lost when the process ends.
 * @example createLog({ level: 'info', format: 'pretty' })
 */
export function createLog({ level, format }: LogSettings): Log {
  const logger = pino(
    {
      level,
      messageKey: 'event',
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream(format)
  )
  return ({ event, ...facts }) => logger[levelOf(event)](facts, event)
}

function stream(format: LogSettings['format']): DestinationStream {
  return format === 'json'
    ? destination({ dest: STDOUT, sync: true })
    : pretty({ destination: STDOUT, sync: true, messageKey: 'event', singleLine: true })
}

function levelOf(event: BridgeEvent['event']): Exclude<LevelWithSilent, 'silent'> {
  switch (event) {
    case 'fault':
    case 'zap_failed':
      return 'error'
    case 'reply_dropped':
    case 'upstream_retry':
    case 'token_refused':
    case 'token_unchecked':
    case 'token_unreadable':
    case 'token_contested':
    case 'handshake_refused':
    case 'allow_list_unreadable':
      return 'warn'
    case 'listening':
    case 'token_accepted':
    case 'curve_ready':
    case 'command':
    case 'late_outcome':
    case 'stopping':
    case 'stopped':
      return 'info'
    default:
      return event satisfies never
  }
}
