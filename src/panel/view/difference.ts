// What would change, line by line: out of the patches of diff_session_revisions in both directions, because a patch tells
// only what is new, and a reader wants to see what is lost, too.

import { isTree, writeExact } from './exact-json.ts'

/** One value that differs; undefined on a side where there is none. */
export type Line = {
  readonly component: string
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

type ComponentDiff = {
  readonly change: string
  readonly exact: boolean
  readonly patch?: unknown
}

export type Components = Readonly<Record<string, ComponentDiff>>

/** What differs, in the order of components and then as it was written. */
export function differences(forward: Components, backward: Components): Line[] {
  const names = Object.keys(forward).filter((name) => forward[name]?.change !== 'unchanged')
  return names.flatMap((component) => {
    const after = valuesOf(forward[component])
    const before = valuesOf(backward[component])
    return [...new Set([...before.keys(), ...after.keys()])]
      .map((path) => ({ component, path, before: before.get(path), after: after.get(path) }))
      .filter((line) => line.before !== line.after)
  })
}

/** Each value of a patch by its path. In a patch that is one, null means that nothing is there. */
function valuesOf(diff: ComponentDiff | undefined): Map<string, string> {
  const values = new Map<string, string>()
  if (diff?.patch === undefined) return values
  collect(diff.patch, '', (path, value) => {
    if (!(diff.exact && value === null)) values.set(path, writeExact(value))
  })
  return values
}

function collect(value: unknown, path: string, tell: (path: string, value: unknown) => void): void {
  if (!isTree(value) || Object.keys(value).length === 0) {
    tell(path, value)
    return
  }
  for (const [key, own] of Object.entries(value)) collect(own, joined(path, key), tell)
}

/** Keys that could be mistaken for a path are quoted. */
function joined(path: string, key: string): string {
  const name = /^[^\s."[\]]+$/u.test(key) ? key : JSON.stringify(key)
  return path === '' ? name : `${path}.${name}`
}
