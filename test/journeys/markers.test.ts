// Tokens and state stay where they belong. A bridge and a Worker as processes, with marks in every token and in every
// component of state; then the marks are looked for in logs, answers, the audit log and every file of the data folder.
// State is the components alone: names, image fields and client_info are stored as they are (src/storage/README.md).

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../src/protocol/components.ts'
import { liveMarkedDay, type MarkedDay } from '../support/marked-day.ts'
import {
  filesBelow,
  filesWithMarks,
  linesWithMarks,
  partsOfToken,
  STATE,
  TOKEN,
} from '../support/markers.ts'
import { temporaryFolder } from '../support/stack-process.ts'
import { startTestApi, type TestApi } from '../support/stui-api.ts'

const STUI_ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 5).toString('base64url')}`

const root = temporaryFolder()
let api: TestApi
let sealed: MarkedDay
let plain: MarkedDay

beforeAll(async () => {
  api = await startTestApi()
  sealed = await liveMarkedDay({ api, root, name: 'sealed', settings: { STUI_ENCRYPTION_KEYS } })
  plain = await liveMarkedDay({ api, root, name: 'plain', settings: {} })
})

afterAll(async () => {
  await api.stop()
  rmSync(root, { recursive: true })
})

const days = [
  ['with encryption', () => sealed],
  ['without encryption', () => plain],
] as const

describe.each(days)('a day at a bridge and a Worker %s', (_, day) => {
  it('gives the owner back what was marked', () => {
    const { restored } = day()
    for (const name of COMPONENTS) expect(JSON.stringify(restored[name])).toContain(STATE)
  })

  it('says nothing of a token, in no log line, answer, event or audit row', () => {
    const { told, tokens } = day()
    expect(told.length).toBeGreaterThan(200)
    expect(linesWithMarks(told, [TOKEN, ...tokens.flatMap(partsOfToken)])).toEqual([])
  })

  it('says nothing of state, but to the owner who asks for it', () => {
    expect(linesWithMarks(day().told, [STATE])).toEqual([])
  })

  it('keeps no token in the journal, which the developer may list and save', () => {
    const { shown, tokens } = day()
    const lines = [shown.listed, shown.exported]
    expect(linesWithMarks(lines, [TOKEN, ...tokens.flatMap(partsOfToken)])).toEqual([])
    expect(shown.listed).not.toContain(STATE)
    expect(shown.exported).toContain(STATE)
  })

  it('keeps no token in any file', () => {
    const { data, tokens } = day()
    expect(filesBelow(data).length).toBeGreaterThan(3)
    expect(filesWithMarks(data, [TOKEN, ...tokens.flatMap(partsOfToken)])).toEqual([])
  })
})

describe('the state of a day', () => {
  it('is in no file where it is encrypted, neither while everything runs nor afterwards', () => {
    expect(sealed.whileRunning).toEqual([])
    expect(filesWithMarks(sealed.data, [STATE])).toEqual([])
  })

  it('is in no file of the bridge while that keeps work which the Worker has not heard of', () => {
    expect([...sealed.journal, ...plain.journal]).toEqual([])
  })

  it('is found in the files where it is not: the search itself works', () => {
    expect(plain.whileRunning).not.toEqual([])
    expect(filesWithMarks(plain.data, [STATE])).not.toEqual([])
  })

  it('is logged by what was done: the logs were really looked at', () => {
    const text = sealed.told.join('\n')
    expect(text).toContain('"event":"command"')
    expect(text).toContain('payload_too_large')
    expect(text).toContain('revision_conflict')
  })

  it('is told of by events, asked for and heard: those were really looked at', () => {
    const text = sealed.told.join('\n')
    for (const source of ['/clients/desk', '/teams/atelier']) {
      expect(text).toContain(`"source":"${source}","type":"stream.opened"`)
    }
    for (const type of ['session.created', 'session.updated', 'session.moved', 'session.closed']) {
      // By get_events, and on the socket of the client and of the team.
      expect(text.split(`"type":"${type}"`).length).toBeGreaterThan(3)
    }
  })
})
