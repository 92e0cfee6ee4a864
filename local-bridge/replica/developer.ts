// Everything that the replica keeps for one developer at one service: a private folder that one bridge at a time may use.
// Another developer, another team or another service has another folder, so that nobody's work goes out under a wrong name.

import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import { type Outcome, refuse, succeed } from '../../src/outcome.ts'
import type { RandomBytes } from '../../src/session/session-id.ts'
import { createCipher, type EncryptionKey } from '../../src/storage/cipher.ts'
import { type InstanceLock, takeLock } from '../instance-lock.ts'
import { makePrivateFolder } from '../private-file.ts'
import { KEY_FILE, KEYS_WRONG, openKeyFile } from './key-file.ts'
import { codeOf, openReplicas, type Replicas, type ReplicasParts } from './replicas.ts'
import type { Holder } from './work.ts'

export type Developer = {
  readonly name: string
  readonly replicas: Replicas
  /** The id under which this folder delivers a message that has a name of its own: the same after a restart. */
  deliveryId(body: Uint8Array): string
  close(): void
}

export type DeveloperParts = Omit<ReplicasParts, 'folder' | 'cipher'> & {
  readonly folder: string
  readonly service: string
  readonly random: RandomBytes
}

const NAME_DIGITS = 32

/** The name of the folder: says nothing of who it is. */
export function developerName(service: string, { team, subject }: Holder): string {
  const whole = `${service}\0${team}\0${subject}`
  return createHash('sha256').update(whole).digest('hex').slice(0, NAME_DIGITS)
}

/** Opens the folder; the failure says in a sentence why there is no replica. */
export function openDeveloper(holder: Holder, parts: DeveloperParts): Outcome<Developer, string> {
  const name = developerName(parts.service, holder)
  const folder = join(parts.folder, name)
  const made = makePrivateFolder(folder)
  if (!made.ok) return refuse(`the data folder ${made.failure}`)
  const lock = lockOf(folder)
  if (!lock.ok) return lock
  const keys = openKeyFile(join(parts.folder, KEY_FILE), parts.random)
  if (!keys.ok) {
    lock.value.release()
    return refuse(`the key file ${keys.failure}`)
  }
  const cipher = createCipher({ keys: keys.value, random: parts.random })
  const replicas = openReplicas({ ...parts, folder, cipher })
  if (replicas.areLocked()) {
    replicas.close()
    lock.value.release()
    return refuse(`the key file ${KEYS_WRONG}`)
  }
  return succeed({
    name,
    replicas,
    deliveryId: deliveryIds(name, keys.value),
    close: () => {
      replicas.close()
      lock.value.release()
    },
  })
}

/** Nobody who reads such an id can tell what was delivered, nor make the one of another folder. */
function deliveryIds(name: string, [newest]: readonly EncryptionKey[]) {
  const secret = createHmac('sha256', newest?.key ?? '')
    .update(`deliveries\0${name}`)
    .digest()
  return (body: Uint8Array) => createHmac('sha256', secret).update(body).digest('base64url')
}

function lockOf(folder: string): Outcome<InstanceLock, string> {
  try {
    const lock = takeLock(folder)
    return lock.ok ? lock : refuse('another bridge uses the data folder')
  } catch (error) {
    return refuse(`the data folder cannot be used (${codeOf(error)})`)
  }
}
