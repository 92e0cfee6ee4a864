// The files of a developer as a bridge opens them, without a bridge.

import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readKeyFile } from '../../../local-bridge/replica/key-file.ts'
import type { Replica } from '../../../local-bridge/replica/replica.ts'
import { openReplicas, type Replicas } from '../../../local-bridge/replica/replicas.ts'
import { createCipher } from '../../../src/storage/cipher.ts'
import { testCipher } from '../../support/engine-cipher.ts'
import { seededBytes } from '../../support/engine-random.ts'
import { createEventLog } from '../../support/event-log.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

export const ROUTE = 'r'.repeat(22)

export type OpenedFolder = Disposable & {
  readonly replicas: Replicas
  /** The one client's. */
  readonly only: Replica
  readonly path: string
  append(message: { readonly n: number; readonly text: string }): void
}

/** Opens what a bridge has left in its data folder, which has one client; an empty folder without one. */
export function openFolder(data?: string): OpenedFolder {
  const random = seededBytes(1)
  const [found] = data === undefined ? [] : globSync(join(data, '*/*.sqlite'))
  const path = found ?? join(temporaryFolder(), `${ROUTE}.sqlite`)
  const keys = data === undefined ? undefined : readKeyFile(join(data, 'keys'))
  const cipher = keys?.ok ? createCipher({ keys: keys.value, random }) : testCipher('k')
  const replicas = openReplicas({
    ...{ folder: dirname(path), log: createEventLog().log, clock: fixedClock(), cipher, random },
    onFault: (error) => {
      throw error
    },
  })
  const only = replicas.of(basename(path, '.sqlite'), { make: true })
  if (only === undefined) throw new Error('there is no replica')
  return {
    ...{ replicas, only, path },
    append: ({ n, text }) =>
      only.journal.append({
        ...{ team: 't', client_id: 'c', session_id: 's', queue: 's', command: 'x' },
        ...{ delivery_id: `d${n}`, base: n, promised: null, at: 1000 + n, message: text },
      }),
    [Symbol.dispose]: () => replicas.close(),
  }
}
