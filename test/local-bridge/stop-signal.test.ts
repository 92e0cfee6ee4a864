// Ctrl-C and its relatives, once and twice.

import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { stopSignal } from '../../local-bridge/stop-signal.ts'
import { createManualTimer } from '../support/manual-timer.ts'

function program() {
  const signals = new EventEmitter()
  const codes: number[] = []
  return {
    codes,
    on: (signal: string, hear: () => void) => signals.on(signal, hear),
    exit: (code: number) => codes.push(code),
    send: (signal: string) => signals.emit(signal),
  }
}

describe('a signal to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('asks for an orderly end: %s', async (signal) => {
    const process = program()
    const told = stopSignal(createManualTimer(), process)
    process.send(signal)
    await told
    expect(process.codes).toEqual([])
  })

  it('ends the process at once when it comes again', () => {
    const process = program()
    const timer = createManualTimer()
    void stopSignal(timer, process)
    process.send('SIGINT')
    timer.advance(600)
    process.send('SIGTERM')
    expect(process.codes).toEqual([128 + 15])
  })

  it('ends the process at once when another one follows', () => {
    const process = program()
    void stopSignal(createManualTimer(), process)
    process.send('SIGINT')
    process.send('SIGTERM')
    expect(process.codes).toEqual([128 + 15])
  })

  it('counts once when npm passes on what the terminal has sent already', () => {
    const process = program()
    const timer = createManualTimer()
    void stopSignal(timer, process)
    process.send('SIGINT')
    timer.advance(20)
    process.send('SIGINT')
    expect(process.codes).toEqual([])
  })
})
