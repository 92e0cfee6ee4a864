import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bridgeStatusSchema } from '../../../local-bridge/operate/bridge-status.ts'
import { runProgram } from '../../support/bridge-program.ts'
import { freePort } from '../../support/free-port.ts'
import { type OfflineStack, startOfflineStack } from '../../support/offline-stack.ts'

const CLIENT = { client_id: 'desk' }

/** The service takes less than a replica, which does not know its settings. */
const SETTINGS = { STUI_SESSION_BYTES: '2000' }
const TOO_MUCH = 'REFUSED WORK '.repeat(500)

type Told = { readonly sequence: number; readonly state: string; readonly [name: string]: unknown }

const journal = (...args: string[]) => runProgram(['journal', ...args])

async function listed(data: string): Promise<readonly Told[]> {
  const { out } = await journal('--json', '--data', data)
  return JSON.parse(out).records
}

type Scene = AsyncDisposable & {
  readonly stack: OfflineStack
  readonly refused: string
  readonly waiting: string
  readonly session_id: string
  /** Where the bridge listens. */
  readonly endpoint: string
}

/** A change that the service has refused for good, and one that waits. */
async function startScene(): Promise<Scene> {
  const stack = await startOfflineStack({ settings: SETTINGS })
  const session_id = await stack.begin(CLIENT)
  await stack.away()
  await stack.run('update_session_state', { session_id, state_data: { text: TOO_MUCH } })
  await stack.back()
  await stack.away()
  await stack.run('update_session_state', { session_id, state_data: { n: 'WAITING WORK' } })
  const records = await listed(stack.folder)
  const sequenceOf = (state: string) => String(records.find((one) => one.state === state)?.sequence)
  const asked = await stack.ask({ id: 1, command: 'bridge_status', parameters: {} })
  return {
    ...{ stack, session_id, refused: sequenceOf('refused'), waiting: sequenceOf('waiting') },
    endpoint: bridgeStatusSchema.parse(asked.result).endpoint,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}

/** What nobody changes. */
let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene[Symbol.asyncDispose]())

describe('stui-bridge journal', () => {
  it('shows what waits and what was refused, with the reason in words, and never the work itself', async () => {
    const { stack, session_id, refused, waiting } = scene
    expect(stack.log.of('delivery_refused')).toMatchObject([
      { outcome: 'session_too_large', next: expect.stringContaining('stui-bridge journal') },
    ])
    expect(await listed(stack.folder)).toMatchObject([
      {
        ...{ sequence: Number(refused), state: 'refused', reason: 'session_too_large' },
        ...{ ...CLIENT, session_id, command: 'update_session_state' },
        meaning: expect.stringMatching(/\.$/),
        acknowledged_at: expect.stringMatching(/Z$/),
        bytes: expect.any(Number),
      },
      { sequence: Number(waiting), state: 'waiting', reason: null, meaning: null },
    ])
    const { code, out } = await journal('--data', stack.folder)
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`^${refused} +REFUSED +update_session_state of desk, .* ago`))
    expect(out).toContain(`${session_id}\n          session_too_large: `)
    expect(out).toMatch(/1 change waiting: .*\. 1 change refused for good and kept\.\n/)
    expect(out).not.toMatch(/WORK/)
    const others = await journal('--data', stack.folder, '--client', 'another')
    expect(others.out).toBe('Nothing waits for the service, and nothing was refused.\n')
  })

  it('saves everything with its messages in a file that only its owner can read, and in no file that is there', async () => {
    const { folder } = scene.stack
    const file = join(folder, 'saved.json')
    expect(await journal('export', file, '--data', folder)).toMatchObject({ code: 0, err: '' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { records } = JSON.parse(readFileSync(file, 'utf8'))
    expect(records).toMatchObject([
      {
        state: 'refused',
        message: {
          command: 'update_session_state',
          parameters: { session_id: scene.session_id, state_data: { text: TOO_MUCH } },
        },
      },
      { state: 'waiting', message: { parameters: { state_data: { n: 'WAITING WORK' } } } },
    ])
    const again = await journal('export', file, '--data', folder)
    expect(again).toMatchObject({ code: 1, err: `The file ${file} exists already.\n` })
    const [link, elsewhere] = [join(folder, 'link.json'), join(folder, 'elsewhere.json')]
    symlinkSync(elsewhere, link)
    const led = await journal('export', link, '--data', folder)
    expect(led).toMatchObject({ code: 1, err: `The file ${link} exists already.\n` })
    expect(existsSync(elsewhere)).toBe(false)
  })

  it('saves what no key opens as it is sealed, and says that the key is needed', async () => {
    const { folder } = scene.stack
    const [keys, before] = [join(folder, 'keys'), join(folder, 'keys.before')]
    copyFileSync(keys, before)
    rmSync(keys)
    const none = await journal('export', join(folder, 'none.json'), '--data', folder)
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('There is no key file') })
    expect(existsSync(keys)).toBe(false)
    writeFileSync(keys, `k1:${Buffer.alloc(32, 3).toString('base64url')}\n`, { mode: 0o600 })
    const file = join(folder, 'sealed.json')
    const { code, out } = await journal('export', file, '--data', folder)
    expect({ code, out }).toMatchObject({
      code: 1,
      out: expect.stringContaining('as they are sealed'),
    })
    const { records } = JSON.parse(readFileSync(file, 'utf8'))
    expect(records[0]).toMatchObject({ message: null, sealed: expect.any(String) })
    copyFileSync(before, keys)
  })

  it('drops what was refused, saved before, from a bridge that runs, which counts it no more', async () => {
    await using scene = await startScene()
    const { stack, refused, endpoint } = scene
    const file = join(stack.folder, 'saved.json')
    await journal('export', file, '--data', stack.folder)
    const args = ['--data', stack.folder, '--listen', endpoint, '--exported', file]
    const done = await journal('drop', refused, ...args)
    expect(done).toEqual({ code: 0, out: '1 refused change dropped.\n', err: '' })
    const status = await stack.ask({ id: 2, command: 'bridge_status', parameters: {} })
    expect(status).toMatchObject({ result: { journal: { refused: 0, records: 1 } } })
    expect(stack.log.of('refused_dropped')).toEqual([{ event: 'refused_dropped', changes: 1 }])
    expect(await listed(stack.folder)).toMatchObject([{ state: 'waiting' }])
    await stack.back()
    const info = { session_id: scene.session_id, state: true }
    expect(await stack.elsewhere('get_session_info', info)).toMatchObject({
      session_state: { n: 'WAITING WORK' },
    })
  })

  it('drops it where no bridge runs, too', async () => {
    await using scene = await startScene()
    const { stack, refused } = scene
    const results: Promise<unknown>[] = []
    const port = await freePort()
    await stack.restartBridge(async () => {
      const args = ['--data', stack.folder, '--listen', `tcp://127.0.0.1:${port}`, '--yes']
      results.push(journal('drop', refused, ...args))
      await results[0]
    })
    expect(await results[0]).toEqual({ code: 0, out: '1 refused change dropped.\n', err: '' })
    const status = await stack.ask({ id: 2, command: 'bridge_status', parameters: {} })
    expect(status).toMatchObject({ result: { journal: { refused: 0, records: 1 } } })
  })

  it('drops nothing that waits, that is not saved, or that is not there', async () => {
    const { stack, refused, waiting, endpoint } = scene
    const file = join(stack.folder, 'of-another.json')
    writeFileSync(file, '{"format":"stui-journal","records":[]}')
    const args = ['--data', stack.folder, '--listen', endpoint]
    const why = async (...words: string[]) => {
      const { code, out, err } = await journal('drop', ...words, ...args)
      expect(out).toBe('')
      return `${code}: ${err}`
    }
    expect(await why(waiting, '--yes')).toMatch(/^1: The change \d+ still waits for the service/)
    expect(await why(refused, waiting, '--yes')).toMatch(/^1: The change \d+ still waits/)
    expect(await why('99', '--yes')).toBe('1: There is no change 99 in the journal.\n')
    expect(await why(refused)).toMatch(
      /^2: stui-bridge journal drop: --exported must name an export/
    )
    expect(await why(refused, '--exported', file)).toMatch(/is not in .*: nothing was dropped/)
    expect(await why('x', '--yes')).toMatch(
      /^2: stui-bridge journal drop: <sequence> must be numbers/
    )
    expect(await listed(stack.folder)).toHaveLength(2)
  })

  it('says where to find the bridge that uses the files when it is not where it was looked for', async () => {
    const elsewhere = `tcp://127.0.0.1:${await freePort()}`
    const args = ['--data', scene.stack.folder, '--yes', '--listen', elsewhere]
    const { code, err } = await journal('drop', scene.refused, ...args)
    expect(code).toBe(1)
    expect(err).toMatch(/^A bridge uses the journal and has to be asked, but nobody listens at /)
    expect(await listed(scene.stack.folder)).toHaveLength(2)
  })
})

describe('a bridge that is asked to drop a change', () => {
  it('takes away only what was refused, for whoever knows the sealed message', async () => {
    const files = readdirSync(scene.stack.folder, { recursive: true, encoding: 'utf8' })
    const route = basename(files.find((name) => name.endsWith('.sqlite')) ?? '', '.sqlite')
    const guess = '0'.repeat(64)
    const drop = (records: object) =>
      scene.stack.ask({ id: 1, command: 'bridge_drop_refused', parameters: { records } })
    const sequence = Number(scene.refused)
    expect(await drop([{ route, sequence, digest: guess }])).toMatchObject({
      result: { dropped: 0 },
    })
    expect(await drop([{ route: '../x', sequence, digest: guess }])).toMatchObject({
      error_code: 'invalid_parameter',
      error: expect.stringContaining('records.0.route'),
    })
    expect(await listed(scene.stack.folder)).toHaveLength(2)
  })
})

describe('a wrong call of stui-bridge journal', () => {
  it.each([
    [['wipe'], 'stui-bridge journal: say what to do: list, export, retry, drop'],
    [['--data', 'none'], 'stui-bridge journal: --data must name the data folder'],
    [['export'], "stui-bridge journal export: missing required argument 'file'"],
    [['--client', '../x'], 'stui-bridge journal list: --client must be a client id'],
  ])('%j is refused with exit code 2', async (args, sentence) => {
    const { code, err } = await journal(...args)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })

  it('without a data folder says so', async () => {
    const { code, err } = await journal('--data', '/nowhere/at/all')
    expect({ code, err }).toEqual({
      code: 1,
      err: 'There is no data folder /nowhere/at/all: name it with --data.\n',
    })
  })
})
