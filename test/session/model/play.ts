// Plays a sequence of steps to the engine and to the model, and compares them after each.

import { expect } from 'vitest'
import { cleanup } from '../../../src/session/cleanup.ts'
import { inOrder } from '../../../src/session/state.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump } from '../../support/engine-rows.ts'
import { CLIENT } from '../../support/engine-sessions.ts'
import { DAY, SECOND } from '../../support/fixed-clock.ts'
import {
  activeOf,
  clean,
  emptyModel,
  type Kept,
  type Model,
  type ModelSession,
} from './client-model.ts'
import * as contextPlans from './context-plans.ts'
import { expectSameRows } from './expect-same-rows.ts'
import * as plans from './plans.ts'
import type { Step } from './steps.ts'

type Sent = { readonly plan: plans.Plan; readonly key: string; readonly at: number }

/** A play in progress. */
type Stage = { readonly host: EngineHost; readonly model: Model; readonly sent: Sent[] }

type Command = Exclude<Step, { kind: 'wait' | 'repeat' | 'read' | 'clean' }>

export function play(host: EngineHost, steps: readonly Step[]): void {
  const stage: Stage = { host, model: emptyModel(host.clock), sent: [] }
  for (const step of steps) {
    perform(stage, step)
    expectSameRows(host, stage.model)
  }
  expectNothingLost(stage)
}

function perform(stage: Stage, step: Step): void {
  const { host, model } = stage
  if (step.kind === 'wait') host.clock.advance(step.milliseconds)
  else if (step.kind === 'repeat') repeat(stage)
  else if (step.kind === 'read') read(stage, picked(model, step))
  else if (step.kind === 'clean') {
    cleanup(host.store, host.limits, host.clock.now())
    clean(model)
  } else {
    const plan = planOf(model, step)
    if (plan !== undefined) carryOut(stage, plan)
  }
}

/** What a command means now; nothing if it needs a session and there is none. */
function planOf(model: Model, step: Command): plans.Plan | undefined {
  if (step.kind === 'create') return plans.create(model, step)
  if (step.kind === 'latest') return plans.latest(model, step.revive)
  const session = picked(model, step)
  if (session === undefined) return undefined
  switch (step.kind) {
    case 'update':
      return plans.update(model, session, step)
    case 'save':
      return contextPlans.save(model, session, step)
    case 'move':
      return contextPlans.move(model, session, step)
    case 'clear':
      return contextPlans.clear(model, session, step)
    case 'load':
      return contextPlans.load(model, session, step)
    case 'revert':
      return plans.revert(model, session, step)
    case 'restore':
      return plans.restore(model, session, step.revive)
    case 'look back':
      return plans.lookBack(model, session, step)
    case 'close':
      return plans.close(model, session)
  }
}

function picked({ sessions }: Model, { pick }: { readonly pick: number }) {
  return sessions[pick % sessions.length]
}

function carryOut({ host, model, sent }: Stage, plan: plans.Plan): void {
  const key = `key ${sent.length}`
  const reply = host.send(plan.command, plan.parameters, { key })
  expect(reply.ok ? undefined : reply.failure.reason).toBe(plan.refusal)
  if (!reply.ok) return
  model.command = plan.command
  expect(reply.result).toMatchObject(plan.apply(reply.result.session_id))
  sent.push({ plan, key, at: host.clock.now() })
}

/** The last request again: within a day it is answered again and changes nothing. */
function repeat({ host, sent }: Stage): void {
  const last = sent.at(-1)
  if (last === undefined || host.clock.now() - last.at >= DAY) return
  const before = dump(host.sql)
  const { command, parameters } = last.plan
  expect(host.done(command, parameters, { key: last.key }).replayed).toBe(true)
  expect(dump(host.sql)).toBe(before)
}

/** Every command that only reads; none of them may write. */
function read({ host, model }: Stage, session: ModelSession | undefined): void {
  if (session === undefined) return
  const { id, newest, earlier, usage } = session
  const before = dump(host.sql)
  const info = host.done('get_session_info', { session_id: id }).result
  const { revisions } = host.done('list_session_revisions', { session_id: id }).result
  const summary = host.done('get_context_summary', { session_id: id }).result
  const from_revision = earlier[0]?.revision ?? newest.revision
  const diff = host.done('diff_session_revisions', { session_id: id, from_revision }).result
  const active = host.done('list_client_sessions', { client_id: CLIENT }).result
  const all = host.done('list_client_sessions', { client_id: CLIENT, include: 'all' }).result
  expect(dump(host.sql)).toBe(before)
  expect(info.revision).toBe(newest.revision)
  expect(info.usage?.active_seconds).toBe(Math.floor(usage.activeMs / SECOND))
  expect(revisions.map(({ revision }) => revision)).toEqual(
    [...earlier, newest].map(({ revision }) => revision).reverse()
  )
  expect(Object.keys(summary.components)).toEqual(inOrder(newest.state.keys()))
  expect(diff.changed).toEqual(differing(earlier[0] ?? newest, newest))
  expect(active.session_count).toBe(activeOf(model).length)
  expect(all.session_count).toBe(model.sessions.length)
}

/** Components that have another text, or that only one of the two has. */
function differing(one: Kept, other: Kept) {
  const names = inOrder([...one.state.keys(), ...other.state.keys()])
  return names.filter((name) => one.state.get(name)?.text !== other.state.get(name)?.text)
}

/** Brings every session back, one at a time, and compares every revision: those that must be kept, and no others. */
function expectNothingLost(stage: Stage): void {
  const { model } = stage
  for (const session of model.sessions) {
    for (const active of activeOf(model)) carryOut(stage, plans.close(model, active))
    carryOut(stage, plans.restore(model, session, true))
    for (let back = 1; back < session.newest.revision; back += 1) {
      carryOut(stage, plans.lookBack(model, session, { kind: 'look back', pick: 0, back }))
    }
  }
}
