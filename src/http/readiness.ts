// GET /readyz: the Worker serves; and what its operator should know although it does.

import type { Settings } from '../env.ts'
import { VERSION } from '../version.ts'

export type Readiness = {
  readonly status: 'ready'
  readonly version: string
  /** Absent where there is nothing to say. */
  readonly warnings?: readonly string[]
}

/** What a Worker with good settings answers. */
export function readiness({ auth, encryptionKeys }: Settings): Readiness {
  const isOpen = auth.mode !== 'off' && encryptionKeys.length === 0
  return { status: 'ready', version: VERSION, ...(isOpen && { warnings: [NO_KEYS] }) }
}

const NO_KEYS =
  'STUI_ENCRYPTION_KEYS is not set: states are stored as they came; production requires it, before the first write'
