// The Rust TUI's own spellings, C and D, through a bridge whose service is away: as they asked, so they are answered.

import { describe, expect, it } from 'vitest'
import { type Dialect, heard, inDialect, type Members } from '../../support/fixtures.ts'
import { framesFor } from '../../support/image-message.ts'
import { startImage } from '../../support/image-stand-in.ts'
import { startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

/** Numbers and keys that no reader of JSON would leave as they are. */
const STATE = '{"big":9007199254740993,"zero":-0,"__proto__":1,"é":"\\u00e9"}'

/** What holds a typed request's answer: the name of the response, and its data. */
function responseIn(dialect: Dialect, reply: Members): Members {
  return dialect === 'C' ? ((reply.payload as Members).data as Members) : reply
}

describe.each(['C', 'D'] as const)('dialect %s while the service is away', (dialect) => {
  const spell = (id: string, command: string, parameters: Members) =>
    JSON.stringify(inDialect(dialect, { id, command, parameters }))

  it('works: a session is made, changed, restored, and delivered as it was spelled', async () => {
    await using stack = await startOfflineStack()
    await stack.begin(CLIENT)
    await stack.away()
    const say = async (id: string, command: string, parameters: Members, type: string) => {
      const reply = JSON.parse(await stack.send(spell(id, command, parameters)))
      expect(responseIn(dialect, reply)).toMatchObject({ response_type: type })
      if (dialect === 'C') expect(reply).toMatchObject({ id, version: '1.0.0' })
      return heard(dialect, reply)
    }
    const created = await say('c', 'create_session', { ...CLIENT, name: 'typed' }, 'CreateSession')
    expect(created.meta).toMatchObject({ persistence: 'journaled', source: 'replica' })
    const { session_id } = created.result as Members
    const change = spell('u', 'update_session_state', { session_id, state_data: 'STATE' })
    const updated = JSON.parse(await stack.send(change.replace('"STATE"', STATE)))
    expect(heard(dialect, updated)).toMatchObject({ status: 'success', result: { revision: 2 } })
    const restored = await stack.send(spell('r', 'restore_session', { session_id }))
    expect(restored).toContain(`"session_state":${STATE}`)
    await say('l', 'list_client_sessions', CLIENT, 'ListClientSessions')
    await say('p', 'ping', { message: 'there?' }, 'Ping')

    const refused = await say('s', 'get_session_statistics', {}, 'Error')
    expect(refused).toMatchObject({
      ...{ code: 'InternalError', stack_trace: null },
      details: {
        error_code: 'upstream_unavailable',
        recovery: expect.stringContaining('bridge_status'),
      },
    })
    const status = await say('b', 'bridge_status', {}, 'BridgeStatus')
    expect(status.result).toMatchObject({ uplink: { state: 'down' } })

    await stack.back()
    expect(await stack.elsewhere('get_session_info', { session_id })).toMatchObject({ revision: 2 })
    const again = await stack.send(spell('r-2', 'restore_session', { session_id }))
    expect(again).toContain(`"session_state":${STATE}`)
    expect(stack.log.of('delivery_refused')).toEqual([])
  })

  it('reaches the image as the bytes that came, and so does its answer', async () => {
    await using image = await startImage()
    const images = [{ name: 'main', address: image.address }]
    await using stack = await startOfflineStack({ images })
    const session_id = await stack.begin({ ...CLIENT, image_id: 'main' })
    await stack.away()
    const text = ` ${spell('e', 'evaluate', { code: '3 + 4', session_id })}\t`
    const [expected] = framesFor(Buffer.from(text), 'evaluate')
    expect(await stack.send(text)).toBe(String(expected))
    expect(stack.log.of('command').at(-1)).toMatchObject({ outcome: 'passed', image: 'main' })
  })
})
