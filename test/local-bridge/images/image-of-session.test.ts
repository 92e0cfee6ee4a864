// Code never runs in the wrong image: which one a session works on is known, or nothing is executed.

import { describe, expect, it } from 'vitest'
import { type ImageStandIn, startImage } from '../../support/image-stand-in.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

const evaluate = (id: string, parameters: object) =>
  JSON.stringify({ id, command: 'evaluate', parameters: { code: '3 + 4', ...parameters } })

async function startTwo() {
  const [a, b] = await Promise.all([startImage(), startImage()])
  const images = [
    { name: 'a', address: a.address },
    { name: 'b', address: b.address },
  ]
  const stack = await startOfflineStack({ images })
  return {
    ...{ a, b, stack },
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]()
      await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()])
    },
  }
}

const executed = ({ executions }: ImageStandIn) => [...executions().keys()]

const asked = async ({ send }: OfflineStack, id: string, parameters: object) =>
  JSON.parse(await send(evaluate(id, parameters)))

describe('the image of a session, behind a bridge with several', () => {
  it('is still known after a restart, with the service and without it', async () => {
    await using two = await startTwo()
    const { a, b, stack } = two
    const session_id = await stack.begin({ ...CLIENT, image_id: 'b' })
    await stack.restartBridge()
    await stack.send(evaluate('up', { session_id }))
    await stack.restartBridge(() => stack.link.cut())
    await stack.send(evaluate('down', { session_id }))
    expect([executed(a), executed(b)]).toEqual([[], ['"up"', '"down"']])
  })

  it('is the first one for a session that is known to have none', async () => {
    await using two = await startTwo()
    const { a, b, stack } = two
    const session_id = await stack.begin(CLIENT)
    await stack.restartBridge()
    await stack.send(evaluate('none', { session_id }))
    expect([executed(a), executed(b)]).toEqual([['"none"'], []])
  })

  it('is not guessed for a session that nobody here knows: the refusal says how to tell it', async () => {
    await using two = await startTwo()
    const { a, b, stack } = two
    const { session_id } = await stack.elsewhere('create_session', { ...CLIENT, image_id: 'b' })
    const refused = await asked(stack, 'unknown', { session_id })
    expect(refused).toMatchObject({
      id: 'unknown',
      error_code: 'image_unreachable',
      details: { choices: ['a', 'b'], may_have_run: false },
      recovery: [{ command: 'bridge_status' }],
    })
    expect(refused.error).toContain('several images are behind this bridge (a, b)')
    expect(refused.error).toContain('name one with image_id')
    expect([executed(a), executed(b)]).toEqual([[], []])
    await stack.send(evaluate('named', { session_id, image_id: 'a' }))
    await stack.run('get_session_info', { session_id })
    await stack.send(evaluate('told', { session_id }))
    expect([executed(a), executed(b)]).toEqual([['"named"'], ['"told"']])
  })
})

describe('the image of a session, behind a bridge with one', () => {
  it('is that one, whether the session is known or not', async () => {
    await using image = await startImage()
    const images = [{ name: 'main', address: image.address }]
    await using stack = await startOfflineStack({ images })
    const { session_id } = await stack.elsewhere('create_session', CLIENT)
    await stack.send(evaluate('only', { session_id }))
    expect(executed(image)).toEqual(['"only"'])
  })
})
