// The settings of the log: what is told, how, and to which files.

import { resolve } from 'node:path'
import * as z from 'zod'
import { NONE } from './access-settings.ts'
import { choice, oneOf, type Setting } from './command-line.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export const LOG_FORMATS = ['json', 'pretty'] as const

export type LogSettings = {
  readonly level: (typeof LOG_LEVELS)[number]
  readonly format: (typeof LOG_FORMATS)[number]
  /** Where the log goes; standard output if absent. */
  readonly file?: LogFile
}

export type LogFile = {
  readonly path: string
  /** A file with more bytes is followed by the next one. */
  readonly maxBytes: number
  /** So many files are kept, the one that is written included. */
  readonly files: number
}

/** What `--log-format` is where nobody says: people read a terminal, programs read the rest. */
const AUTOMATIC = 'pretty on a terminal, json elsewhere'

export const LOG_SETTINGS: readonly Setting[] = [
  {
    key: 'logLevel',
    flag: '--log-level',
    placeholder: 'level',
    env: 'STUI_LOG_LEVEL',
    meaning: oneOf(LOG_LEVELS),
    fallback: 'info',
  },
  {
    key: 'logFormat',
    flag: '--log-format',
    placeholder: 'format',
    env: 'STUI_LOG_FORMAT',
    meaning: oneOf(LOG_FORMATS),
    fallback: AUTOMATIC,
  },
  {
    key: 'logFile',
    flag: '--log-file',
    placeholder: 'file',
    env: 'STUI_LOG_FILE',
    meaning:
      'writes the log to numbered files, bridge.log to bridge.1.log and so on; none is standard output',
    fallback: NONE,
  },
  {
    key: 'logMaxBytes',
    flag: '--log-max-bytes',
    placeholder: 'bytes',
    env: 'STUI_LOG_MAX_BYTES',
    meaning: 'a log file of this size is followed by the next one',
    fallback: String(10 * 1024 * 1024),
  },
  {
    key: 'logFiles',
    flag: '--log-files',
    placeholder: 'count',
    env: 'STUI_LOG_FILES',
    meaning: 'how many log files are kept',
    fallback: '5',
  },
]

const MOST_FILES = 1000
const LEAST_BYTES = 10_000

/** pino-roll takes no other paths, so that the files can be moved to any system. */
const STRANGE = /[<>"|?*\0]|:(?![\\/])/

export const LOG_SHAPE = {
  logLevel: choice(LOG_LEVELS),
  logFormat: z.preprocess(
    (format) => (format === AUTOMATIC ? undefined : format),
    choice(LOG_FORMATS).optional()
  ),
  logFile: z
    .string()
    .refine(
      (path) => !STRANGE.test(path) && !/[\\/]$/.test(path),
      'must name a file, without < > : " | ? *'
    )
    .transform((path) => (path === NONE ? undefined : resolve(path))),
  logMaxBytes: whole(LEAST_BYTES, 1024 ** 4),
  logFiles: whole(1, MOST_FILES),
}

function whole(least: number, most: number) {
  return z
    .string()
    .refine((text) => /^\d{1,13}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `must be a whole number from ${least} to ${most}, not "${input}"`,
    })
    .transform(Number)
}

type Values = z.output<z.ZodObject<typeof LOG_SHAPE>>

export function readLog(
  values: Values,
  { isTerminal }: { readonly isTerminal: boolean }
): LogSettings {
  const {
    logLevel: level,
    logFormat,
    logFile: path,
    logMaxBytes: maxBytes,
    logFiles: files,
  } = values
  const isForPeople = isTerminal && path === undefined
  return {
    level,
    format: logFormat ?? (isForPeople ? 'pretty' : 'json'),
    ...(path !== undefined && { file: { path, maxBytes, files } }),
  }
}
