// What may happen to a client: commands, and time.

import fc from 'fast-check'
import { COMPONENTS, type Component } from '../../../src/protocol/components.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../support/fixed-clock.ts'

export type Texts = Readonly<Partial<Record<Component, string>>>

/** `pick` chooses one of the sessions there are; `back` counts revisions from the newest. */
export type Step =
  | { readonly kind: 'create'; readonly timeout: number; readonly texts: Texts }
  | {
      readonly kind: 'update'
      readonly pick: number
      readonly texts: Texts
      readonly mode: 'replace' | 'merge'
      readonly guard: 'none' | 'newest' | 'earlier' | 'later'
      readonly onConflict: 'error' | 'copy'
      readonly label?: string | undefined
    }
  | {
      readonly kind: 'save'
      readonly pick: number
      readonly texts: Texts
      readonly guard: 'none' | 'newest' | 'earlier' | 'later'
      readonly onConflict: 'error' | 'copy'
      readonly label?: string | undefined
    }
  | { readonly kind: 'move'; readonly pick: number; readonly image: string }
  | { readonly kind: 'clear'; readonly pick: number; readonly names: readonly Component[] }
  | { readonly kind: 'load'; readonly pick: number; readonly names: readonly Component[] }
  | {
      readonly kind: 'revert'
      readonly pick: number
      readonly back: number
      readonly label?: string | undefined
    }
  | { readonly kind: 'restore'; readonly pick: number; readonly revive: boolean }
  | { readonly kind: 'look back'; readonly pick: number; readonly back: number }
  | { readonly kind: 'latest'; readonly revive: boolean }
  | { readonly kind: 'close'; readonly pick: number }
  | { readonly kind: 'read'; readonly pick: number }
  | { readonly kind: 'repeat' }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'clean' }

/** Sessions in the reach of `pick`; few, so that most steps meet the same ones. */
const pick = fc.nat({ max: 7 })

const back = fc.nat({ max: 12 })

/** Few values and keys, so that steps often repeat, undo and contradict one another. */
const leaf = fc.constantFrom(0, 1, 'x', null, [1, null], 'long '.repeat(20))

const tree = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(leaf, fc.dictionary(fc.constantFrom('a', 'd'), leaf, { maxKeys: 2 })),
  { maxKeys: 3 }
)

const text = fc
  .oneof({ arbitrary: tree, weight: 5 }, { arbitrary: fc.array(leaf, { maxLength: 2 }), weight: 1 })
  .map((value) => JSON.stringify(value))

const texts: fc.Arbitrary<Texts> = fc
  .dictionary(fc.constantFrom(...COMPONENTS.slice(0, 3)), text, { minKeys: 1, maxKeys: 2 })
  .map((given) => ({ ...given }))

const wait = fc.oneof(
  { arbitrary: fc.constantFrom(6 * SECOND, MINUTE, HOUR, DAY, 30 * DAY), weight: 2 },
  { arbitrary: fc.integer({ min: 1, max: 90 * SECOND }), weight: 3 },
  { arbitrary: fc.integer({ min: MINUTE, max: 2 * HOUR }), weight: 3 },
  { arbitrary: fc.integer({ min: HOUR, max: 40 * DAY }), weight: 1 }
)

const timeout = fc.constantFrom(60, 3600, 86_400)

const guard = fc.constantFrom(
  'none' as const,
  'none' as const,
  'newest' as const,
  'earlier' as const,
  'later' as const
)

const onConflict = fc.constantFrom('error' as const, 'copy' as const)

/** Mostly none: a name is for what somebody wants to find again. */
const label = fc.option(fc.constantFrom('lunch', 'tea'), { nil: undefined, freq: 4 })

const mode = fc.constantFrom('replace' as const, 'merge' as const)

const names = fc.uniqueArray(fc.constantFrom(...COMPONENTS.slice(0, 3)), { minLength: 1 })

const update = fc.record({
  kind: fc.constant('update' as const),
  pick,
  texts,
  mode,
  guard,
  onConflict,
  label,
})

const save = fc.record({
  kind: fc.constant('save' as const),
  pick,
  texts,
  guard,
  onConflict,
  label,
})

const image = fc.constantFrom('Pharo 11', 'Pharo 12')

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: update, weight: 6 },
  { arbitrary: save, weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('clear' as const), pick, names }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('load' as const), pick, names }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('create' as const), timeout, texts }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('move' as const), pick, image }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('revert' as const), pick, back, label }), weight: 3 },
  {
    arbitrary: fc.record({ kind: fc.constant('restore' as const), pick, revive: fc.boolean() }),
    weight: 3,
  },
  { arbitrary: fc.record({ kind: fc.constant('look back' as const), pick, back }), weight: 1 },
  {
    arbitrary: fc.record({ kind: fc.constant('latest' as const), revive: fc.boolean() }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constant('close' as const), pick }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('read' as const), pick }), weight: 2 },
  { arbitrary: fc.constant({ kind: 'repeat' as const }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: wait }), weight: 4 },
  { arbitrary: fc.constant({ kind: 'clean' as const }), weight: 2 }
)

/** A life of a client. */
export const steps: fc.Arbitrary<Step[]> = fc.array(step, {
  minLength: 1,
  maxLength: 40,
  size: 'max',
})
