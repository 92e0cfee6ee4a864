// What the page takes from the machine that it runs on: time, chance and timers. Made in main.ts, given to everybody.

export type Machine = {
  /** Epoch milliseconds by the clock of the service, as far as it is known. */
  now(): number
  /** Notes what time the service told just now. */
  toldTime(epochMs: number): void
  /** From 0 up to 1. */
  random(): number
  newId(): string
  /** Runs the work later; gives what cancels it. */
  after(milliseconds: number, work: () => void): () => void
}
