import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WORDS } from '../../local-bridge/stack/announce.ts'
import { ask, PING } from '../support/stack-messages.ts'
import { runtimesOf, startStackProcess, temporaryFolder } from '../support/stack-process.ts'
import { runProgram } from '../support/stack-program.ts'

describe('npm start refuses in one sentence and leaves nothing running', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  function folder() {
    const made = temporaryFolder()
    folders.push(made)
    return made
  }

  async function refusal(args: readonly string[], env: Record<string, string> = {}) {
    const free = ['--listen', 'tcp://127.0.0.1:*', '--port', '0', '--data', folder()]
    const { code, stdout, stderr, pid } = await runProgram('start.ts', [...free, ...args], env)
    // A starved machine is told so, and may be before the refusal.
    expect(stdout.replace(`${WORDS.slow}\n`, '')).toBe('')
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
    expect(runtimesOf(pid)).toEqual([])
    return { code, sentence: stderr }
  }

  async function takenPort() {
    const server = createServer()
    const { promise, resolve } = Promise.withResolvers<void>()
    server.listen(0, '127.0.0.1', resolve)
    await promise
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    return { port, [Symbol.dispose]: () => void server.close() }
  }

  it('a ZeroMQ port that is in use', async () => {
    using taken = await takenPort()
    const { code, sentence } = await refusal(['--listen', `tcp://127.0.0.1:${taken.port}`])
    expect(code).toBe(1)
    expect(sentence).toContain(`Cannot listen on tcp://127.0.0.1:${taken.port}: the port is in use`)
  })

  it('an HTTP port that is in use', async () => {
    using taken = await takenPort()
    const { code, sentence } = await refusal(['--port', String(taken.port)])
    expect(code).toBe(1)
    expect(sentence).toContain(`Cannot serve HTTP on 127.0.0.1:${taken.port}: the port is in use`)
  })

  it('a port of the STUI API that is in use', async () => {
    using taken = await takenPort()
    const { code, sentence } = await refusal(['--auth', '--api-port', String(taken.port)])
    expect(code).toBe(1)
    expect(sentence).toBe(
      `Cannot serve the STUI API on 127.0.0.1:${taken.port}: the port is in use; stop the other program or choose another port with --api-port.\n`
    )
  })

  it('a developer whom nobody knows', async () => {
    const { code, sentence } = await refusal(['--auth', '--user', 'bob'])
    expect(code).toBe(2)
    expect(sentence).toBe('stack: --user must be frida, priya, enzo, kiosk, tessa or olga.\n')
  })

  it('signing keys that are damaged', async () => {
    const data = folder()
    mkdirSync(join(data, 'stui-api'))
    writeFileSync(join(data, 'stui-api', 'signing-keys'), 'x', { mode: 0o600 })
    const { code, sentence } = await refusal(['--data', data, '--auth', '--api-port', '0'])
    expect(code).toBe(1)
    expect(sentence).toContain(`signing-keys is damaged: remove it to get new signing keys`)
  })

  it('a place for the token of the bridge that is taken', async () => {
    const data = folder()
    mkdirSync(join(data, 'bridge.token'))
    const { code, sentence } = await refusal(['--data', data, '--auth', '--api-port', '0'])
    expect(code).toBe(1)
    expect(sentence).toContain(`Cannot write what --auth keeps in ${data} (`)
  })

  it('a folder that cannot be written', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    const { code, sentence } = await refusal(['--data', join(file, 'data')])
    expect(code).toBe(1)
    expect(sentence).toContain('a part of that path is a file')
  })

  it('a bad flag', async () => {
    const { code, sentence } = await refusal(['--port', 'x'])
    expect(code).toBe(2)
    expect(sentence).toBe('stack: --port must be a port from 0 to 65535, not "x".\n')
  })

  it('a limit that the service does not understand', async () => {
    const { code, sentence } = await refusal([], { STUI_COMMAND_BURST: 'many' })
    expect(code).toBe(1)
    expect(sentence).toContain('The Worker refuses to serve: the setting STUI_COMMAND_BURST')
  })

  it('a secret that others can read', async () => {
    const data = folder()
    writeFileSync(join(data, 'session-secret'), 'x', { mode: 0o644 })
    const { code, sentence } = await refusal(['--data', data])
    expect(code).toBe(1)
    expect(sentence).toContain('can be read by others than its owner')
  })

  it('a second stack on the same folder, while the first one goes on', async () => {
    await using stack = await startStackProcess()
    const { code, sentence } = await refusal(['--data', stack.data])
    expect(code).toBe(1)
    expect(sentence).toContain(`Another stack (process ${stack.pid}) runs on ${stack.data}`)
    expect(await ask(stack.endpoint, PING)).toMatchObject({ status: 'success' })
  })
})
