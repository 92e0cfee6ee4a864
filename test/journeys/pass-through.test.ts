// A developer's evaluate and inspect go through the bridge to an image that lives, dies, freezes and comes back.

import { describe, expect, it } from 'vitest'
import type { ImageLimits } from '../../local-bridge/images/image-limits.ts'
import { framesFor } from '../support/image-message.ts'
import { type ImageStandIn, startImage } from '../support/image-stand-in.ts'
import { readReply } from '../support/reply.ts'
import { connectReq } from '../support/req-client.ts'
import { askWithRetries } from '../support/retrying-client.ts'
import { runBridgeBefore } from '../support/running-bridge.ts'

const behind = (main: ImageStandIn, limits: Partial<ImageLimits> = {}) =>
  runBridgeBefore({ main }, limits)

const evaluate = (id: string, parameters: object = {}) =>
  JSON.stringify({ id, command: 'evaluate', parameters })

const isAnswerTo = (text: string, reply: Buffer) =>
  framesFor(Buffer.from(text), 'evaluate')[0]?.equals(reply) === true

/** Messages as people and programs write them: spaces, any Unicode, numbers that no reader would keep. */
function message(nth: number): string {
  const id = `m-${nth}`
  const code = `'${'äé漢😀 '.repeat(nth % 40)}' size + ${nth}`
  const kinds = [
    ` {"id" : "${id}",\n "command":"evaluate", "parameters":{"code":${JSON.stringify(code)}}}\t`,
    `{"id":"${id}","command":"inspect","parameters":{"object_id":9007199254740993,"x":-0,"__proto__":1}}`,
    `{"id":"${id}","command":"evaluate","code":${JSON.stringify(code)},"e":1E400}`,
    `{"id":"${id}","payload":{"type":"Request","data":{"request_type":"InspectObject","params":{}}}}`,
  ]
  return kinds[nth % kinds.length] ?? ''
}

const MESSAGES = 10_000
const CLIENTS = 8

describe('10,000 messages to an image', () => {
  it('and their answers pass byte for byte, and each message is executed once', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const clients = Array.from({ length: CLIENTS }, () => connectReq(running.endpoint))
    const wrong: string[] = []
    await Promise.all(
      clients.map(async (client, first) => {
        for (let nth = first; nth < MESSAGES; nth += CLIENTS) {
          const text = message(nth)
          if (!isAnswerTo(text, await client.send(text))) wrong.push(text)
        }
      })
    )
    for (const client of clients) client.close()
    expect(wrong).toEqual([])
    const counts = image.executions()
    expect(counts.size).toBe(MESSAGES)
    expect([...counts.values()].filter((count) => count !== 1)).toEqual([])
  })
})

describe('an image that is killed, frozen and started again while clients work', () => {
  it('executes no request twice, and no client is stuck', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const { log, endpoint } = running
    const outcomes = new Map<string, string>()
    let isOver = false

    async function work(client: number): Promise<void> {
      for (let nth = 0; !isOver; nth += 1) {
        const text = evaluate(`${client}-${nth}`, { delay_ms: 5 })
        const { reply } = await askWithRetries(endpoint, text)
        const said = isAnswerTo(text, reply) ? 'answered' : readReply(reply)
        const outcome = typeof said === 'string' ? said : JSON.stringify(said.details)
        outcomes.set(JSON.stringify(`${client}-${nth}`), outcome)
      }
    }

    const working = Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)))
    await image.executed('0-3')
    await image.kill()
    await log.nth('image_down', 1)
    await image.start()
    await log.nth('image_up', 2)
    await log.nth('command', log.of('command').length + 20)
    image.freeze()
    await log.nth('image_down', 2)
    image.thaw()
    await log.nth('image_up', 3)
    await log.nth('command', log.of('command').length + 20)
    isOver = true
    await working

    const counts = image.executions()
    expect([...counts].filter(([, count]) => count !== 1)).toEqual([])
    for (const [id, outcome] of outcomes) {
      if (outcome === 'answered') expect(counts.get(id)).toBe(1)
      if (outcome.includes('"may_have_run":false')) expect(counts.has(id)).toBe(false)
    }
    const text = evaluate('afterwards')
    expect(isAnswerTo(text, (await askWithRetries(endpoint, text)).reply)).toBe(true)
  })
})

describe('a plain REQ client with a timeout of 5 s and 3 retries', () => {
  it('gets a reply from a frozen image at its first attempt, and a right one when it is back', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    await askWithRetries(running.endpoint, evaluate('before'))
    image.freeze()
    const asked = await askWithRetries(running.endpoint, evaluate('frozen'))
    expect(asked.attempts).toBe(1)
    expect(readReply(asked.reply)).toMatchObject({
      error_type: 'RuntimeError',
      error_code: 'image_unreachable',
      details: { may_have_run: true },
    })
    const during = await askWithRetries(running.endpoint, evaluate('during'))
    expect(readReply(during.reply)).toMatchObject({ details: { may_have_run: false } })
    image.thaw()
    await running.log.nth('image_up', 2)
    const text = evaluate('after')
    const { reply, attempts } = await askWithRetries(running.endpoint, text)
    expect(attempts).toBe(1)
    expect(isAnswerTo(text, reply)).toBe(true)
    const again = await askWithRetries(running.endpoint, evaluate('frozen'))
    expect(readReply(again.reply)).toMatchObject({ details: { may_have_run: true } })
    const counts = image.executions()
    expect(counts.get('"frozen"') ?? 0).toBeLessThanOrEqual(1)
    expect(counts.has('"during"')).toBe(false)
  })

  it('gets the answer of a long evaluation, which runs once however often it is asked for', async () => {
    await using image = await startImage()
    await using running = await behind(image, { answerMs: 1500 })
    const text = evaluate('long', { held: true })
    const first = await askWithRetries(running.endpoint, text)
    expect(first.attempts).toBe(1)
    expect(readReply(first.reply)).toMatchObject({ error_code: 'timeout' })
    image.release('long')
    const second = await askWithRetries(running.endpoint, text)
    expect(isAnswerTo(text, second.reply)).toBe(true)
    // An id that nobody repeats: its answer and its retry may cross.
    const id = crypto.randomUUID()
    const impatient = evaluate(id, { held: true })
    const third = await askWithRetries(running.endpoint, impatient, {
      ...{ timeoutMs: 500, retries: 1000 },
      onRetry: () => image.release(id),
    })
    expect(third.attempts).toBeGreaterThan(1)
    expect(isAnswerTo(impatient, third.reply)).toBe(true)
    expect([...image.executions()]).toEqual([
      ['"long"', 1],
      [JSON.stringify(id), 1],
    ])
  })
})
