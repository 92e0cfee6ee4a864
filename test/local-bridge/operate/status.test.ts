import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { Reply } from 'zeromq'
import { runProgram } from '../../support/bridge-program.ts'
import { freePort } from '../../support/free-port.ts'
import { runBridge } from '../../support/running-bridge.ts'
import { curveFolder } from '../curve-fixture.ts'

const status = (...args: string[]) => runProgram(['status', ...args])

describe('stui-bridge status', () => {
  it('shows how the bridge is: to people in lines, to programs as JSON, with exit code 0 if all is well', async () => {
    await using running = await runBridge()
    running.worker.behave((_, response) => void response.end('{"status":"ok"}'))
    const words = await status('--listen', running.endpoint)
    expect(words).toMatchObject({ code: 0, err: '' })
    expect(words.out).toMatch(new RegExp(`^Bridge +0\\.\\S+ at ${running.endpoint}, up for `))
    const { code, out } = await status('--json', '--listen', running.endpoint)
    expect({ code, pid: JSON.parse(out).pid }).toEqual({ code: 0, pid: process.pid })
  })

  it('ends with exit code 1 if the service is down', async () => {
    await using running = await runBridge()
    await running.worker.stop()
    const { code, out } = await status('--listen', running.endpoint)
    expect(code).toBe(1)
    expect(out).toMatch(/^Service +DOWN for /m)
  })

  it('says where nobody listens, and how to start a bridge', async () => {
    const endpoint = `tcp://127.0.0.1:${await freePort()}`
    const { code, out, err } = await status('--listen', endpoint)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe(
      `No answer: nobody listens at ${endpoint}; start the bridge with stui-bridge run, or say with --listen where it is.\n`
    )
    const json = await status('--json', '--listen', endpoint)
    expect(JSON.parse(json.out)).toMatchObject({ error: expect.stringContaining('nobody listens') })
  })

  it('tells what is no bridge from one that is silent', async () => {
    const image = new Reply({ linger: 0 })
    await image.bind('tcp://127.0.0.1:*')
    const asked = status('--listen', String(image.lastEndpoint))
    await image.receive()
    await image.send('{"status":"error"}')
    expect((await asked).err).toMatch(/^No answer: what answers at tcp:\S+ is no bridge /)
    const silent = await status('--listen', String(image.lastEndpoint))
    expect(silent.err).toMatch(/^No answer: what listens at tcp:\S+ gives no answer; /)
    image.close()
  })

  it('tells of something that speaks no ZeroMQ', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'.repeat(4)))
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const { code, err } = await status('--listen', `tcp://127.0.0.1:${port}`)
    server.close()
    expect(code).toBe(1)
    expect(err).toMatch(/^No answer: what listens at tcp:\S+ (does not let|gives no answer)/)
  })

  it('asks a bridge with CURVE with the key of a client, and says how one is made', async () => {
    using folder = curveFolder()
    await using running = await runBridge({}, { curveKeys: folder.path })
    running.worker.behave((_, response) => void response.end('{"status":"ok"}'))
    const where = ['--listen', running.endpoint]
    const keys = ['--curve-keys', folder.path]
    expect((await status(...where)).err).toMatch(/does not let this program in; if .* CURVE/)
    expect((await status(...where, ...keys)).err).toMatch(
      /^To ask a bridge with CURVE .* stui-bridge keys new-client status --curve-keys /
    )
    await runProgram(['keys', 'new-client', 'status', ...keys])
    expect(await status(...where, ...keys)).toMatchObject({ code: 0, err: '' })
    const key = join(folder.path, 'status.client.key')
    expect(await status(...where, '--client-key', key)).toMatchObject({ code: 0 })
  })

  it('asks a bridge that listens everywhere at its loopback', async () => {
    using folder = curveFolder()
    const port = await freePort()
    await using running = await runBridge(
      {},
      { listen: `tcp://0.0.0.0:${port}`, curveKeys: folder.path }
    )
    running.worker.behave((_, response) => void response.end('{"status":"ok"}'))
    const keys = ['--curve-keys', folder.path]
    await runProgram(['keys', 'new-client', 'status', ...keys])
    expect(await status('--listen', `tcp://0.0.0.0:${port}`, ...keys)).toMatchObject({ code: 0 })
  })

  it('shows it again and again until it is told to stop', async () => {
    await using running = await runBridge()
    const main = join(import.meta.dirname, '../../../local-bridge/main.ts')
    const args = ['status', '--json', '--watch', '0.1', '--listen', running.endpoint]
    const child = spawn(process.execPath, [main, ...args], { env: {} })
    let lines = 0
    for await (const chunk of child.stdout) {
      lines += String(chunk).split('\n').length - 1
      if (lines >= 3) child.kill('SIGINT')
    }
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.signalCode).toBeNull()
    expect(lines).toBeGreaterThanOrEqual(3)
  })

  it('ends with --watch when nobody reads any more', async () => {
    await using running = await runBridge()
    running.worker.behave((_, response) => void response.end('{"status":"ok"}'))
    const main = join(import.meta.dirname, '../../../local-bridge/main.ts')
    const args = ['status', '--json', '--watch', '0.1', '--listen', running.endpoint]
    const child = spawn(process.execPath, [main, ...args], { env: {} })
    const ended = once(child, 'exit')
    const complaint = text(child.stderr)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect([await ended, await complaint]).toEqual([[0, null], ''])
  })

  it.each([
    [['--listen', 'tcp://127.0.0.1:*'], '--listen must name the port at which the bridge listens'],
    [['--watch', '0'], '--watch must be a number of seconds from 0.1 to 3600'],
    [['--surplus'], "unknown option '--surplus'"],
  ])('is refused with exit code 2 for %j', async (args, sentence) => {
    const { code, err } = await status(...args)
    expect(code).toBe(2)
    expect(err).toContain(`stui-bridge status: ${sentence}`)
  })
})

describe('a word that is no command', () => {
  it('is refused without being repeated', async () => {
    const { code, err } = await runProgram(['SECRET'])
    expect(code).toBe(2)
    expect(err).toMatch(
      /^stui-bridge: there is no such command; the commands are run, status, .*\.\n$/
    )
  })
})
