// A network between a bridge and the service that a test cuts and mends: forwards bytes, and knows of them only where a
// request begins.

import { connect, createServer, type Socket } from 'node:net'
import { freePort } from './free-port.ts'

export type CuttableLink = {
  readonly url: string
  /** Breaks every connection and takes no new ones. */
  cut(): Promise<void>
  mend(): Promise<void>
  /** Bytes get no further, and nobody is told: a half-open link. */
  swallow(): void
  /** The same for the connections that there are; new ones are as they should be. */
  deaden(): void
  /** From now on requests for the path arrive, and their answers get lost; without a path none do. */
  loseAnswers(path?: string): void
  /** The same for requests, which do not arrive. */
  loseRequests(path?: string): void
  /** The paths of all requests that came. */
  readonly requests: readonly string[]
}

export async function startCuttableLink(targetUrl: string): Promise<CuttableLink> {
  const target = Number(new URL(targetUrl).port)
  const port = await freePort()
  const sockets = new Set<Socket>()
  const dead = new Set<Socket>()
  const unheard = new Set<Socket>()
  const requests: string[] = []
  let lostPath: string | undefined
  let swallowedPath: string | undefined
  let isSwallowing = false
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    const isLost = () => isSwallowing || dead.has(near)
    near.on('data', (bytes) => {
      note(near, String(bytes))
      if (!isLost()) far.write(bytes)
    })
    far.on('data', (bytes) => isLost() || unheard.has(near) || near.write(bytes))
  })

  /** A request begins with what a socket gives: the one before it was answered. */
  function note(near: Socket, text: string): void {
    const path = /^(?:GET|POST) (\S+) HTTP/.exec(text)?.[1]
    if (path === undefined) return
    requests.push(path)
    if (path === lostPath) unheard.add(near)
    if (path === swallowedPath) dead.add(near)
  }

  function listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    server.listen(port, '127.0.0.1', resolve)
    return promise
  }

  await listen()
  return {
    url: `http://127.0.0.1:${port}`,
    cut: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
      await promise
    },
    mend: async () => {
      isSwallowing = false
      for (const socket of sockets) socket.destroy()
      if (!server.listening) await listen()
    },
    swallow: () => {
      isSwallowing = true
    },
    deaden: () => {
      for (const socket of sockets) dead.add(socket)
    },
    loseAnswers: (path) => {
      lostPath = path
    },
    loseRequests: (path) => {
      swallowedPath = path
    },
    requests,
  }
}
