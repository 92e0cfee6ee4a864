// Chance that is the same in every run with the same seed (mulberry32).

export type Dice = {
  /** A number from 0 up to 1. */
  roll(): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  /** True so often. */
  happens(share: number): boolean
  pick<Value>(values: readonly [Value, ...Value[]]): Value
}

/** @example seededDice(1).pick(['a', 'b']) */
export function seededDice(seed: number): Dice {
  let state = seed >>> 0

  function roll(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  function between(least: number, most: number): number {
    return least + Math.floor(roll() * (most - least + 1))
  }

  return {
    roll,
    between,
    happens: (share) => roll() < share,
    pick: (values) => values[between(0, values.length - 1)] ?? values[0],
  }
}
