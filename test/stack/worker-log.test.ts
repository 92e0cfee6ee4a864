import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkerLog } from '../../local-bridge/stack/worker-log.ts'
import { temporaryFolder } from '../support/stack-process.ts'

const AT = Date.parse('2026-11-21T10:00:00.000Z')

let folder: string
let file: string
let lost: unknown[]

beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder, 'worker.log')
  lost = []
})

afterEach(() => rmSync(folder, { recursive: true }))

const open = (fullBytes?: number) =>
  openWorkerLog({
    file,
    onLost: (error) => lost.push(error),
    ...(fullBytes !== undefined && { fullBytes }),
  })

const lines = (path = file) => readFileSync(path, 'utf8').trim().split('\n')

describe("the file of the Worker's log", () => {
  it('takes each event as one line of JSON with its time', () => {
    const log = open()
    log.write({ at: AT, text: '{"event":"command","status":200}' })
    log.close()
    expect(lines()).toEqual(['{"time":"2026-11-21T10:00:00.000Z","event":"command","status":200}'])
  })

  it('takes what is no event as one line too', () => {
    const log = open()
    log.write({ at: AT, text: 'workerd says\nsomething' })
    log.close()
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      { time: '2026-11-21T10:00:00.000Z', event: 'runtime', text: 'workerd says\nsomething' },
    ])
  })

  it('goes on where the last run ended', () => {
    appendFileSync(file, '{"event":"earlier"}\n')
    const log = open()
    log.write({ at: AT, text: '{"event":"later"}' })
    log.close()
    expect(lines()).toHaveLength(2)
  })

  it('is put aside as worker.log.1 when it is full, so that two files are the most', () => {
    const log = open(100)
    for (let count = 1; count <= 7; count += 1) log.write({ at: AT, text: `{"count":${count}}` })
    log.close()
    expect(lines(`${file}.1`).map((line) => JSON.parse(line).count)).toEqual([4, 5, 6])
    expect(lines().map((line) => JSON.parse(line).count)).toEqual([7])
  })

  it('is for its owner alone', () => {
    open().close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('tells once that lines are lost, and disturbs nobody', () => {
    const log = open(1)
    mkdirSync(`${file}.1`)
    for (let count = 0; count < 3; count += 1) log.write({ at: AT, text: '{}' })
    expect(lost).toHaveLength(1)
  })

  it('goes on in the file that it has where that cannot be put aside, and never in another', () => {
    const log = open(1)
    mkdirSync(`${file}.1`)
    log.write({ at: AT, text: '{"count":1}' })
    const other = opensAnother()
    log.write({ at: AT, text: '{"count":2}' })
    log.close()
    expect(other()).toBe('')
    expect(lines().map((line) => JSON.parse(line).count)).toEqual([1, 2])
  })

  it('takes nothing after it was closed, when its number belongs to another file', () => {
    const log = open()
    log.close()
    const other = opensAnother()
    log.write({ at: AT, text: '{}' })
    expect(other()).toBe('')
    expect(lost).toEqual([])
  })
})

/** A file that gets the first number that is free; gives what reads it. */
function opensAnother(): () => string {
  const path = join(folder, 'other')
  const descriptor = openSync(path, 'w')
  return () => {
    closeSync(descriptor)
    return readFileSync(path, 'utf8')
  }
}
