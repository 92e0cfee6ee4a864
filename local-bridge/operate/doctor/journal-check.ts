// The work that is kept on this machine: its folder and keys, what waits, what was refused, the disk. Reads only.

import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isoTime } from '../../../src/clock.ts'
import type { Config } from '../../config.ts'
import { readPrivateFile } from '../../private-file.ts'
import { KEY_FILE, keysAreMissing } from '../../replica/key-file.ts'
import type { ReplicaOptions } from '../../replica/open-standby.ts'
import { ROOM } from '../../replica/open-standby.ts'
import { type Depth, readDepth } from '../../replica/tables/depth.ts'
import { developersIn } from '../journal/files.ts'
import { counted, size } from '../words.ts'
import { broken, type Finding, ok, skipped, warning } from './finding.ts'

const OTHERS = 0o077

/** With less, the next change may not fit. */
const LEAST_FREE_BYTES = 10 * 1024 * 1024

/** Part of the room that may be taken without a word. */
const MUCH = 0.8

export function checkJournal({ replica }: Config): readonly Finding[] {
  if (replica === undefined) {
    return [skipped('journal', 'nothing is kept on this machine: --data names a folder')]
  }
  const { folder } = replica
  if (!existsSync(folder)) {
    return [ok('journal', `nothing has been kept yet; ${folder} is made by the bridge`)]
  }
  try {
    return [privacy(folder), ...journals(replica), disk(replica)]
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
    return [
      broken(
        'journal',
        `${folder} cannot be read (${code})`,
        'give it back to the user who runs the bridge'
      ),
    ]
  }
}

function privacy(folder: string): Finding {
  const hop = 'data folder'
  const open = [folder, ...developersIn(folder)].find((path) => isOpen(path))
  if (open !== undefined) {
    return warning(hop, `${open} can be entered by others`, `make it private: chmod 700 ${open}`)
  }
  const keys = join(folder, KEY_FILE)
  if (keysAreMissing(folder)) {
    return broken(
      hop,
      `the key file ${keys} is missing: nothing that is kept in ${folder} can be opened`,
      'put the key file back and start the bridge again, or move the whole folder away to begin anew'
    )
  }
  const key = existsSync(keys) ? readPrivateFile(keys) : undefined
  if (key === undefined || key.ok) return ok(hop, `${folder} is private`)
  return broken(hop, `the key file ${key.failure}`, `make it readable by its owner alone: ${keys}`)
}

function isOpen(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0
}

function* journals({ folder, room = ROOM }: ReplicaOptions): Generator<Finding> {
  const files = developersIn(folder).flatMap((path) =>
    readdirSync(path).map((name) => join(path, name))
  )
  const depths = files.filter((file) => file.endsWith('.sqlite')).map(readDepth)
  yield depthFinding(depths, room)
  const refused = depths.flatMap((depth) => depth?.refused ?? [])
  if (refused.length > 0) yield refusedFinding(refused)
  const damaged = files.filter((file) => /\.damaged-\d+$/.test(file))
  if (damaged.length > 0) {
    yield warning(
      'journal',
      `${counted(damaged.length, 'damaged file')} put aside in ${folder}`,
      'what could be read of them was kept; look at the disk, then delete them'
    )
  }
}

function depthFinding(
  depths: readonly (Depth | undefined)[],
  room: NonNullable<ReplicaOptions['room']>
): Finding {
  const hop = 'journal'
  const known = depths.filter((depth) => depth !== undefined)
  if (known.length < depths.length) {
    return broken(
      hop,
      `${counted(depths.length - known.length, 'file')} cannot be read`,
      'start the bridge: it puts damaged files aside and keeps what can be read'
    )
  }
  const waiting = known.reduce((sum, depth) => sum + depth.waiting, 0)
  const bytes = known.reduce((sum, depth) => sum + depth.bytes, 0)
  const oldest = Math.min(...known.map((depth) => depth.oldest ?? Number.POSITIVE_INFINITY))
  if (waiting === 0) return ok(hop, 'nothing waits for the service')
  const seen = `${counted(waiting, 'change')} waiting for the service since ${isoTime(oldest)} (${size(bytes)})`
  const isFull = waiting > room.entries * MUCH || bytes > room.bytes * MUCH
  return isFull
    ? warning(
        hop,
        `${seen}; it is nearly full`,
        'bring the service back, or make room with --journal-changes and --journal-bytes'
      )
    : ok(hop, `${seen}; they are delivered while the bridge runs and the service answers`)
}

function refusedFinding(refused: Depth['refused']): Finding {
  const kinds = refused.map(({ command, reason, count }) => `${count} × ${command} (${reason})`)
  return warning(
    'journal',
    `refused by the service and kept here: ${kinds.join(', ')}`,
    'it stays in the data folder: stui-bridge journal shows it, stui-bridge journal export saves it with its messages, and stui-bridge journal retry sends it again once the cause is gone'
  )
}

function disk({ folder, room = ROOM }: ReplicaOptions): Finding {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const seen = `${size(free)} free for ${folder}`
  if (free < LEAST_FREE_BYTES) return broken('disk', seen, 'make room: changes cannot be kept')
  if (free < room.bytes) {
    return warning('disk', seen, `make room: the journal may take ${size(room.bytes)}`)
  }
  return ok('disk', seen)
}
