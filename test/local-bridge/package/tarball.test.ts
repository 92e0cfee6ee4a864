import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorker } from '../../../local-bridge/stack/build-worker.ts'
import { type LocalWorker, startLocalWorker } from '../../../local-bridge/stack/local-worker.ts'
import { VERSION } from '../../../src/version.ts'
import { runProgram } from '../../support/bridge-program.ts'
import { freePort } from '../../support/free-port.ts'
import { connectReq } from '../../support/req-client.ts'
import { temporaryFolder } from '../../support/stack-process.ts'
import { warmUp } from '../../support/warm-up.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** The package as somebody has it who installed the tarball: with what it declares, and nothing of this repository. */
function installed(): string {
  const folder = temporaryFolder()
  const packing = [join(ROOT, 'local-bridge/package/pack.ts'), join(folder, 'packed')]
  const tarball = execFileSync(process.execPath, packing, { encoding: 'utf8' }).trim()
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', modules])
  const home = join(modules, 'stui-bridge')
  execFileSync('mv', [join(modules, 'package'), home])
  for (const name of Object.keys(manifestOf(home).dependencies)) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  symlinkSync(join(home, manifestOf(home).bin['stui-bridge']), binOf(folder))
  return folder
}

const binOf = (folder: string) => join(folder, 'node_modules/.bin/stui-bridge')

function manifestOf(home: string) {
  return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
}

let folder: string
let home: string
let worker: LocalWorker
beforeAll(async () => {
  folder = installed()
  home = join(folder, 'node_modules/stui-bridge')
  worker = await startLocalWorker({
    script: await buildWorker(),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
  })
  await warmUp(worker.url)
})
afterAll(() => worker.stop())

describe('the packed bridge', () => {
  it('holds JavaScript, types, README and license, and nothing of the Worker', () => {
    const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']))
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([])
    const parts = ['http', 'client-object', 'team', 'index.js'].map((name) => `src/${name}`)
    for (const part of [...parts, 'local-bridge/stack']) {
      expect(existsSync(join(home, part))).toBe(false)
    }
  })

  it('declares what it imports with the versions of the repository, and no more', () => {
    const repository = manifestOf(ROOT)
    const { name, version, dependencies, engines } = manifestOf(home)
    expect({ name, version, engines }).toEqual({
      ...{ name: 'stui-bridge', version: VERSION, engines: { node: '>=24' } },
    })
    expect(Object.keys(dependencies)).toEqual([
      ...['commander', 'pino', 'pino-pretty', 'pino-roll', 'undici', 'zeromq', 'zod'],
    ])
    expect(repository.dependencies).toMatchObject(dependencies)
  })

  it('tells its users in its README how it is used, and not how it is made', () => {
    const readme = readFileSync(join(home, 'README.md'), 'utf8')
    expect(readme).toMatch(/^# The bridge\n[\s\S]*\n## Install\n[\s\S]*\n## Try it\n/)
    expect(readme).not.toMatch(/^## (Decisions|Where things are)/m)
    for (const [, page = ''] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
      expect(existsSync(join(home, page))).toBe(true)
    }
  })

  it('runs as it was linked: help, version and a word for a wrong call', async () => {
    const bin = (...args: string[]) => runProgram(args, { file: binOf(folder), cwd: folder })
    expect(await bin('--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' })
    const help = await bin('--help')
    expect(help.out).toMatch(/^Usage: stui-bridge [\s\S]*Commands .*\n {2}run [\s\S]*Examples:/m)
    expect((await bin('--surplus')).code).toBe(2)
    const unit = await bin('service', 'systemd')
    expect(unit.out).toContain(`${home}/local-bridge/package/launch.js run\n`)
  })

  it('serves a client in front of the real service, and tells how it is', async () => {
    const endpoint = `tcp://127.0.0.1:${await freePort()}`
    const where = ['--listen', endpoint]
    const how = [...where, '--upstream', worker.url, '--data', join(folder, 'kept')]
    const child = spawn(process.execPath, [binOf(folder), 'run', ...how, '--events', 'none'], {
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const client = connectReq(endpoint)
    const create = { id: 'c', command: 'create_session', parameters: { client_id: 'packed' } }
    expect(await client.ask(create)).toMatchObject({
      ...{ id: 'c', status: 'success', meta: { persistence: 'durable' } },
    })
    client.close()
    const bin = (...args: string[]) => runProgram(args, { file: binOf(folder) })
    const status = await bin('status', '--json', ...where)
    expect(status).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(status.out)).toMatchObject({ pid: child.pid, uplink: { state: 'up' } })
    const doctor = await bin('doctor', ...how)
    expect(doctor, doctor.out).toMatchObject({ code: 0, err: '' })
    expect(doctor.out).toMatch(/^ok +access /m)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  it('has types that fit together for those who embed it', () => {
    const program = join(folder, 'program.mts')
    writeFileSync(
      program,
      `import { startBridge, type BridgeOptions } from 'stui-bridge'
const options: BridgeOptions = { listen: 'tcp://127.0.0.1:*', upstream: '', log: (event) => void event.event }
const bridge = await startBridge(options)
// @ts-expect-error it has an endpoint
bridge.adress
`
    )
    const strict = [
      '--strict',
      '--noEmit',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--target',
      'esnext',
    ]
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')]
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    const run = () => execFileSync(process.execPath, [compiler, ...strict, ...types, program])
    expect(String(run())).toBe('')
  })
})
