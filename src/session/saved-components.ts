// The components that save_context got by name. What is no component is named in a warning and ignored.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { COMPONENTS, type Component, isComponent } from '../protocol/components.ts'
import { type Failure, fail, tooDeep } from '../protocol/failures.ts'
import { isArrayText, isObjectText, type JsonText, levels, outline } from '../protocol/json-text.ts'
import { MAX_NESTING } from '../protocol/limits.ts'
import { largeEntry } from './history.ts'
import type { Given } from './state.ts'

/** Characters of an unknown name that a warning repeats. */
const MAX_NAME_SHOWN = 64

/** Sorts the members of `components`; refuses one that cannot be kept. */
export function savedComponents(
  components: JsonText,
  warn: (sentence: string) => void
): Outcome<Given, Failure> {
  const given = new Map<Component, JsonText>()
  for (const [name, text] of outline(components).members) {
    if (!isComponent(name)) {
      warn(`Unknown component ${name.slice(0, MAX_NAME_SHOWN).toWellFormed()} was ignored.`)
      continue
    }
    // A null parameter is an absent one, wherever it stands.
    if (text === 'null') continue
    const refused = name === 'evaluation_history' ? refusedHistory(text) : refusedValue(name, text)
    if (refused !== undefined) return fail(refused)
    given.set(name, text)
  }
  if (given.size > 0) return succeed(given)
  return fail({
    reason: 'invalid_parameter',
    path: 'components',
    detail: `it has none of ${COMPONENTS.join(', ')}`,
  })
}

function refusedValue(name: Component, text: JsonText): Failure | undefined {
  if (isObjectText(text) || isArrayText(text)) return undefined
  return {
    reason: 'invalid_parameter',
    path: `components.${name}`,
    detail: 'an object or an array',
  }
}

/** One entry by itself is about to stand in an array, which is one level more. */
function refusedHistory(text: JsonText): Failure | undefined {
  const path = 'components.evaluation_history'
  if (!isArrayText(text) && levels(text) >= MAX_NESTING) return tooDeep(path).failure
  return largeEntry(text, path)
}
