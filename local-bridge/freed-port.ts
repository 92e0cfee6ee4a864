// Waits until a port that was closed can be bound again: libzmq closes it in a thread of its own and tells nobody.

import { createServer } from 'node:net'
import { sleep, type Timer } from './timer.ts'

/** The thread takes a few milliseconds; longer than this it is somebody else's port. */
const PATIENCE_MS = 500
const STEP_MS = 5

/** @example await freedPort('tcp://127.0.0.1:5555', systemTimer) */
export async function freedPort(endpoint: string, timer: Timer): Promise<void> {
  const [, host = '', port = ''] = /^tcp:\/\/\[?(.*?)\]?:(\d+)$/.exec(endpoint) ?? []
  const giveUpAt = timer.ticks() + PATIENCE_MS
  while (timer.ticks() < giveUpAt) {
    if (await canListen(host, Number(port))) return
    await sleep(timer, STEP_MS)
  }
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
