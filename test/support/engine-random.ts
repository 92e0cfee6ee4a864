// Random bytes that are the same in every run (xorshift32).

import type { RandomBytes } from '../../src/session/session-id.ts'

/** @example const random = seededBytes(1); random(16) */
export function seededBytes(seed: number): RandomBytes {
  let state = (seed % 0xffffffff) | 1
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return (state >>> 8) & 0xff
    })
}
