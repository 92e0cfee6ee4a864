// The documented shapes of components: they tell of the examples what get_context_summary counts.

import { describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../src/protocol/components.ts'
import { CONTEXT_SHAPES } from '../../src/protocol/context-shapes.ts'
import { components } from '../../src/protocol/reference-components.ts'
import { findCommand } from '../../src/protocol/registry.ts'
import { FIXTURES } from '../support/fixtures.ts'

/** Every component that an example of ours or of the seeds shows. */
function shown(): [string, unknown][] {
  const ours = ['restore_session', 'load_context'].map((name) => findCommand(name)?.example.result)
  const saved = findCommand('save_context')?.example.parameters.components
  const seeds = FIXTURES.flatMap(({ request }) => [request, request.parameters])
  return [...ours, saved, ...seeds].flatMap((members) =>
    Object.entries((members ?? {}) as object).filter(([name]) => name in CONTEXT_SHAPES)
  )
}

describe('the documented shapes', () => {
  it('are those of all components', () => {
    expect(Object.keys(CONTEXT_SHAPES).sort()).toEqual([...COMPONENTS].sort())
  })

  it('fit every component that an example shows', () => {
    const examples = shown()
    expect(new Set(examples.map(([name]) => name)).size).toBe(COMPONENTS.length)
    for (const [name, value] of examples) {
      const shape = CONTEXT_SHAPES[name as keyof typeof CONTEXT_SHAPES]
      expect(shape.safeParse(value).error, name).toBeUndefined()
    }
  })

  it('are printed with the members that are counted', () => {
    const page = components()
    for (const member of [
      'workspace_context.variables',
      'workspace_context.bindings',
      'workspace_context.error_state',
      'object_registry.*.refs',
      'inspector_state.selected_object',
      'inspector_state.views',
      'inspector_state.navigation',
      'inspector_state.custom_views',
      'evaluation_history[]',
    ]) {
      expect(page).toContain(`| \`${member}\` |`)
    }
  })
})
