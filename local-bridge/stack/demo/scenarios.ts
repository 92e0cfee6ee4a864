// The three usage scenarios of the session protocol's specification (seed 000, "Example Usage Scenarios").

import type { Answer, Player } from './player.ts'
import { DemoFailed } from './player.ts'
import type { Show } from './show.ts'
import { ALICE, BOB, CAROL, type Components, restoredName } from './states.ts'

/** What a client has, as far as the client knows: what it must get back after everything. */
export type Held = {
  readonly player: Player
  readonly sessionId: string
  readonly components: Components
  readonly revision: number
}

export type Cast = { readonly alice: Player; readonly bob: Player; readonly carol: Player }

/** Plays all three and gives what each client holds at the end. */
export async function playScenarios(cast: Cast, show: Show): Promise<readonly Held[]> {
  const aliceId = await connectAndCreate(cast.alice, show)
  const alice = await keepState(cast.alice, aliceId, show)
  const others = await workTogether(cast, show)
  const carol = await recover(others.carol, show)
  await stayApart(others.bob, alice, show)
  return [alice, others.bob, carol]
}

async function connectAndCreate(alice: Player, show: Show): Promise<string> {
  show.heading('Scenario 1: client connection and session creation')
  const sessionId = await createdSession(alice)
  show.note('alice keeps the session id for everything that follows.')
  return sessionId
}

async function keepState(alice: Player, sessionId: string, show: Show): Promise<Held> {
  show.heading('Scenario 2: session state management')
  const held = await updated(alice, sessionId, ALICE)
  await restores(held, show)
  show.note('alice closes her TUI and comes back with a new connection.')
  alice.reconnect()
  await restores(held, show)
  return held
}

async function workTogether(
  { bob, carol }: Cast,
  show: Show
): Promise<{ readonly bob: Held; readonly carol: Held }> {
  show.heading('Scenario 3: several clients at the same image')
  const [bobId, carolId] = await Promise.all([createdSession(bob), createdSession(carol)])
  const [bobs, carols] = await Promise.all([
    updated(bob, bobId, BOB),
    updated(carol, carolId, CAROL),
  ])
  await Promise.all([restores(bobs, show), restores(carols, show)])
  return { bob: bobs, carol: carols }
}

/** An error says what to send next, and that works. */
async function recover(carol: Held, show: Show): Promise<Held> {
  const { player, sessionId } = carol
  show.note('carol closes her session by mistake.')
  await player.ask('close_session', { session_id: sessionId })
  const refused = await player.ask('restore_session', { session_id: sessionId })
  show.check('a closed session is refused with a way out', refused.error_code === 'session_closed')
  const [way] = refused.recovery
  if (way === undefined) throw new DemoFailed('The error told no way out.')
  show.note(`carol follows it: ${way.label}.`)
  const answer = await player.ask(way.command, way.parameters)
  compare(carol, answer, 'has what she had before the mistake', show)
  return carol
}

async function stayApart(bob: Held, alice: Held, show: Show): Promise<void> {
  show.note("bob got hold of the id of alice's session.")
  const { clientId } = bob.player
  const answer = await bob.player.ask('restore_session', {
    session_id: alice.sessionId,
    client_id: clientId,
  })
  show.check("bob cannot see alice's session", answer.error_code === 'session_not_found')
}

/** A client restores, and has what it holds. */
export async function restores(held: Held, show: Show): Promise<void> {
  const answer = await held.player.ask('restore_session', { session_id: held.sessionId })
  compare(held, answer, 'restored, equal to the byte', show)
}

function compare(held: Held, answer: Answer, claim: string, show: Show): void {
  const isEqual = Object.entries(held.components).every(
    ([component, text]) => answer.textOf(restoredName(component)) === text
  )
  const isNewest = answer.result?.revision === held.revision
  show.check(`${held.player.clientId}: ${claim}`, isEqual && isNewest)
}

async function createdSession(player: Player): Promise<string> {
  const { result } = await player.ask('create_session', {
    client_id: player.clientId,
    image_id: 'pharo-13',
  })
  if (result?.session_id === undefined) throw new DemoFailed('No session was created.')
  return result.session_id
}

async function updated(player: Player, sessionId: string, components: Components): Promise<Held> {
  const { result } = await player.ask('update_session_state', { session_id: sessionId }, components)
  if (result?.revision === undefined) throw new DemoFailed('The state was not kept.')
  return { player, sessionId, components, revision: result.revision }
}
