import { describe, expect, it } from 'vitest'
import { seededBytes } from '../support/engine-random.ts'
import { connectReq } from '../support/req-client.ts'
import { runtimesOf, startStackProcess } from '../support/stack-process.ts'
import { createWriter, type Writer } from '../support/stack-writer.ts'

const CLIENTS = 8
const UPDATES_EACH = 250
const UPDATES = CLIENTS * UPDATES_EACH
const KILLS = 5

/** A client is not slowed down here: what is looked for is lost writes, not limits. */
const NO_LIMITS = { STUI_COMMANDS_PER_MINUTE: '1000000', STUI_COMMAND_BURST: '1000000' }

/** One point in each fifth of the updates, counted in acknowledgements, the same in every run. */
function killPoints(): number[] {
  const fifth = UPDATES / KILLS
  const random = seededBytes(20261121)
  return Array.from({ length: KILLS }, (_, index) => {
    const [high = 0, low = 0] = random(2)
    return index * fifth + 1 + ((high * 256 + low) % (fifth - CLIENTS))
  })
}

const acknowledgedBy = (writers: readonly Writer[]) =>
  writers.reduce((sum, writer) => sum + writer.acknowledged(), 0)

/** All clients write at once until the stack is dead or each has written all; gives how many were caught in flight. */
async function writeUntil(
  writers: readonly Writer[],
  mayGoOn: () => boolean,
  death: Promise<void>
) {
  const caught = await Promise.all(
    writers.map(async (writer) => {
      while (mayGoOn() && writer.acknowledged() < UPDATES_EACH) {
        if (!(await writer.write(death))) return 1
      }
      return 0
    })
  )
  return caught.reduce<number>((sum, one) => sum + one, 0)
}

describe('kill -9 of the whole stack in the middle of 2,000 updates, five times', () => {
  it('loses no acknowledged update, and every client is answered afterwards', async () => {
    let stack = await startStackProcess({ env: NO_LIMITS })
    await using stacks = new AsyncDisposableStack()
    stacks.use(stack)
    const { endpoint } = stack
    const writers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => createWriter(endpoint, `client_00${index + 1}`))
    )
    // This one sends nothing while the stack is killed, and keeps its socket through all of it.
    const onlooker = connectReq(endpoint)
    let caught = 0

    for (const killPoint of killPoints()) {
      const { promise: death, resolve: died } = Promise.withResolvers<void>()
      const killed = { by: undefined as Promise<unknown> | undefined }
      const mayGoOn = () => {
        if (acknowledgedBy(writers) >= killPoint) killed.by ??= stack.kill9().then(() => died())
        return killed.by === undefined
      }
      caught += await writeUntil(writers, mayGoOn, death)
      await killed.by
      expect(runtimesOf(stack.pid)).toEqual([])
      for (const writer of writers) writer.recover()
      stack = stacks.use(await stack.again())
      await Promise.all(writers.map((writer) => writer.verify()))
      expect(await onlooker.ask({ id: killPoint, command: 'ping' })).toMatchObject({
        id: killPoint,
        status: 'success',
      })
    }

    expect(caught).toBeGreaterThan(KILLS)
    await writeUntil(writers, () => true, new Promise(() => {}))
    await Promise.all(writers.map((writer) => writer.verify()))
    expect(acknowledgedBy(writers)).toBe(UPDATES)
    for (const writer of writers) writer.close()
    onlooker.close()
    expect(await stack.stop()).toEqual({ code: 0, signal: null })
  }, 180_000)
})
