// The settings of the replica: --data, and how much may wait for the service.

import { join, resolve } from 'node:path'
import * as z from 'zod'
import { MAX_NAME_LENGTH } from '../../src/protocol/limits.ts'
import { NONE } from '../access-settings.ts'
import type { Called, Setting } from '../command-line.ts'
import { type ReplicaOptions, ROOM } from './open-standby.ts'

/** What `--data` is where nobody says. */
const AUTOMATIC = "stui-bridge in the user's data folder"

export const REPLICA_SETTINGS: readonly Setting[] = [
  {
    key: 'data',
    flag: '--data',
    placeholder: 'folder',
    env: 'STUI_DATA',
    meaning:
      'where sessions and unsent work are kept for the time when the service is away; none keeps nothing',
    fallback: AUTOMATIC,
  },
  {
    key: 'journalChanges',
    flag: '--journal-changes',
    placeholder: 'count',
    env: 'STUI_JOURNAL_CHANGES',
    meaning: 'how many changes may wait for the service',
    fallback: String(ROOM.entries),
  },
  {
    key: 'journalBytes',
    flag: '--journal-bytes',
    placeholder: 'bytes',
    env: 'STUI_JOURNAL_BYTES',
    meaning: 'how many bytes of them',
    fallback: String(ROOM.bytes),
  },
  {
    key: 'bridgeName',
    flag: '--bridge-name',
    placeholder: 'name',
    env: 'STUI_BRIDGE_NAME',
    meaning:
      "what this machine is called where its journal is shown, such as Frida's laptop; none says nothing of it",
    fallback: NONE,
  },
]

const count = z
  .string()
  .refine((text) => /^[1-9]\d{0,14}$/.test(text), {
    error: ({ input }) => `must be a whole number from 1, not "${input}"`,
  })
  .transform(Number)

export const REPLICA_SHAPE = {
  data: z.string(),
  journalChanges: count,
  journalBytes: count,
  bridgeName: z
    .string()
    .min(1, 'must not be empty')
    .max(MAX_NAME_LENGTH, `must have at most ${MAX_NAME_LENGTH} characters`),
}

type Values = {
  readonly data: string
  readonly journalChanges: number
  readonly journalBytes: number
  readonly bridgeName: string
}

/** What was asked for; undefined if nothing is to be kept, or nobody says where. */
export function readReplica(values: Values, { env }: Called): ReplicaOptions | undefined {
  const { data, journalChanges, journalBytes, bridgeName } = values
  if (data === NONE) return undefined
  const folder = folderOf(data, env)
  if (folder === undefined) return undefined
  return {
    folder,
    room: { entries: journalChanges, bytes: journalBytes },
    ...(bridgeName !== NONE && { bridgeName }),
  }
}

/** The folder that `--data` means; undefined for a user without a home. */
export function folderOf(data: string, env: Called['env']): string | undefined {
  return data === AUTOMATIC ? userFolder(env, process.platform) : resolve(data)
}

/** Where programs keep data for their user; undefined for a user without a home. */
export function userFolder(env: Called['env'], platform: string): string | undefined {
  const { XDG_DATA_HOME, HOME, LOCALAPPDATA } = env
  const base = platform === 'win32' ? LOCALAPPDATA : (XDG_DATA_HOME ?? homeData(HOME, platform))
  return base === undefined || base === '' ? undefined : join(base, 'stui-bridge')
}

function homeData(home: string | undefined, platform: string): string | undefined {
  if (home === undefined || home === '') return undefined
  return platform === 'darwin'
    ? join(home, 'Library', 'Application Support')
    : join(home, '.local', 'share')
}
