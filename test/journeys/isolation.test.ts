// Nobody where they do not belong: every command × its owner and everybody else with a good token, against a real Worker
// and a real STUI API, by a message and in a batch. What is not yours is answered as if it were not there, byte for byte
// but ids and times, and nothing of it changes. The answers are in isolation-matrix.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import type { Members } from '../support/fixtures.ts'
import { type IdentityStack, leaked, startIdentityStack } from '../support/identity-stack.ts'
import type { Column } from './isolation-cells.ts'
import { STATE } from './isolation-matrix.ts'
import {
  altered,
  createStage,
  LINES,
  nobodys,
  replyIn,
  type Stage,
  told,
  waysOf,
} from './isolation-stage.ts'

/** Everybody with a good token who is not the owner; the last one has the owner's name, in a team of its own. */
const STRANGERS: readonly (readonly [string, Exclude<Column, 'owner'>, UserName, Members])[] = [
  ['another member of the team', 'member', 'priya', {}],
  ['an admin of the team', 'admin', 'enzo', {}],
  ['a token of the team for other clients', 'kiosk', 'kiosk', {}],
  ['somebody of another team', 'outsider', 'olga', {}],
  ['a namesake in another team', 'outsider', 'olga', { sub: 'user-frida' }],
]

/** Each test of another team has one where nobody has done anything yet. */
let teams = 0

let stack: IdentityStack
let owner: string
let stage: Stage

beforeAll(async () => {
  stack = await startIdentityStack('jwt')
  owner = await stack.api.issueToken('frida')
  stage = createStage(stack, owner)
})

afterAll(async () => {
  const { secrets, output } = await stack.stop()
  expect(output.filter((line) => line.includes('"event":"command"')).length).toBeGreaterThan(100)
  expect(leaked(secrets, output)).toEqual([])
})

describe('to its owner', () => {
  it.each(LINES)('everything is there: %s', async (_, line, command) => {
    for (const way of waysOf(line, command, 'owner')) {
      const own = await stage.owned(command)
      const answer = await stage.ask(way, own, owner)
      expect(replyIn(answer, own)).toMatchObject(line.owner.answer)
    }
  })
})

describe.each(STRANGERS)('to %s', (_, column, user, claims) => {
  it.each(LINES)('what is not theirs is as if it were not there: %s', async (_, line, command) => {
    teams += 1
    const team = column === 'outsider' ? { team: `away-${teams}` } : {}
    const token = await stack.api.issueToken(user, { claims: { ...claims, ...team } })
    const { answer, isAsNothing } = line[column]
    const leaves = column === 'admin' ? line.leaves : undefined
    for (const way of waysOf(line, command, column)) {
      const theirs = await stage.owned(command)
      const before = await stage.seenByOwner(command, theirs)
      const foreign = await stage.ask(way, theirs, token)
      expect(replyIn(foreign, theirs)).toMatchObject(answer)
      expect(foreign.text).not.toContain(STATE)
      if (isAsNothing) {
        const nowhere = nobodys(theirs)
        const absent = await stage.ask(way, nowhere, token)
        expect(told(foreign, theirs)).toBe(told(absent, nowhere))
      }
      const seen = await stage.seenByOwner(command, theirs)
      if (leaves === undefined) expect(seen).toEqual(before)
      else expect(seen[0]).toContain(leaves)
    }
  })
})

describe('to its own owner', () => {
  const ofSessions = LINES.filter(([, { ways }]) => ways.some((way) => 'session_id' in way))

  it.each(ofSessions)(
    'a forged id is one that was never given out: %s',
    async (_, line, command) => {
      const theirs = await stage.owned(command)
      const { session_id } = theirs
      const before = await stage.seenByOwner(command, theirs)
      const [way] = waysOf(line, command, 'owner')
      if (way === undefined) throw new Error('the command is sent in no way')
      for (const forged of [
        altered(session_id),
        session_id.replace('session_1_', 'session_2_'),
        session_id.replace(/\d{10}/, '1000000000'),
      ]) {
        const given = { ...theirs, session_id: forged }
        const never = { ...theirs, session_id: `session_1_1_${'x'.repeat(forged.length - 12)}` }
        const answer = await stage.ask(way, given, owner)
        expect(answer.reply.error_code).toBe('session_not_found')
        expect(told(answer, given)).toBe(told(await stage.ask(way, never, owner), never))
      }
      expect(await stage.seenByOwner(command, theirs)).toEqual(before)
    }
  )
})
