// What the context commands mean: the same changes as an update or a restore, said by components.

import type { Component } from '../../../src/protocol/components.ts'
import { inOrder } from '../../../src/session/state.ts'
import {
  move as changeImage,
  lookAt,
  type Model,
  type ModelSession,
  write,
} from './client-model.ts'
import { needsActive, type Plan, update } from './plans.ts'
import type { Step } from './steps.ts'
import { asMap, written } from './told.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

/** An update that replaces; history, which grows, is not among the components of a model. */
export function save(model: Model, session: ModelSession, step: StepOf<'save'>): Plan {
  const plan = update(model, session, { ...step, kind: 'update', mode: 'replace' })
  const { session_id, if_revision, on_conflict, label } = plan.parameters
  const members = [...asMap(step.texts)].map(([name, text]) => [name, JSON.parse(text)])
  return {
    ...plan,
    command: 'save_context',
    parameters: {
      session_id,
      components: Object.fromEntries(members),
      ...(if_revision !== undefined && { if_revision, on_conflict }),
      ...(label !== undefined && { label }),
    },
  }
}

/** The session goes on in another image with all that it holds. */
export function move(model: Model, session: ModelSession, { image }: StepOf<'move'>): Plan {
  const { revision } = session.newest
  return {
    command: 'switch_image_context',
    parameters: { session_id: session.id, from_image_id: session.image, to_image_id: image },
    refusal: session.image === image ? 'invalid_parameter' : needsActive(model, session),
    apply: () => {
      changeImage(model, session, image)
      return { image_id: image, snapshot_revision: revision, revision: revision + 1 }
    },
  }
}

export function clear(model: Model, session: ModelSession, { names }: StepOf<'clear'>): Plan {
  return {
    command: 'clear_context',
    parameters: { session_id: session.id, components: names },
    refusal: needsActive(model, session),
    apply: () => {
      const wanted = new Map<Component, null>(names.map((name) => [name, null]))
      return written(session, write(model, session, wanted))
    },
  }
}

export function load(model: Model, session: ModelSession, { names }: StepOf<'load'>): Plan {
  return {
    command: 'load_context',
    parameters: { session_id: session.id, components: names },
    refusal: needsActive(model, session),
    apply: () => {
      lookAt(model, session)
      const { state, revision } = session.newest
      const told = inOrder(names).map((name) => [name, JSON.parse(state.get(name)?.text ?? '{}')])
      return { ...Object.fromEntries(told), revision }
    },
  }
}
