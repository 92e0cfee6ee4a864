// Writes events to standard output or to files: one JSON line each, or readable lines for people.

import {
  type DestinationStream,
  destination,
  type LevelWithSilent,
  pino,
  stdTimeFunctions,
} from 'pino'
import pretty, { prettyFactory } from 'pino-pretty'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import type { BridgeEvent, Log } from './events.ts'
import type { LogSettings } from './log-settings.ts'

const STDOUT = 1

/**
 * Gives a log that writes synchronously, so that no line is lost when the process ends.
 * @example createLog({ level: 'info', format: 'pretty' })
 */
export function createLog({ level, format }: Omit<LogSettings, 'file'>): Log {
  return logTo(level, stream(format))
}

/** The same to files, if the settings name one; the failure is one sentence. `onLost` hears that it cannot be written. */
export async function openLog(
  { level, format, file }: LogSettings,
  onLost: (sentence: string) => void
): Promise<Outcome<Log, string>> {
  if (file === undefined) return succeed(createLog({ level, format }))
  // It brings much along, and few write files.
  const { openLogFile } = await import('./log-file.ts')
  const opened = await openLogFile(file, onLost)
  if (!opened.ok) return opened
  return succeed(logTo(level, format === 'json' ? opened.value : readable(opened.value)))
}

function logTo(level: LogSettings['level'], destination: DestinationStream): Log {
  const logger = pino(
    {
      level,
      messageKey: 'event',
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination
  )
  return ({ event, ...facts }) => logger[levelOf(event)](facts, event)
}

function stream(format: LogSettings['format']): DestinationStream {
  return format === 'json'
    ? destination({ dest: STDOUT, sync: true })
    : pretty({ ...READABLE, destination: STDOUT, sync: true })
}

const READABLE = { messageKey: 'event', singleLine: true } as const

/** No colours: what is in a file is read by other programs than a terminal. */
function readable(file: DestinationStream): DestinationStream {
  const write = prettyFactory({ ...READABLE, colorize: false })
  return { write: (line) => file.write(write(line)) }
}

function levelOf(event: BridgeEvent['event']): Exclude<LevelWithSilent, 'silent'> {
  switch (event) {
    case 'fault':
    case 'replica_damaged':
    case 'replica_unusable':
    case 'delivery_refused':
    case 'journal_locked':
    case 'zap_failed':
      return 'error'
    case 'reply_dropped':
    case 'uplink_down':
    case 'delivery_put_off':
    case 'conflict_kept':
    case 'replica_off':
    case 'upstream_retry':
    case 'token_refused':
    case 'token_unchecked':
    case 'token_unreadable':
    case 'token_contested':
    case 'handshake_refused':
    case 'allow_list_unreadable':
    case 'image_down':
    case 'image_silent':
    case 'stream_lost':
    case 'stream_stopped':
    case 'streams_full':
      return 'warn'
    case 'listening':
    case 'events_listening':
    case 'stream_resumed':
    case 'uplink_up':
    case 'replaying':
    case 'caught_up':
    case 'session_revived':
    case 'replica_complete':
    case 'replica_on':
    case 'refused_dropped':
    case 'refused_retried':
    case 'token_accepted':
    case 'curve_ready':
    case 'image_up':
    case 'image_restarted':
    case 'image_answers':
    case 'image_reported':
    case 'journal_reported':
    case 'command':
    case 'late_outcome':
    case 'stopping':
    case 'stopped':
      return 'info'
    default:
      return event satisfies never
  }
}
