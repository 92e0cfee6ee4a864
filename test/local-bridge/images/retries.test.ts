import { describe, expect, it } from 'vitest'
import { Dealer } from 'zeromq'
import { IMAGE_LIMITS, type ImageLimits } from '../../../local-bridge/images/image-limits.ts'
import { framesFor } from '../../support/image-message.ts'
import { type ImageStandIn, startImage } from '../../support/image-stand-in.ts'
import { readReply } from '../../support/reply.ts'
import { connectReq } from '../../support/req-client.ts'
import { runBridgeBefore } from '../../support/running-bridge.ts'

const evaluate = (id: unknown, parameters: object = {}) =>
  JSON.stringify({ id, command: 'evaluate', parameters })

const answerTo = (text: string) => framesFor(Buffer.from(text), 'evaluate')[0]

const behind = (main: ImageStandIn, limits: Partial<ImageLimits> = {}) =>
  runBridgeBefore({ main }, limits)

/** Answers no message that asks to be held before it is released. */
const HELD = { held: true }

/** Long for a message that is executed, and short for a test that waits for it to be over. */
const ANSWER_MS = 1500

const QUESTION = { id: 's', command: 'bridge_status' }

describe('an image that takes its time', () => {
  it('has 4.5 s, half a second less than a REQ client', () => {
    expect(IMAGE_LIMITS.answerMs).toBe(4500)
    expect(IMAGE_LIMITS.keptMs).toBe(30_000)
  })

  it('executes a message once that arrives again meanwhile, also from a new connection', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const clients = [1, 2, 3].map(() => connectReq(running.endpoint))
    const onlooker = connectReq(running.endpoint)
    for (const client of [...clients, onlooker]) await client.ask(QUESTION)
    const text = evaluate('slow', HELD)
    const sent = clients.map((client) => client.send(text))
    await image.executed('slow')
    // The answer to somebody else shows that the bridge has read what there was to read.
    await onlooker.ask(QUESTION)
    image.release('slow')
    const replies = await Promise.all(sent)
    onlooker.close()
    for (const reply of replies) expect(reply).toEqual(answerTo(text))
    for (const client of clients) client.close()
    expect([...image.executions()]).toEqual([['"slow"', 1]])
    const [first, ...joined] = running.log.of('command').filter((event) => event.image)
    expect(joined.map((event) => event.joined)).toEqual([first?.request_id, first?.request_id])
  })

  it('is told as timeout, and the same message again gets the answer without being executed again', async () => {
    await using image = await startImage()
    await using running = await behind(image, { answerMs: 200 })
    const client = connectReq(running.endpoint)
    const text = evaluate('late', HELD)
    expect(readReply(await client.send(text))).toMatchObject({
      id: 'late',
      error_code: 'timeout',
      details: { after_ms: 200 },
    })
    image.release('late')
    await running.log.nth('late_outcome', 1)
    for (const endpoint of [running.endpoint, running.endpoint]) {
      const retry = connectReq(endpoint)
      expect(await retry.send(text)).toEqual(answerTo(text))
      retry.close()
    }
    client.close()
    expect([...image.executions()]).toEqual([['"late"', 1]])
  })

  it('keeps the answer of a client that went away for its retry', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const text = evaluate('impatient', HELD)
    const gone = new Dealer({ linger: 0 })
    gone.connect(running.endpoint)
    await gone.send(['', text])
    await image.executed('impatient')
    gone.close()
    const retry = connectReq(running.endpoint)
    await expect.poll(() => retry.ask(QUESTION)).toMatchObject({ result: { clients: 1 } })
    image.release('impatient')
    await running.log.nth('reply_dropped', 1)
    expect(await retry.send(text)).toEqual(answerTo(text))
    retry.close()
    expect([...image.executions()]).toEqual([['"impatient"', 1]])
  })

  it('executes a message with a unique id once, also if its answer was given and got lost', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const id = crypto.randomUUID()
    const replies: Buffer[] = []
    const texts = [evaluate(id), evaluate(id), evaluate('again'), evaluate('again')]
    for (const text of texts) {
      const client = connectReq(running.endpoint)
      replies.push(await client.send(text))
      client.close()
    }
    expect(replies).toEqual(texts.map(answerTo))
    // Who uses one id for everything evaluates again, and wants to.
    expect([...image.executions()]).toEqual([
      [JSON.stringify(id), 1],
      ['"again"', 2],
    ])
  })

  it('keeps what nobody has heard, however many answers are given meanwhile', async () => {
    await using image = await startImage()
    await using running = await behind(image, { answerMs: 200, kept: 2 })
    const client = connectReq(running.endpoint)
    const text = evaluate('late', HELD)
    expect(readReply(await client.send(text))).toMatchObject({ error_code: 'timeout' })
    image.release('late')
    await running.log.nth('late_outcome', 1)
    for (let nth = 0; nth < 5; nth += 1) await client.send(evaluate(crypto.randomUUID()))
    expect(await client.send(text)).toEqual(answerTo(text))
    client.close()
    expect(image.executions().get('"late"')).toBe(1)
  })

  it('never sees a message that was given up while it waited for its turn', async () => {
    await using image = await startImage()
    await using running = await behind(image, { answerMs: ANSWER_MS })
    const first = connectReq(running.endpoint)
    const second = connectReq(running.endpoint)
    const busy = first.send(evaluate('busy', HELD))
    await image.executed('busy')
    const waiting = readReply(await second.send(evaluate('waiting')))
    expect(waiting).toMatchObject({
      error_code: 'image_unreachable',
      details: { image: 'main', may_have_run: false },
    })
    expect(waiting.error).toContain('working on an earlier request')
    await busy
    image.release('busy')
    await running.log.nth('late_outcome', 1)
    expect(await second.send(evaluate('after'))).toEqual(answerTo(evaluate('after')))
    first.close()
    second.close()
    expect([...image.executions().keys()]).toEqual(['"busy"', '"after"'])
  })

  it('executes equal messages without an id each time they are meant', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const client = connectReq(running.endpoint)
    for (let nth = 0; nth < 3; nth += 1) await client.send('{"command":"evaluate","code":"1"}')
    client.close()
    expect([...image.executions()]).toEqual([['null', 3]])
  })

  it('executes a message with the same id again once its first answer has been heard', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const client = connectReq(running.endpoint)
    for (let nth = 0; nth < 2; nth += 1) await client.send(evaluate('1'))
    client.close()
    expect([...image.executions()]).toEqual([['"1"', 2]])
  })

  it('has a bounded number of requests waiting; further ones are refused', async () => {
    await using image = await startImage()
    await using running = await behind(image, { requests: 1 })
    const clients = [1, 2, 3].map(() => connectReq(running.endpoint))
    const [first, second, third] = clients
    const busy = first?.send(evaluate('busy', HELD))
    await image.executed('busy')
    const asked = [second, third].map((client, nth) => client?.ask({ id: nth, command: 'x_y_z' }))
    expect(await Promise.race(asked)).toMatchObject({ error_code: 'rate_limited' })
    image.release('busy')
    const replies = await Promise.all(asked.map((reply) => reply?.catch(() => undefined)))
    expect(replies.filter((reply) => reply?.error_code === 'rate_limited')).toHaveLength(1)
    await busy
    for (const client of clients) client.close()
  })
})

describe('an image that dies', () => {
  it('leaves the outcome of its request unknown, and no retry executes it again', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const client = connectReq(running.endpoint)
    const quit = '{"id":"q","command":"quit"}'
    expect(readReply(await client.send(quit))).toMatchObject({
      id: 'q',
      error_code: 'image_unreachable',
      details: { image: 'main', may_have_run: true },
    })
    expect(running.log.of('image_down')).toMatchObject([{ image: 'main', in_flight: true }])
    await image.start()
    await running.log.nth('image_up', 2)
    expect(readReply(await client.send(quit))).toMatchObject({ details: { may_have_run: true } })
    expect(await client.send(evaluate('next'))).toEqual(answerTo(evaluate('next')))
    client.close()
    expect([...image.executions()]).toEqual([
      ['"q"', 1],
      ['"next"', 1],
    ])
  })

  it('does not find the requests that waited for it when it is back', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const clients = [1, 2, 3].map(() => connectReq(running.endpoint))
    const [first, ...others] = clients
    const busy = first?.send(evaluate('busy', HELD))
    await image.executed('busy')
    const waiting = others.map((client, nth) => client.send(evaluate(`waiting-${nth}`)))
    await image.kill()
    for (const reply of await Promise.all(waiting)) {
      expect(readReply(reply)).toMatchObject({
        error_code: 'image_unreachable',
        details: { may_have_run: false },
      })
    }
    expect(readReply((await busy) ?? '')).toMatchObject({ details: { may_have_run: true } })
    await image.start()
    await running.log.nth('image_up', 2)
    await first?.send(evaluate('next'))
    for (const client of clients) client.close()
    expect([...image.executions().keys()]).toEqual(['"busy"', '"next"'])
  })
})

describe('an answer beyond 10 MiB', () => {
  it('is not taken; the outcome is unknown and the next request works', async () => {
    await using image = await startImage()
    await using running = await behind(image)
    const client = connectReq(running.endpoint)
    const much = (id: string, bytes: number) =>
      JSON.stringify({ id, command: 'print_much', parameters: { bytes } })
    const limit = 10 * 1024 * 1024
    expect(readReply(await client.send(much('too much', limit + 1)))).toMatchObject({
      error_code: 'image_unreachable',
      details: { may_have_run: true },
    })
    expect(await client.send(much('much', limit))).toHaveLength(limit)
    client.close()
  })
})
