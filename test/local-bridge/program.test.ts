import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHttpWorker } from '../support/http-worker.ts'
import { connectReq } from '../support/req-client.ts'
import { startTestApi, type TestApi } from '../support/stui-api.ts'
import { curveFolder } from './curve-fixture.ts'
import { tokenFolder } from './identity-fixture.ts'

const MAIN = join(import.meta.dirname, '../../local-bridge/main.ts')

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], { env })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const heard = Promise.withResolvers<string>()
  child.stdout.on('data', (chunk) => {
    const endpoint = /(tcp:\/\/[\d.:]+)[^\n]*"listening"/.exec(chunk)?.[1]
    if (endpoint !== undefined) heard.resolve(endpoint)
  })
  return { child, ended, heard: heard.promise, out: text(child.stdout), err: text(child.stderr) }
}

async function finished(args: readonly string[], env: Record<string, string> = {}) {
  const { ended, out, err } = start(args, env)
  return { code: await ended, out: await out, err: await err }
}

describe('stui-bridge whoami', () => {
  it('tells people whose token it is', async () => {
    const env = { STUI_TOKEN: await api.issueToken('tessa'), STUI_API_ISSUER: api.issuer }
    const { code, out, err } = await finished(['whoami'], env)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /^Subject +user-tessa\nTeam +atelier \(member\)\nTier +free\nFeatures +.*, remote_debugger.*\nClients +every client of the team\nExpires +in 14 minutes \(2.*Z\)\n$/
    )
  })

  it('tells programs the same as one line of JSON', async () => {
    using file = tokenFolder()
    file.write(await api.issueToken('kiosk'))
    const args = ['--api-issuer', api.issuer, '--introspection-url', api.introspectionUrl]
    const { code, out } = await finished(['whoami', '--json', '--token-file', file.path, ...args])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      ...{ subject: 'user-kiosk', team: 'atelier', role: 'member', tier: 'free' },
      client_ids: ['kiosk-*', 'till'],
      features: expect.arrayContaining(['session_persistence']),
      expires_at: expect.stringMatching(/Z$/),
    })
  })

  it.each([
    ['an unknown token', 1, { STUI_TOKEN: 'unknown' }, /^The token is not good: [^\n]+\.\n$/],
    ['no token', 2, {}, /--api-issuer needs a token: [^\n]+\.\n$/],
    ['no API', 2, { STUI_API_ISSUER: '', STUI_TOKEN: 'x' }, /a token needs --api-issuer[^\n]+\n$/],
    [
      'an API that is away',
      1,
      { STUI_TOKEN: 'x', STUI_API_ISSUER: 'http://127.0.0.1:9' },
      /^Nobody could be asked: the STUI API cannot be reached; try again shortly\.\n$/,
    ],
  ])('says in one sentence what is wrong with %s', async (_, code, env, sentence) => {
    const run = await finished(['whoami'], { STUI_API_ISSUER: api.issuer, ...env })
    expect(run).toMatchObject({ code, out: '' })
    expect(run.err).toMatch(sentence)
  })
})

describe('stui-bridge run', () => {
  it('does not start with a token that is not good', async () => {
    const env = { STUI_TOKEN: 'unknown', STUI_API_ISSUER: api.issuer }
    const { code, err } = await finished(['run', '--listen', 'tcp://127.0.0.1:*'], env)
    expect(code).toBe(1)
    expect(err).toMatch(/^The STUI API refuses the token: [^\n]+\.\n$/)
  })

  it('does not start with a token file that others can read', async () => {
    using file = tokenFolder()
    file.write('abc', 0o644)
    const args = ['--api-issuer', api.issuer, '--token-file', file.path]
    const { code, err } = await finished(args)
    expect(code).toBe(1)
    expect(err).toMatch(/^The token cannot be used: the token file can be read [^\n]+\.\n$/)
  })

  it('asks for a token only where somebody can answer', async () => {
    const { code, err } = await finished(['--ask-token', '--api-issuer', api.issuer])
    expect(code).toBe(1)
    expect(err).toBe('No token was typed: --ask-token needs a terminal and an answer.\n')
  })

  it('does not start beyond loopback without keys', async () => {
    const { code, err } = await finished(['--listen', 'tcp://0.0.0.0:*'])
    expect(code).toBe(2)
    expect(err).toMatch(
      /^stui-bridge: --listen must be a loopback [^\n]+; --curve-keys [^\n]+\.\n$/
    )
  })
})

describe('stui-bridge keys', () => {
  it('makes, adds and lists keys', async () => {
    using folder = curveFolder()
    const env = { STUI_CURVE_KEYS: folder.path }
    expect(await finished(['keys', 'new-client', 'desk'], env)).toMatchObject({ code: 0, err: '' })
    expect((await finished(['keys', 'list'], env)).out).toMatch(/\n\S{40} {2}desk\n/)
    expect(await finished(['keys', 'init'], env)).toMatchObject({ code: 1, out: '' })
  })
})

describe('nothing that is printed', () => {
  it('holds the token, whatever goes wrong, nor does what the system tells of the process', async () => {
    const token = await api.issueToken('priya')
    using file = tokenFolder()
    file.write(token)
    const worker = await startHttpWorker()
    worker.behave((_, response) => void response.writeHead(401).end('{"id":1,"status":"error"}'))
    const upstream = ['--upstream', worker.url, '--log-level', 'debug']
    const { child, ended, heard, out, err } = start(
      ['--listen', 'tcp://127.0.0.1:*', ...upstream, '--token-file', file.path],
      { STUI_API_ISSUER: api.issuer }
    )
    const client = connectReq(await heard)
    const replies = [await client.ask({ id: 1, command: 'create_session', client_id: 'c' })]
    api.revoke(token)
    file.write(`${token}x`)
    for (let nth = 0; nth < 3; nth += 1) {
      replies.push(await client.ask({ id: nth, command: 'list_client_sessions', client_id: 'c' }))
    }
    const ofProcess = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    client.close()
    await worker.stop()
    const marker = token.slice(0, 24)
    expect(worker.requests[0]?.headers.authorization).toContain(marker)
    for (const said of [await out, await err, JSON.stringify(replies), ofProcess]) {
      expect(said).not.toContain(marker)
    }
  })

  const misplaced = [
    ['--token', 'SECRET'],
    ['--token=SECRET'],
    ['-token=SECRET'],
    ['--tokn=SECRET'],
    ['whoami', '--token=SECRET'],
    ['whoami', 'SECRET'],
    ['--token-file', 'SECRET', '--api-issuer', 'http://127.0.0.1:9'],
    ['--token-file', 'SECRET'],
    ['--ask-token', 'SECRET'],
    ['keys', 'add', 'x', 'SECRET', '--curve-keys', '/nowhere'],
    ['--api-issuer', 'https://x:SECRET@api.example'],
  ].map((args) => [args] as const)

  it.each(misplaced)(
    'repeats a secret that was given where it does not belong: %j',
    async (args) => {
      const { code, out, err } = await finished(args)
      expect(code).toBeGreaterThan(0)
      expect(err).toMatch(/^[^\n]+\.\n$/)
      expect(`${out}${err}`).not.toContain('SECRET')
    }
  )
})
