// The program as it is called, with the real Worker behind it, without tokens and with them.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../../support/bridge-program.ts'
import { freePort } from '../../support/free-port.ts'
import { startHttpWorker } from '../../support/http-worker.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { startTestApi, type TestApi } from '../../support/stui-api.ts'

const HOSTILE = '\u001b[2J\u009b31m<script>\u202eevil\r\n\u001b]0;x\u0007'
const SHOWN = '‹ESC›[2J‹009B›31m<script>‹RLO›evil‹CR›‹LF›‹ESC›]0;x‹BEL›'

const ask = (url: string, args: readonly string[], env: Record<string, string> = {}) =>
  runProgram(['sessions', '--upstream', url, ...args], { env })

describe('stui-bridge sessions', () => {
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    await stack.session('ann', { image_id: 'pharo-12', name: 'Refactoring' })
    await stack.session('bob', { image_id: 'hostile', name: HOSTILE })
    await stack.session('bob', { name: '👩‍🚀'.repeat(24) })
    const session_id = await stack.session('ann', { name: 'Given up' })
    await stack.run('close_session', { session_id })
  })
  afterAll(() => stack[Symbol.asyncDispose]())
  // As bridges do, so that no report is late on a slow machine.
  beforeEach(async () => {
    const its = { name: 'Pharo 12', version: '12.0', address: 'localhost:5555', round_trip_ms: 0.6 }
    await stack.image('pharo-12', 'Connected', its)
    await stack.image('hostile', 'Connected', { name: HOSTILE, version: HOSTILE })
  })

  it('shows the sessions of the whole team by image to those whom nobody restricts', async () => {
    const { code, out, err } = await ask(stack.url, [])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.split('\n')
    expect(lines[0]).toMatch(/^ {2}CLIENT +STATE +SIZE +REV +USED +SESSION$/)
    expect(lines).toContain('Image Pharo 12  12.0  pharo-12')
    expect(out).toMatch(
      /^ {2}Connected {2}Healthy {2}0\.6 ms {2}seen \d+ s ago {2}localhost:5555$/m
    )
    expect(out).toMatch(/^ {2}ann +active 59 min \d\d s +0 B +1 +\d+ s ago {2}Refactoring$/m)
    expect(lines.indexOf('No image')).toBeGreaterThan(
      lines.indexOf('Image Pharo 12  12.0  pharo-12')
    )
    expect(lines.at(-2)).toBe('3 sessions, 2 images')
    expect((await ask(stack.url, ['--team'])).out.split('\n').at(-2)).toBe('3 sessions, 2 images')
  })

  it('shows a hostile name harmlessly', async () => {
    const { out } = await ask(stack.url, ['--client', 'bob'])
    expect(out).toContain(`Image ${SHOWN}  ${SHOWN}  hostile\n`)
    expect(out).toContain(`  ${SHOWN}\n`)
    expect(out).toContain('👩‍🚀'.repeat(24))
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Control}\u202a-\u202e]/u)
  })

  it('shows the clients that are named, with closed sessions if they are asked for', async () => {
    const ann = await ask(stack.url, ['--client', 'ann'])
    expect(ann.out).toContain('Refactoring')
    expect(ann.out).not.toMatch(/bob|Given up/)
    const all = await ask(stack.url, ['--client', 'ann', '--client', 'bob', '--all'])
    expect(all.out).toMatch(/^ {2}ann +closed .* {2}Given up$/m)
    expect(all.out).toMatch(/^ {2}bob +active /m)
    expect((await ask(stack.url, ['--client', 'nobody'])).out).toMatch(/^0 sessions, 0 images$/m)
  })

  it('gives programs the same facts as one line of JSON', async () => {
    const { code, out } = await ask(stack.url, ['--json', '--client', 'bob'])
    expect(code).toBe(0)
    expect(out).toMatch(/^[^\n\p{Control}\u202e]*\n$/u)
    const { as_of, groups } = JSON.parse(out)
    expect(as_of).toMatch(/Z$/)
    expect(groups).toMatchObject([
      {
        image_id: 'hostile',
        image: { image_name: HOSTILE, connection_status: 'Connected' },
        sessions: [{ client_id: 'bob', name: HOSTILE, status: 'active', revision: 1 }],
      },
      { image_id: 'pharo-12', image: { round_trip_ms: 0.6 }, sessions: [] },
      { image_id: '', image: null, sessions: [{ name: '👩‍🚀'.repeat(24) }] },
    ])
  })

  it('shows a hostile id of an image harmlessly', async () => {
    await stack.session('eve', { name: 'on it', image_id: HOSTILE })
    const { out } = await ask(stack.url, ['--client', 'eve'])
    expect(out).toContain(`Image ${SHOWN}\n`)
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Control}\u202a-\u202e]/u)
    const json = await ask(stack.url, ['--client', 'eve', '--json'])
    expect(json.out).toMatch(/^[^\n\p{Control}\u202e]*\n$/u)
    expect(JSON.parse(json.out).groups).toContainEqual(
      expect.objectContaining({ image_id: HOSTILE })
    )
  })

  it('shows the closed sessions of a whole team, so that they can be found and revived', async () => {
    for (const args of [['--all'], ['--team', '--all']]) {
      const { code, out } = await ask(stack.url, args)
      expect(code).toBe(0)
      expect(out).toMatch(/^ {2}ann +closed .* {2}Given up$/m)
      expect(out).toMatch(/^ {2}bob +active /m)
      expect(out.split('\n').at(-2)).toBe('5 sessions, 3 images')
    }
  })
})

describe('stui-bridge sessions with a token', () => {
  let api: TestApi
  let stack: PanelStack
  const as = async (user: Parameters<TestApi['issueToken']>[0], ...args: readonly string[]) => {
    const STUI_TOKEN = await api.issueToken(user)
    return ask(stack.url, args, { STUI_TOKEN, STUI_API_ISSUER: api.issuer })
  }

  beforeAll(async () => {
    api = await startTestApi()
    stack = await startPanelStack({ api })
    await stack.session('till', { name: 'Till' }, 'kiosk')
    await stack.session('priya', { name: 'Own' }, 'priya')
  })
  afterAll(async () => {
    await stack[Symbol.asyncDispose]()
    await api.stop()
  })

  it('shows an admin the team, and others the clients that their token names', async () => {
    const { out } = await as('enzo')
    expect([out.includes('Till'), out.includes('Own')]).toEqual([true, true])
    const kiosk = await as('kiosk')
    expect(kiosk.out).toContain('Till')
    expect(kiosk.out).not.toContain('Own')
  })

  it('asks for a client where the token names none', async () => {
    const { code, err } = await as('priya')
    expect(code).toBe(1)
    expect(err).toBe('The token is for every client of the team: name one with --client.\n')
    expect((await as('priya', '--client', 'priya')).out).toContain('Own')
  })

  it('tells a member that the team is for admins, in words and as JSON', async () => {
    const { code, err } = await as('priya', '--team')
    expect(code).toBe(1)
    expect(err).toMatch(/^[^\n]*scope team is for admins of the whole team[^\n]*\n$/)
    const json = await as('priya', '--team', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out).error).toContain('scope team is for admins')
    const watched = await as('priya', '--team', '--watch')
    expect({ code: watched.code, err: watched.err }).toEqual({ code: 1, err })
  })

  it('says in one sentence that a token is not good, and shows no part of it', async () => {
    const env = { STUI_TOKEN: 'SECRET-SECRET', STUI_API_ISSUER: api.issuer }
    const { code, out, err } = await ask(stack.url, [], env)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^The token is not good: [^\n]+\.\n$/)
    expect(err).not.toContain('SECRET')
  })

  it('says that a service which wants a token was sent none', async () => {
    const { code, err } = await ask(stack.url, [])
    expect(code).toBe(1)
    expect(err).toMatch(/^[^\n]+\n$/)
  })
})

describe('stui-bridge sessions without a service', () => {
  it('says that nobody answers, and what to look at', async () => {
    const { code, out, err } = await ask(`http://127.0.0.1:${await freePort()}`, [])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe(
      'The service cannot be asked: no connection (ECONNREFUSED); look at --upstream, or try again shortly.\n'
    )
  })

  it('shows the words of something hostile in its place harmlessly', async () => {
    const worker = await startHttpWorker()
    const error = `No.${HOSTILE}`
    worker.behave((_, response) => {
      const reply = {
        id: null,
        status: 'error',
        error,
        error_type: 'Error',
        error_code: 'forbidden',
      }
      response.end(JSON.stringify(reply))
    })
    expect((await ask(worker.url, [])).err).toBe(`No.${SHOWN}\n`)
    worker.behave((_, response) => void response.end('{"status":"success","result":{}}'))
    expect((await ask(worker.url, [])).err).toMatch(/^The service gave an answer that this program/)
    worker.behave((_, response) => void response.end('<html>'))
    expect((await ask(worker.url, [])).err).toMatch(/is not one of the session service; look at /)
    await worker.stop()
  })
})
