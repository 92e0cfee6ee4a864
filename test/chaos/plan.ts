// What happens in one run, made from its seed alone: what each TUI does, and what breaks when. Pure.

import { type Dice, seededDice } from './dice.ts'

/** How a TUI names its messages: a key of its own, an id that nobody repeats, or a plain number. */
export type Naming = 'key' | 'unique' | 'plain'

export type Step = {
  readonly kind: 'append' | 'merge' | 'replace' | 'read' | 'create' | 'list'
  /** What the TUI's user does before. */
  readonly pauseMs: number
}

export type TuiPlan = {
  readonly client_id: string
  /** The TUI whose session this one works in: itself, or one before it. */
  readonly worksWith: number
  readonly naming: Naming
  readonly steps: readonly Step[]
  /** Closes its session when its work is done. */
  readonly closes: boolean
}

/** What the network does to single requests: how often each. */
export type Weather = Readonly<Record<Mishap, number>>

export type Mishap =
  | 'request_lost'
  | 'answer_lost'
  | 'answer_swallowed'
  | 'delayed'
  | 'held_back'
  | 'twice'
  | 'echoed'

export type Trouble =
  /** Connections break and none can be made. */
  | 'cut'
  /** Nothing gets through and nobody is told; what was swallowed arrives late, or never. */
  | 'frozen'
  | 'swallowed'
  | 'bad_weather'
  | 'bridge_restarted'
  | 'bridge_killed'
  | 'bridge_frozen'
  | 'worker_killed'
  | 'worker_frozen'

export type Storm = {
  readonly afterMs: number
  readonly trouble: Trouble
  readonly forMs: number
}

export type Plan = {
  readonly seed: number
  /** Processes of this run's own, to be killed and frozen; otherwise it shares them with others. */
  readonly ownBridge: boolean
  readonly ownWorker: boolean
  readonly tuis: readonly TuiPlan[]
  readonly weather: Weather
  readonly storms: readonly Storm[]
  /** Changes that another machine makes meanwhile, in the session of the first TUI. */
  readonly elsewhere: readonly { readonly afterMs: number }[]
  /** The trouble in which the work ends, and how long it lasts after that. */
  readonly last: Storm
}

/** Of all runs, the share that has a bridge of its own to be killed and frozen, and the share that has a Worker. */
export const FEW_APART = 0.06

/** `apart` is that share: the same seed with another share is another plan. */
export function planOf(seed: number, apart = FEW_APART): Plan {
  const dice = seededDice(seed)
  const ownBridge = dice.happens(apart)
  const ownWorker = dice.happens(apart)
  const troubles: [Trouble, ...Trouble[]] = [
    ...(['cut', 'frozen', 'swallowed', 'bad_weather', 'bad_weather', 'bad_weather'] as const),
    ...(ownBridge ? (['bridge_killed', 'bridge_killed', 'bridge_frozen'] as const) : []),
    ...(ownBridge ? [] : (['bridge_restarted'] as const)),
    ...(ownWorker ? (['worker_killed', 'worker_killed', 'worker_frozen'] as const) : []),
  ]
  return {
    seed,
    ownBridge,
    ownWorker,
    tuis: tuisOf(seed, dice),
    weather: weatherOf(dice),
    storms: Array.from({ length: dice.between(1, 4) }, () => stormOf(dice, troubles)),
    elsewhere: dice.happens(0.25)
      ? Array.from({ length: dice.between(1, 3) }, () => ({ afterMs: dice.between(0, 400) }))
      : [],
    last: {
      trouble: dice.pick(troubles),
      afterMs: dice.between(0, 400),
      forMs: dice.happens(0.1) ? dice.between(2000, 4000) : dice.between(0, 500),
    },
  }
}

function stormOf(dice: Dice, troubles: [Trouble, ...Trouble[]]): Storm {
  return {
    afterMs: dice.between(0, 150),
    trouble: dice.pick(troubles),
    forMs: dice.between(0, 500),
  }
}

function tuisOf(seed: number, dice: Dice): TuiPlan[] {
  const clients = dice.between(1, 2)
  const count = dice.between(2, 4)
  const tuis: TuiPlan[] = []
  for (let number = 0; number < count; number += 1) {
    const joins = number > 0 && dice.happens(0.35) ? dice.between(0, number - 1) : number
    const host = tuis[joins]
    tuis.push({
      client_id: host?.client_id ?? `chaos-${seed}-${dice.between(1, clients)}`,
      worksWith: host?.worksWith ?? number,
      naming: dice.pick(['key', 'unique', 'plain', 'plain']),
      steps: Array.from({ length: dice.between(5, 12) }, () => stepOf(dice)),
      closes: host === undefined && dice.happens(0.15),
    })
  }
  // Nobody closes what others work in.
  return tuis.map((tui, number) => ({
    ...tui,
    closes: tui.closes && tuis.every(({ worksWith }, n) => n === number || worksWith !== number),
  }))
}

function stepOf(dice: Dice): Step {
  const kind = dice.pick([
    ...(['append', 'append', 'append', 'merge', 'merge', 'replace', 'replace'] as const),
    ...(['read', 'read', 'list', 'create'] as const),
  ])
  return { kind, pauseMs: dice.happens(0.25) ? 0 : dice.between(10, 250) }
}

/** Most runs have one kind of mishap more than others. */
function weatherOf(dice: Dice): Weather {
  const share = () => (dice.happens(0.3) ? 0.15 : 0.03)
  return {
    request_lost: share(),
    answer_lost: share(),
    answer_swallowed: share() / 3,
    delayed: share() * 2,
    held_back: share(),
    twice: share(),
    echoed: share(),
  }
}
