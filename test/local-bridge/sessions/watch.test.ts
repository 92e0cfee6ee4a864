// The list that stays, with the real Worker behind it: in this process with a screen that keeps what is drawn, and as the
// program that Ctrl-C ends.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAsk } from '../../../local-bridge/sessions/ask.ts'
import { showLive } from '../../../local-bridge/sessions/live-view.ts'
import { createLoader } from '../../../local-bridge/sessions/load.ts'
import type { Scope } from '../../../local-bridge/sessions/scope.ts'
import { createScreen, type Output } from '../../../local-bridge/sessions/screen.ts'
import { systemTimer } from '../../../local-bridge/timer.ts'
import { createUpstream } from '../../../local-bridge/upstream.ts'
import { systemClock } from '../../../src/clock.ts'
import { createChanges } from '../../support/changes.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

const HOSTILE = '\u001b[2J<script>\u202eevil'
const SHOWN = '‹ESC›[2J<script>‹RLO›evil'

let stack: PanelStack
let clients = 0
let client_id: string

beforeAll(async () => {
  stack = await startPanelStack()
})
afterAll(() => stack[Symbol.asyncDispose]())
beforeEach(() => {
  clients += 1
  client_id = `client_${clients}`
})

/** A terminal, or a pipe, that keeps what is written. */
function createPaper(isTTY: boolean) {
  const written: string[] = []
  const changes = createChanges()
  const output: Output = {
    ...{ isTTY, columns: 90, rows: 12 },
    write: (text: string) => {
      written.push(text)
      changes.happened()
    },
  }
  return {
    output,
    /** Resolves with the first writing from now on, or of those before, that matches. */
    until: (pattern: RegExp) => changes.until(() => written.find((text) => pattern.test(text))),
  }
}

type Asked = { readonly scope?: Scope; readonly json?: boolean; readonly url?: string }

function live(isTTY: boolean, asked: Asked = {}) {
  const { json = false, url = stack.url } = asked
  const { scope = { kind: 'clients', ids: [client_id] } } = asked
  const paper = createPaper(isTTY)
  const upstream = createUpstream({ url })
  const parts = { clock: systemClock, timer: systemTimer, chance: () => 0.5 }
  const told = Promise.withResolvers<void>()
  const loader = createLoader({
    ...{ ...parts, scope, closed: false },
    ask: createAsk(upstream, systemClock),
  })
  const ended = showLive({
    ...{ ...parts, url, identity: undefined, scope, loader, json, closed: false },
    screen: createScreen(paper.output, false),
    toldToStop: told.promise,
  })
  const end = async () => {
    told.resolve()
    const sentence = await ended
    await upstream.close()
    return sentence
  }
  return { ...paper, end }
}

describe('the list that stays', () => {
  it('is drawn anew in its place when somebody creates, changes and closes a session', async () => {
    const { until, end } = live(true)
    await until(/0 sessions/)
    const session_id = await stack.session(client_id, { name: HOSTILE })
    const drawn = await until(/1 session,/)
    expect(drawn).toContain(`${SHOWN}\u001b[K\n`)
    expect(drawn.startsWith('\u001b[H')).toBe(true)
    expect(drawn.endsWith('\u001b[J')).toBe(true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor is what it is about
    expect(drawn.replace(/\u001b\[[HKJ]|\n/g, '')).not.toMatch(/\p{Control}/u)
    await stack.run('update_session_state', { session_id, state_data: { n: 1 } })
    await until(/active .* 2 +\d+ s ago/)
    await stack.run('close_session', { session_id })
    await until(/0 sessions, [\s\S]*live/)
    expect(await end()).toBeUndefined()
  })

  it('keeps to the rows of the terminal, and says how much is hidden', async () => {
    for (let n = 0; n < 12; n += 1) await stack.session(client_id)
    const { until, end } = live(true)
    const drawn = await until(/more lines/)
    expect(drawn.split('\n').length - 1).toBeLessThan(12)
    expect(drawn).toMatch(/… \d+ more lines/)
    await end()
  })

  it('is a line for each change where nothing can be drawn anew', async () => {
    const { until, end } = live(false)
    await until(/^0 sessions/m)
    const session_id = await stack.session(client_id, { name: HOSTILE })
    expect(await until(/created/)).toMatch(
      new RegExp(`^\\S+Z {2}created +${client_id} {2}revision 1, 0 B {2}`)
    )
    expect(await until(/created/)).toContain(SHOWN)
    await stack.run('close_session', { session_id })
    await until(/^\S+Z {2}closed /)
    await end()
  })

  it('is of the whole team for admins, and tells when an image comes', async () => {
    const { until, end } = live(false, { scope: { kind: 'team' } })
    await until(/sessions?, /)
    await stack.image('lab', 'Disconnected', { name: HOSTILE })
    await stack.session(client_id, { image_id: 'lab' })
    await until(new RegExp(`created +${client_id}`))
    await stack.image('lab', 'Connected', { name: HOSTILE })
    expect(await until(/Connected +image/)).toContain(SHOWN)
    await end()
  })

  it('tells that an image was started anew, also while it is as connected as before', async () => {
    const image_id = `anew-${client_id}`
    await stack.image(image_id, 'Connected', { name: HOSTILE, epoch: 'first' })
    await stack.session(client_id, { image_id })
    const { until, end } = live(false)
    await until(/^1 session, /m)
    await stack.image(image_id, 'Connected', { name: HOSTILE, epoch: 'second' })
    expect(await until(/^\S+Z {2}Restarted +image {2}/m)).toContain(SHOWN)
    await end()
  })

  it('tells those who look at a client when an image comes and when time alone takes it away', async () => {
    await using own = await startPanelStack()
    await own.image('quiet', 'Disconnected', { name: 'Quiet' })
    await own.session(client_id, { image_id: 'quiet' })
    const { until, end } = live(false, { url: own.url })
    await until(/^1 session, 1 image/m)
    await own.image('quiet')
    await until(/^\S+Z {2}Connected +image {2}Quiet$/m)
    await own.advance(31_000)
    await own.image('other')
    await until(/^\S+Z {2}Disconnected +image {2}Quiet$/m)
    await end()
  })

  it('is a line of JSON for each event for programs, after one with the list', async () => {
    const { until, end } = live(false, { json: true })
    expect(JSON.parse(await until(/sessions\.listed/)).groups).toEqual(expect.any(Array))
    const session_id = await stack.session(client_id, { name: HOSTILE })
    expect(JSON.parse(await until(/session\.created/))).toMatchObject({
      ...{ type: 'session.created', sequence: 1, subject: session_id },
      data: { client_id, status: 'active' },
    })
    await end()
  })

  it('says that the service is away, and goes on when it is there again', async () => {
    await using own = await startPanelStack()
    const { until, end } = live(false, { url: own.url })
    await until(/^0 sessions/m)
    await own.down()
    await until(/cannot be heard/)
    await own.up()
    await until(/there again/)
    expect(await end()).toBeUndefined()
  })
})

describe('a service that is away at the start', () => {
  it.each([true, false])('is waited for (on a terminal: %s)', async (isTTY) => {
    await using own = await startPanelStack()
    await own.down()
    const { until, end } = live(isTTY, { url: own.url })
    expect(await until(/cannot be asked: no connection/)).not.toContain('0 sessions')
    await own.up()
    await until(/^0 sessions|0 sessions, 0 images/)
    expect(await end()).toBeUndefined()
  })
})

describe('stui-bridge sessions --watch', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with exit code 0 by %s', async (signal) => {
    const main = join(import.meta.dirname, '../../../local-bridge/main.ts')
    const args = ['sessions', '--watch', '--upstream', stack.url, '--client', client_id]
    const child = spawn(process.execPath, [main, ...args], { env: {} })
    const ended = once(child, 'exit')
    for await (const line of createInterface({ input: child.stdout })) {
      if (/^\d+ sessions?, /.test(line)) child.kill(signal)
    }
    expect(await ended).toEqual([0, null])
  })

  it('ends when nobody reads any more', async () => {
    const main = join(import.meta.dirname, '../../../local-bridge/main.ts')
    const args = ['sessions', '--watch', '--upstream', stack.url, '--client', client_id]
    const child = spawn(process.execPath, [main, ...args], { env: {} })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    child.stdout.destroy()
    await stack.session(client_id)
    expect(await ended).toEqual([0, null])
  })
})
