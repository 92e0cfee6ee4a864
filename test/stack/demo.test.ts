import { readdirSync, rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runtimesOf, temporaryFolder } from '../support/stack-process.ts'
import { runProgram } from '../support/stack-program.ts'

describe('npm run demo', () => {
  it('plays the scenarios, survives kill -9 of everything, and leaves nothing behind', async () => {
    const TMPDIR = temporaryFolder()
    const { code, stdout, stderr } = await runProgram('demo.ts', [], { TMPDIR })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    for (const name of ['alice', 'bob', 'carol']) {
      const [before = '', after = ''] = stdout.split('\nThe restart\n')
      expect(before).toContain(`✓ ${name}: restored, equal to the byte`)
      expect(after).toContain(`✓ ${name}: restored, equal to the byte`)
    }
    expect(stdout).toContain("✓ bob cannot see alice's session")
    expect(stdout).toContain('✓ carol: has what she had before the mistake')
    expect(stdout).toMatch(
      /\nDemo passed: \d+ messages, \d+ answers, \d+ checks, 0 differences\.\n$/
    )
    const groups = [...stdout.matchAll(/process group (\d+)/g)].map(([, pid]) => Number(pid))
    expect(groups.flatMap(runtimesOf)).toEqual([])
    expect(readdirSync(TMPDIR)).toEqual([])
    rmSync(TMPDIR, { recursive: true })
  })
})
