// `stui-bridge keys`: makes and lists CURVE keys. Shows public keys only; a secret one stays in its file.

import { join } from 'node:path'
import { type Outcome, succeed } from '../src/outcome.ts'
import {
  ALLOW_LIST_FILE,
  addClient,
  initKeys,
  newClient,
  readAllowed,
  readServerKeys,
} from './curve-folder.ts'
import type { KeysTask } from './keys-config.ts'

/** Does it; gives what to print, or one sentence. */
export function runKeysTask(task: KeysTask): Outcome<string, string> {
  const { folder } = task
  switch (task.task) {
    case 'init':
      return told(initKeys(folder), (key) => `The public key of the bridge: ${key}\n`)
    case 'list':
      return list(folder)
    case 'add':
      return told(
        addClient(folder, { name: task.name, publicKey: task.publicKey }),
        () => `${task.name} may connect.\n`
      )
    case 'new-client':
      return told(
        newClient(folder, task.name),
        (file) =>
          `${task.name} may connect with the keys in ${file}: move this file to the client's machine, as it holds the client's secret key.\n`
      )
    default:
      return task satisfies never
  }
}

function list(folder: string): Outcome<string, string> {
  const server = readServerKeys(folder)
  if (!server.ok) return server
  return told(readAllowed(folder), (clients) => {
    const lines = clients.map(({ publicKey, name }) => `${publicKey}  ${name}\n`)
    const head = lines.length === 0 ? 'No client may connect' : 'These clients may connect'
    return `The public key of the bridge: ${server.value.publicKey}\n${head} (${join(folder, ALLOW_LIST_FILE)}):\n${lines.join('')}${HOW_TO_REMOVE}`
  })
}

/** ZeroMQ asks about a key when a client connects, and has no way to end a connection that stands. */
const HOW_TO_REMOVE =
  'A line that is taken out counts when that client connects the next time; start the bridge again to end its connection at once.\n'

function told<Value>(
  outcome: Outcome<Value, string>,
  say: (value: Value) => string
): Outcome<string, string> {
  return outcome.ok ? succeed(say(outcome.value)) : outcome
}
