// The stack with tokens, by the lines that people read: those of the README and those that it prints itself.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { leaked } from '../support/identity-stack.ts'
import { ask, create } from '../support/stack-messages.ts'
import { type StackProcess, startStackProcess } from '../support/stack-process.ts'
import { runLine, runProgram } from '../support/stack-program.ts'

const README = join(import.meta.dirname, '../../README.md')

/** A stack with tokens on free ports. */
function startWithTokens(
  more: readonly string[] = [],
  options: Partial<Parameters<typeof startStackProcess>[0]> = {}
) {
  return startStackProcess({ ...options, args: ['--auth', '--api-port', '0', ...more] })
}

const issuerOf = (stack: StackProcess) => /Tokens +(\S+),/.exec(stack.output())?.[1] ?? ''

/** The lines of the README's section, as somebody with these ports and this folder would type them. */
function readmeLines(stack: StackProcess): string[] {
  const [, section = ''] = readFileSync(README, 'utf8').split('\n## With tokens\n')
  const [, start = '', , lines = ''] = section.split('\n## ')[0]?.split('```') ?? []
  expect(start.trim()).toBe('npm start -- --auth')
  return lines
    .trim()
    .replaceAll('http://127.0.0.1:8787', stack.url)
    .replaceAll('http://127.0.0.1:8789', issuerOf(stack))
    .replaceAll('.stui/', `${stack.data}/`)
    .split('\n')
}

const mayDebug = (client_id: string) => ({
  command: 'validate_feature_access',
  client_id,
  feature: 'remote_debugger',
})

/** A token of the user, by the stack's own program. */
async function tokenOf(user: string, { data }: StackProcess): Promise<string> {
  const { code, stdout } = await runProgram('token.ts', [user, '--data', data])
  expect(code).toBe(0)
  return stdout.trim()
}

/** What the Worker answers over HTTP. */
async function overHttp(url: string, message: object, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const body = JSON.stringify(message)
  const response = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body })
  return { status: response.status, reply: await response.json() }
}

describe('npm start -- --auth', () => {
  it('gives a token of each tier and decides by it, as the lines of the README show', async () => {
    await using stack = await startWithTokens()
    const told: string[] = []
    for (const line of readmeLines(stack)) {
      const { code, stdout, stderr } = await runLine(line, { STUI_DATA: stack.data })
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' })
      told.push(stdout)
    }
    const [frida, priya, enzo, denied = '', granted = '', whoami] = told
    expect(frida).toMatch(/^Wrote a token of frida \(free\), good for 15 minutes\.\n$/)
    expect(priya).toContain('priya (pro)')
    expect(enzo).toContain('enzo (enterprise)')
    expect(JSON.parse(denied)).toMatchObject({
      result: { access_granted: false, subscription_tier: 'free', required_tier: 'pro' },
    })
    expect(JSON.parse(granted)).toMatchObject({
      result: { access_granted: true, subscription_tier: 'pro' },
    })
    expect(whoami).toMatch(/^Subject +user-enzo\n[\s\S]*Tier +enterprise\n/)
    for (const user of ['frida', 'priya', 'enzo']) {
      expect(statSync(join(stack.data, `${user}.token`)).mode & 0o777).toBe(0o600)
    }
  })

  it('prints lines that work just as they stand', async () => {
    await using stack = await startWithTokens()
    const lines = [...stack.output().matchAll(/^ +(npm run .*)$/gm)].map(([, line = '']) => line)
    const told: string[] = []
    for (const line of lines) told.push((await runLine(line)).stdout)
    expect(told).toEqual([
      expect.stringContaining('frida'),
      expect.stringContaining('"access_granted": false'),
      expect.stringContaining('priya'),
      expect.stringContaining('"access_granted": true'),
    ])
  })

  it('offers its own sign-in to the panel, and to nobody else', async () => {
    await using stack = await startWithTokens()
    const told = await fetch(`${stack.url}/panel/config.json`)
    const config = (await told.json()) as Readonly<Record<string, string>>
    expect(config).toMatchObject({
      auth: 'pkce',
      authorization_endpoint: `${issuerOf(stack)}/authorize`,
    })
    const ask = (redirect_uri: string) => {
      const asked = {
        ...{ client_id: config.client_id ?? '', redirect_uri, response_type: 'code' },
        ...{ code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' },
      }
      return fetch(`${config.authorization_endpoint}?${new URLSearchParams(asked)}`)
    }
    expect((await ask(`${stack.url}/`)).status).toBe(200)
    expect((await ask('http://127.0.0.1:1/')).status).toBe(400)
  })

  it('lets nobody in without a token', async () => {
    await using stack = await startWithTokens()
    const { client_id } = create('alice').parameters
    const message = { command: 'create_session', client_id }
    expect(await overHttp(stack.url, message)).toMatchObject({
      status: 401,
      reply: { error_code: 'unauthenticated' },
    })
    expect(await overHttp(stack.url, message, await tokenOf('frida', stack))).toMatchObject({
      status: 200,
      reply: { status: 'success' },
    })
  })

  it('runs a bridge that speaks for the developer who was named', async () => {
    await using stack = await startWithTokens(['--user', 'tessa'])
    expect(stack.output()).toContain('Bridge  speaks for tessa\n')
    expect(await ask(stack.endpoint, mayDebug('desk'))).toMatchObject({
      result: { access_granted: true, subscription_tier: 'free' },
    })
    expect(await ask(stack.endpoint, create('desk'))).toMatchObject({ status: 'success' })
    const args = ['--connect', stack.endpoint, JSON.stringify(mayDebug('desk'))]
    const env = { STUI_TOKEN: await tokenOf('frida', stack) }
    const { stdout } = await runProgram('send.ts', args, env)
    expect(JSON.parse(stdout)).toMatchObject({ result: { access_granted: false } })
  })

  it('--auth introspection asks about each token', async () => {
    await using stack = await startStackProcess({
      args: ['--auth', 'introspection', '--api-port', '0'],
    })
    expect(stack.output()).toContain('a stand-in for the STUI API (introspection)\n')
    const token = await tokenOf('olga', stack)
    expect(await overHttp(stack.url, mayDebug('desk'), token)).toMatchObject({
      reply: { result: { access_granted: true, subscription_tier: 'pro' } },
    })
    expect(await overHttp(stack.url, mayDebug('desk'), `${token}x`)).toMatchObject({ status: 401 })
  })

  it('knows its tokens after kill -9 of everything', async () => {
    const apiPort = String(await freePort())
    await using first = await startWithTokens(['--api-port', apiPort])
    const token = await tokenOf('frida', first)
    await first.kill9()
    const { stderr } = await runProgram('token.ts', ['frida', '--data', first.data])
    expect(stderr).toMatch(
      /^No token from \S+: the STUI API cannot be reached; is the stack [^\n]+\n$/
    )
    await using second = await first.again()
    expect(await overHttp(second.url, mayDebug('desk'), token)).toMatchObject({ status: 200 })
  })

  it('keeps tokens out of its output and its log, and takes its own away when it stops', async () => {
    await using stack = await startWithTokens(['--log-level', 'debug'])
    const bridgeToken = join(stack.data, 'bridge.token')
    const tokens = [readFileSync(bridgeToken, 'utf8').trim(), await tokenOf('priya', stack)]
    await ask(stack.endpoint, create('alice'))
    for (const token of tokens) await overHttp(stack.url, create('bob'), token)
    await overHttp(stack.url, create('bob'), `${tokens[0]}x`)
    expect(statSync(bridgeToken).mode & 0o777).toBe(0o600)
    await stack.stop()
    const log = readFileSync(join(stack.data, 'worker.log'), 'utf8')
    expect(log).toContain('token_refused')
    expect(leaked(tokens, [stack.output(), log])).toEqual([])
    expect(existsSync(bridgeToken)).toBe(false)
    expect(existsSync(join(stack.data, 'stui-api', 'address'))).toBe(false)
  })
})

describe('a data folder that was used without tokens before', () => {
  const NOTE = 'was last used without tokens'

  it('keeps what it has, out of reach, and the stack says so', async () => {
    await using without = await startStackProcess()
    const created = await ask(without.endpoint, create('alice'))
    expect(without.output()).not.toContain('was last used')
    await without.stop()

    const { data } = without
    await using withTokens = await startWithTokens([], { data })
    expect(withTokens.output()).toContain(NOTE)
    expect(await ask(withTokens.endpoint, create('alice'))).toMatchObject({ status: 'success' })
    const restore = { command: 'restore_session', parameters: created.result }
    expect(await ask(withTokens.endpoint, restore)).toMatchObject({
      error_code: 'session_not_found',
    })
    await withTokens.stop()

    await using again = await startStackProcess({ data })
    expect(again.output()).toContain('was last used with --auth')
    expect(await ask(again.endpoint, restore)).toMatchObject({ status: 'success' })
  })
})
