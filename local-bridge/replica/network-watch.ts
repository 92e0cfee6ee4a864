// Notices that this machine has joined or left a network, by its addresses: cheap enough to look every second.

import { networkInterfaces } from 'node:os'
import type { Timer } from '../timer.ts'

const EVERY_MS = 1000

/** Calls back after each change of the machine's addresses; gives what ends the watch. */
export function watchNetwork(
  timer: Timer,
  onChange: () => void,
  addresses: () => string = currentAddresses
): () => void {
  let known = addresses()
  let cancel = timer.after(EVERY_MS, look)

  function look(): void {
    const now = addresses()
    cancel = timer.after(EVERY_MS, look)
    if (now === known) return
    known = now
    onChange()
  }

  return () => cancel()
}

function currentAddresses(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, entries]) => (entries ?? []).map(({ address }) => `${name} ${address}`))
    .sort()
    .join()
}
