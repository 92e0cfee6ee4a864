import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type StuiApi, startStuiApi } from '../../local-bridge/stack/stui-api/server.ts'
import { freePort } from '../support/free-port.ts'
import { temporaryFolder } from '../support/stack-process.ts'
import { runProgram } from '../support/stack-program.ts'

let api: StuiApi
let folder: string

beforeAll(async () => {
  api = await startStuiApi()
})

afterAll(() => api.stop())

beforeEach(() => {
  folder = temporaryFolder()
})

afterEach(() => rmSync(folder, { recursive: true }))

/** The claims of a JSON Web Token. */
function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

describe('npm run token', () => {
  it('prints a token of the user and nothing else', async () => {
    const { code, stdout, stderr } = await runProgram('token.ts', ['kiosk', '--api', api.issuer])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^[\w.-]+\n$/)
    expect(claimsOf(stdout)).toMatchObject({ iss: api.issuer, sub: 'user-kiosk', tier: 'free' })
  })

  it('--out puts it into a private file, over what was there, and prints nothing of it', async () => {
    const out = join(folder, 'token')
    writeFileSync(out, 'old', { mode: 0o644 })
    const args = ['enzo', '--api', api.issuer, '--out', out]
    const { code, stdout } = await runProgram('token.ts', args)
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Wrote a token of enzo (enterprise), good for 15 minutes.\n',
    })
    expect(claimsOf(readFileSync(out, 'utf8'))).toMatchObject({ sub: 'user-enzo' })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(existsSync(`${out}.new`)).toBe(false)
  })

  it('--help shows the users, the options and examples', async () => {
    const { code, stdout } = await runProgram('token.ts', ['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/one of frida, priya, enzo[\s\S]*--out <file>[\s\S]*Examples:\n/)
  })

  it('is refused in one sentence where no stack with tokens runs', async () => {
    const { code, stderr } = await runProgram('token.ts', ['priya', '--data', folder])
    expect(code).toBe(1)
    expect(stderr).toBe(
      `No stack with tokens runs on ${folder}: start it with npm start -- --auth, or name its data folder with --data.\n`
    )
  })

  it('is refused in one sentence where nobody answers', async () => {
    const away = `http://127.0.0.1:${await freePort()}`
    const { code, stderr } = await runProgram('token.ts', ['priya', '--api', away])
    expect(code).toBe(1)
    expect(stderr).toBe(
      `No token from ${away}: the STUI API cannot be reached; is the stack running? npm start -- --auth starts it.\n`
    )
  })

  it('is refused in one sentence where the file cannot be written', async () => {
    const out = join(folder, 'below', 'token')
    const { code, stderr } = await runProgram('token.ts', [
      'priya',
      '--api',
      api.issuer,
      '--out',
      out,
    ])
    expect(code).toBe(1)
    expect(stderr).toBe(
      'The token cannot be written there (ENOENT): choose another file with --out.\n'
    )
  })

  it.each([
    [[], "missing required argument 'user'"],
    [['SECRET'], '<user> must be frida, priya, enzo, kiosk, tessa or olga'],
    [['priya', '--api', 'http://api.example'], '--api must be an https address'],
    [['priya', '--data', ''], '--data must name a folder'],
  ])('is refused in one sentence for %j', async (args, beginning) => {
    const { code, stderr } = await runProgram('token.ts', args)
    expect(code).toBe(2)
    expect(stderr).toContain(`token: ${beginning}`)
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
    expect(stderr).not.toContain('SECRET')
  })
})
