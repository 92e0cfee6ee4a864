// A Smalltalk image as far as the bridge can see: a program with a REP socket. It notes in a file what it executes before it
// answers, so that even one that is killed has told. Ends with the process that forked it.

import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Reply } from 'zeromq'
import { framesFor, type Told } from './image-message.ts'

const [address = '', journal = '', epoch = ''] = process.argv.slice(2)

const socket = new Reply({ linger: 0, maxMessageSize: -1 })
await socket.bind(address)
process.once('disconnect', () => process.exit())
tell({ told: 'listening' })

for await (const [body = Buffer.alloc(0)] of socket) {
  const message = JSON.parse(body.toString())
  const { id, command, parameters } = message
  if (command !== 'ping') {
    appendFileSync(journal, `${JSON.stringify(id ?? null)}\n`)
    tell({ told: 'executed', id: id ?? null })
  }
  if (typeof parameters?.delay_ms === 'number') await sleep(parameters.delay_ms)
  if (command === 'quit') process.kill(process.pid, 'SIGKILL')
  await socket.send(framesFor(body, command, epoch))
}

function tell(message: Told): void {
  process.send?.(message)
}
