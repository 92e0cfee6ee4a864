import { rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { startBridge } from '../../../local-bridge/start-bridge.ts'
import { startHttpWorker } from '../../support/http-worker.ts'
import { ask } from '../../support/stack-messages.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const UUID = '0190a6b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b'

const create = { command: 'create_session', parameters: { client_id: 'desk', name: 'made once' } }

const LASTING = [
  ['an idempotency key', { id: 1, idempotency_key: 'k', ...create }],
  ['a unique message id', { id: UUID, ...create }],
] as const

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** The delivery ids of a message that goes to a bridge of this folder, twice, with a restart in between. */
async function deliveryIds(folder: string, message: object) {
  const worker = await startHttpWorker()
  for (let starts = 0; starts < 2; starts += 1) {
    const replica = { folder, service: 'the same' }
    const listen = 'tcp://127.0.0.1:*'
    const bridge = await startBridge({ listen, upstream: worker.url, replica, log: () => {} })
    await ask(bridge.endpoint, message)
    await bridge.stop()
  }
  await worker.stop()
  const sent = worker.requests.filter(({ path }) => path === '/v1/messages')
  return sent
    .filter(({ body }) => String(body).includes(create.parameters.name))
    .map(({ headers }) => String(headers['x-delivery-id']))
}

describe('the delivery id', () => {
  it.each(LASTING)(
    'of a message with %s is the same after a restart, and of one folder',
    async (_, m) => {
      folders.push(temporaryFolder(), temporaryFolder())
      const [one = '', other = ''] = folders
      const [before, after] = await deliveryIds(one, m)
      expect(after).toBe(before)
      const again = await deliveryIds(one, { ...m, command: 'update_session_state' })
      const elsewhere = await deliveryIds(other, m)
      expect(new Set([before, ...again, ...elsewhere]).size).toBe(3)
    }
  )

  it('of a message with a plain id is a new one', async () => {
    folders.push(temporaryFolder())
    const ids = await deliveryIds(folders[0] ?? '', { id: 'create-001', ...create })
    expect(new Set(ids).size).toBe(2)
  })
})
