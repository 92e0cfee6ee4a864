import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { readImageAddress } from '../../../local-bridge/images/image-address.ts'
import { type ImageSocket, openImageSocket } from '../../../local-bridge/images/image-socket.ts'
import { freePort } from '../../support/free-port.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

it('does nothing more once it is closed, whatever libzmq still tells of the time before', async () => {
  const timer = createManualTimer()
  const address = readImageAddress(`127.0.0.1:${await freePort()}`)
  if (address === undefined) throw new Error('no address')
  let socket: ImageSocket | undefined
  const told: string[] = []
  await new Promise<void>((resolve) => {
    const down = (why: string) => {
      told.push(why)
      socket?.close()
      resolve()
    }
    socket = openImageSocket(address, { up() {}, down, answer() {} }, timer)
  })
  for (let rest = 0; rest < 50; rest += 1) await turn()
  expect(told).toEqual(['nobody listens at its address'])
  expect(timer.pending()).toBe(0)
})
