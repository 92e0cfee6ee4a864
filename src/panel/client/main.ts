// The program of the panel: gives the page the machine's time, chance and timers, and starts it.

import type { Machine } from './machine.ts'
import { startPanel } from './start.ts'

/** What the clock of the service is ahead of the one here. */
let ahead = 0

const machine: Machine = {
  now: () => Date.now() + ahead,
  toldTime: (epochMs) => {
    if (Number.isFinite(epochMs)) ahead = epochMs - Date.now()
  },
  random: () => Math.random(),
  newId: () => crypto.randomUUID(),
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds)
    return () => clearTimeout(timer)
  },
}

startPanel(machine, (bytes) => crypto.getRandomValues(new Uint8Array(bytes)))
