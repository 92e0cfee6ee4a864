// A Smalltalk image as far as the bridge can see: a program with a REP socket. It notes in a file what it executes before it
// answers, so that even one that is killed has told. Ends with the process that forked it.

import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Reply } from 'zeromq'
import { type Asked, framesFor, type Told } from './image-message.ts'

const [address = '', journal = '', epoch = ''] = process.argv.slice(2)

const socket = new Reply({ linger: 0, maxMessageSize: -1 })
await socket.bind(address)
process.once('disconnect', () => process.exit())
/** What holds up the answers to messages that ask for it, by id. */
const held = new Map<string, PromiseWithResolvers<void>>()
process.on('message', ({ release }: Asked) => holding(release).resolve())
tell({ told: 'listening' })

for await (const [body = Buffer.alloc(0)] of socket) {
  const message = JSON.parse(body.toString())
  const { id, command, parameters } = message
  if (command !== 'ping') {
    appendFileSync(journal, `${JSON.stringify(id ?? null)}\n`)
    tell({ told: 'executed', id: id ?? null })
  }
  if (parameters?.held === true) await holding(id).promise
  if (typeof parameters?.delay_ms === 'number') await sleep(parameters.delay_ms)
  if (command === 'quit') process.kill(process.pid, 'SIGKILL')
  await socket.send(framesFor(body, command, epoch))
}

function holding(id: unknown): PromiseWithResolvers<void> {
  const name = JSON.stringify(id)
  const one = held.get(name) ?? Promise.withResolvers<void>()
  held.set(name, one)
  return one
}

function tell(message: Told): void {
  process.send?.(message)
}
