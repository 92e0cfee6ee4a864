import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '../../../local-bridge/operate/doctor/finding.ts'
import { createTokenSource } from '../../../local-bridge/token-source.ts'
import { type Finished, runProgram } from '../../support/bridge-program.ts'
import { freePort } from '../../support/free-port.ts'
import { answerWith, startHttpWorker } from '../../support/http-worker.ts'
import { type IdentityStack, startIdentityStack } from '../../support/identity-stack.ts'
import { startImage } from '../../support/image-stand-in.ts'
import { startOfflineStack } from '../../support/offline-stack.ts'
import { connectReq } from '../../support/req-client.ts'
import { runBridge, runBridgeBefore } from '../../support/running-bridge.ts'
import { temporaryFolder } from '../../support/stack-process.ts'
import { curveFolder } from '../curve-fixture.ts'
import { tokenFolder } from '../identity-fixture.ts'

type Report = Finished & { readonly findings: readonly Finding[] }

/** Everything that is not said keeps away from what runs on this machine. */
async function doctor(...args: string[]): Promise<Report> {
  const port = await freePort()
  const apart = ['--listen', `tcp://127.0.0.1:${port}`, '--upstream', `http://127.0.0.1:${port}`]
  const finished = await runProgram(['doctor', '--json', '--data', 'none', ...apart, ...args])
  return { ...finished, findings: JSON.parse(finished.out).findings }
}

const hop = (name: string, { findings }: Report) => findings.filter((found) => found.hop === name)

let stack: IdentityStack
beforeAll(async () => {
  stack = await startIdentityStack('introspection', {
    STUI_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 5).toString('base64url')}`,
  })
})
afterAll(() => stack.stop())

const withToken = (path: string) => [
  ...['--upstream', stack.url, '--api-issuer', stack.api.issuer, '--token-file', path],
]

describe('stui-bridge doctor', () => {
  it('finds nothing where all is well, from the client to the image', async () => {
    await using image = await startImage()
    using file = tokenFolder()
    file.write(await stack.api.issueToken('priya'))
    const data = temporaryFolder()
    const { issuer, introspectionUrl } = stack.api
    const token = createTokenSource({ from: 'file', path: file.path })
    await using running = await runBridge(
      {},
      {
        upstream: stack.url,
        access: { issuer, introspectionUrl, audience: 'stui-sessions', token },
        replica: { folder: data },
      }
    )
    chmodSync(data, 0o700)
    const args = [...withToken(file.path), '--listen', running.endpoint, '--data', data]
    const rest = ['--image', `main=${image.address}`, '--client', 'client_001']
    const { code, out, err } = await runProgram(['doctor', ...args, ...rest])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/\n\nAll is well\.\n$/)
    const hops = [...out.matchAll(/^ok {7}(\S+(?: \S+)?) {2,}/gm)].map(([, name]) => name)
    expect(hops).toEqual([
      ...['bridge', 'connection', 'service', 'readiness', 'clock', 'token', 'access', 'client'],
      ...['image', 'data folder', 'journal', 'disk'],
    ])
    expect(out).not.toContain((await stack.api.issueToken('priya')).slice(0, 24))
  })

  it('works where no bridge runs, and says how to start one', async () => {
    const report = await doctor('--upstream', stack.url)
    expect(report.code).toBe(1)
    expect(hop('bridge', report)).toMatchObject([
      { state: 'broken', next: expect.stringContaining('stui-bridge run') },
    ])
    expect(hop('clock', report)).toMatchObject([{ state: 'ok' }])
    expect(hop('access', report)).toMatchObject([
      { state: 'broken', next: expect.stringContaining('--api-issuer') },
    ])
  })

  it('says in words which hop to begin with, and what to do next', async () => {
    const port = await freePort()
    const args = ['--listen', `tcp://127.0.0.1:${port}`, '--upstream', `http://127.0.0.1:${port}`]
    const { out } = await runProgram(['doctor', '--data', 'none', ...args])
    expect(out).toMatch(/^broken {3}bridge {7}nobody listens at .*\n {22}→ start the bridge with /)
    expect(out).toMatch(/\n\n2 broken; begin with bridge\.\n$/)
  })

  it('notices that the bridge uses another service than the one that is meant', async () => {
    await using running = await runBridge()
    const report = await doctor('--listen', running.endpoint, '--upstream', stack.url)
    expect(hop('bridge', report)).toMatchObject([
      { state: 'warning', seen: expect.stringContaining(running.worker.url) },
    ])
  })
})

describe('on the way to the service the doctor', () => {
  it('stops at a name without an address', async () => {
    const report = await doctor('--upstream', 'http://nowhere.invalid')
    expect(hop('name', report)).toMatchObject([{ state: 'broken' }])
    expect(hop('connection', report)).toEqual([])
    expect(hop('access', report)).toMatchObject([{ state: 'skipped' }])
  })

  it('stops at a port where nobody listens', async () => {
    const report = await doctor()
    expect(hop('connection', report)).toMatchObject([
      { state: 'broken', seen: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(hop('service', report)).toEqual([])
  })

  it('stops at a certificate that is not accepted, and never says to turn the check off', async () => {
    const report = await doctor('--upstream', stack.url.replace('http:', 'https:'))
    expect(hop('encryption', report)).toMatchObject([
      { state: 'broken', next: expect.stringContaining('never turn the check off') },
    ])
  })

  it('recognises what answers in the place of the service', async () => {
    const page = await startHttpWorker()
    page.behave(answerWith(200, '<html>Sign in</html>'))
    const report = await doctor('--upstream', page.url)
    await page.stop()
    expect(hop('service', report)).toMatchObject([
      { state: 'broken', seen: expect.stringContaining('is not the session service (HTTP 200)') },
    ])
  })

  it('tells a service without settings, and a clock that is wrong', async () => {
    const service = await startHttpWorker()
    let ready = 503
    service.behave(({ path }, response) => {
      const text =
        path === '/healthz'
          ? '{"status":"ok","version":"1"}'
          : '{"status":"success","error":"STUI_AUTH is missing","warnings":["no keys"],"timestamp":"2020-01-01T00:00:00.000Z"}'
      response.writeHead(path === '/readyz' ? ready : 200).end(text)
    })
    const refusing = await doctor('--upstream', service.url)
    expect(hop('readiness', refusing)).toMatchObject([
      { state: 'broken', seen: 'it serves nothing (STUI_AUTH is missing)' },
    ])
    ready = 200
    const wrong = await doctor('--upstream', service.url)
    await service.stop()
    expect(hop('readiness', wrong)).toMatchObject([{ state: 'warning', seen: 'no keys' }])
    expect(hop('clock', wrong)).toMatchObject([
      { state: 'warning', seen: expect.stringMatching(/this machine is [\d,]+ days ahead of/) },
    ])
  })
})

describe('of the token the doctor', () => {
  it.each([
    ['is not good', 'unknown-token', 0o600, /The token is not good/],
    ['can be read by others', 'unknown-token', 0o644, /chmod 600/],
    ['is none', '', 0o600, /holds no token/],
  ])('says that it %s, and asks the service nothing', async (_, text, mode, seen) => {
    using file = tokenFolder()
    file.write(text, mode)
    const report = await doctor(...withToken(file.path))
    const [token] = hop('token', report)
    expect(token).toMatchObject({ state: 'broken', seen: expect.stringMatching(seen) })
    expect(hop('access', report)).toMatchObject([{ state: 'skipped' }])
    expect(report.out).not.toContain('unknown-token')
  })

  it('says which clients it is for when it may not use one', async () => {
    using file = tokenFolder()
    file.write(await stack.api.issueToken('kiosk'))
    const refused = await doctor(...withToken(file.path), '--client', 'client_001')
    expect(hop('client', refused)).toMatchObject([
      { state: 'broken', next: expect.stringContaining('kiosk-*, till') },
    ])
    const allowed = await doctor(...withToken(file.path), '--client', 'kiosk-7')
    expect(hop('client', allowed)).toMatchObject([{ state: 'ok' }])
    const unasked = await doctor(...withToken(file.path))
    expect(hop('client', unasked)).toMatchObject([{ state: 'skipped' }])
  })
})

describe('of images the doctor', () => {
  it('tells one that answers from one that is gone and one that is busy', async () => {
    await using here = await startImage()
    await using busy = await startImage()
    await using running = await runBridgeBefore({ busy })
    const client = connectReq(running.endpoint)
    const work = { id: 'w', command: 'evaluate', parameters: { held: true } }
    const evaluated = client.send(JSON.stringify(work))
    await busy.executed('w')
    const images = [here.address, 'tcp://127.0.0.1:1', busy.address]
    const report = await doctor(
      ...images.flatMap((address, nth) => ['--image', `i${nth}=${address}`])
    )
    expect(hop('image', report)).toMatchObject([
      { state: 'ok', seen: expect.stringMatching(/^i0 at \S+ answers in [\d.]+ ms$/) },
      { state: 'broken', seen: expect.stringContaining('nobody listens at its address') },
      { state: 'warning', seen: expect.stringContaining('has not answered a ping for 3 s') },
    ])
    await busy.kill()
    await evaluated
    client.close()
  })
})

describe('of the work on this machine the doctor', () => {
  it('tells what waits, while the bridge uses the files and when it does not', async () => {
    await using offline = await startOfflineStack()
    const session_id = await offline.begin({ client_id: 'c' })
    await offline.away()
    await offline.run('update_session_state', { session_id, state_data: { n: 1 } })
    chmodSync(offline.folder, 0o700)
    const waiting = { state: 'ok', seen: expect.stringMatching(/^1 change waiting .* since 2/) }
    expect(hop('journal', await doctor('--data', offline.folder))).toMatchObject([waiting])
    const copy = temporaryFolder()
    await offline.restartBridge(() => cpSync(offline.folder, copy, { recursive: true }))
    expect(hop('journal', await doctor('--data', copy))).toMatchObject([waiting])
    refuseAllIn(copy)
    expect(hop('journal', await doctor('--data', copy))).toMatchObject([
      { state: 'ok', seen: 'nothing waits for the service' },
      {
        state: 'warning',
        seen: expect.stringContaining('1 × update_session_state (session_not_found)'),
      },
    ])
  })

  it('tells a folder that others can enter, damaged files and files that cannot be read', async () => {
    const data = temporaryFolder()
    const developer = join(data, 'a'.repeat(32))
    mkdirSync(developer, { mode: 0o755 })
    chmodSync(data, 0o700)
    writeFileSync(join(developer, 'x.sqlite'), 'no database')
    writeFileSync(join(developer, 'x.sqlite.damaged-1'), '')
    const report = await doctor('--data', data)
    expect(hop('data folder', report)).toMatchObject([
      { state: 'warning', next: `make it private: chmod 700 ${developer}` },
    ])
    expect(hop('journal', report)).toMatchObject([
      { state: 'broken', seen: '1 file cannot be read' },
      { state: 'warning', seen: expect.stringContaining('1 damaged file put aside') },
    ])
  })

  it('has nothing to look at before the bridge has kept anything', async () => {
    const report = await doctor('--data', join(temporaryFolder(), 'not-yet'))
    expect(hop('journal', report)).toMatchObject([{ state: 'ok' }])
    expect(hop('journal', await doctor())).toMatchObject([{ state: 'skipped' }])
  })
})

describe('of CURVE keys the doctor', () => {
  it('tells whether they can be read and whether somebody may connect', async () => {
    using folder = curveFolder()
    const keys = ['--curve-keys', folder.path]
    expect(hop('keys', await doctor(...keys))).toMatchObject([{ state: 'warning' }])
    folder.allow('desk')
    expect(hop('keys', await doctor(...keys))).toMatchObject([
      { state: 'ok', seen: '1 client may connect' },
    ])
    chmodSync(join(folder.path, 'server.key'), 0o644)
    const report = await doctor(...keys)
    expect(hop('keys', report)).toMatchObject([{ state: 'broken' }])
    expect(hop('bridge', report)).toMatchObject([
      { state: 'broken', next: expect.stringContaining('stui-bridge keys new-client status') },
    ])
  })
})

/** As if the service had refused what waits. */
function refuseAllIn(data: string): void {
  for (const path of readdirSync(data, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.sqlite')) continue
    using database = new DatabaseSync(join(data, path))
    database.exec("UPDATE journal SET refused = 'session_not_found'")
  }
}
