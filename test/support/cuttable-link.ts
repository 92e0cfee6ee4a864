// A network between a bridge and the service that a test cuts and mends: forwards bytes, and knows of them only where a
// request begins.

import { connect, createServer, type Socket } from 'node:net'
import { createChanges } from './changes.ts'
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
  /** Resolves when something comes that holds the text, from now on. */
  came(text: string): Promise<void>
  /** From now on requests for the path wait, each until `pass` lets it go on. */
  hold(path: string): void
  /** Lets the request go on that has waited longest, once there is one. */
  pass(): Promise<void>
}

export async function startCuttableLink(targetUrl: string): Promise<CuttableLink> {
  const target = Number(new URL(targetUrl).port)
  const port = await freePort()
  const sockets = new Set<Socket>()
  const dead = new Set<Socket>()
  const unheard = new Set<Socket>()
  const requests: string[] = []
  const changes = createChanges()
  const held = new Map<Socket, () => void>()
  let latest = ''
  let heldPath: string | undefined
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
        held.delete(near)
        near.destroy()
        far.destroy()
      })
    }
    const isLost = () => isSwallowing || dead.has(near)
    let goesOn = Promise.resolve()
    near.on('data', async (bytes) => {
      const path = note(near, String(bytes))
      if (path !== undefined && path === heldPath) goesOn = turnOf(near)
      await goesOn
      if (!isLost()) far.write(bytes)
    })
    far.on('data', (bytes) => isLost() || unheard.has(near) || near.write(bytes))
  })

  /** Resolves when the request that has just come may go on. */
  function turnOf(near: Socket): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    held.set(near, resolve)
    changes.happened()
    return promise
  }

  /** A request begins with what a socket gives: the one before it was answered. Gives its path. */
  function note(near: Socket, text: string): string | undefined {
    latest = text
    changes.happened()
    const path = /^(?:GET|POST) (\S+) HTTP/.exec(text)?.[1]
    if (path === undefined) return undefined
    requests.push(path)
    if (path === lostPath) unheard.add(near)
    if (path === swallowedPath) dead.add(near)
    return path
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
    came: async (text) => {
      latest = ''
      await changes.until(() => latest.includes(text))
    },
    hold: (path) => {
      heldPath = path
    },
    pass: async () => {
      const [near, goOn] = await changes.until(() => [...held][0])
      held.delete(near)
      goOn()
    },
  }
}
