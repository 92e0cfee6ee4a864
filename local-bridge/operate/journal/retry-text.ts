// What became of changes that were put back, as people and programs read it. Pure. Never a message.

import { counted } from '../words.ts'
import type { Chosen } from './choose.ts'
import { meaningOf } from './records.ts'
import type { Fates, WaitingFor } from './retry.ts'

const NUMBER_WIDTH = 10

/** A sentence for each fate, and what was refused again with its reason. */
export function fatesText({ delivered, refused, waiting, waitingFor }: Fates): string {
  const lines = refused.map(
    ({ chosen, reason }) =>
      `${String(chosen.named.sequence).padEnd(NUMBER_WIDTH)}${reason}: ${meaningOf(reason)}\n`
  )
  return [
    ...(delivered.length > 0 ? [`${counted(delivered.length, 'change')} delivered.\n`] : []),
    ...(refused.length > 0
      ? [`${counted(refused.length, 'change')} refused again and kept:\n`, ...lines]
      : []),
    ...(waitingFor === undefined
      ? []
      : [`${counted(waiting.length, 'change')} waiting: ${whatFor(waitingFor)}.\n`]),
  ].join('')
}

function whatFor(waitingFor: WaitingFor): string {
  switch (waitingFor) {
    case 'bridge':
      return 'sent when the bridge is started and the service answers'
    case 'service':
      return 'the service is away, and they are sent when it is back'
    case 'turn':
      return 'the bridge goes on sending; stui-bridge journal shows what is left'
    default:
      return waitingFor satisfies never
  }
}

/** One line for programs. */
export function fatesJson({ delivered, refused, waiting, waitingFor }: Fates): string {
  const told = {
    retried: delivered.length + refused.length + waiting.length,
    delivered: delivered.map(sequenceOf),
    refused: refused.map(({ chosen, reason }) => ({
      ...{ sequence: sequenceOf(chosen), reason, meaning: meaningOf(reason) },
    })),
    waiting: waiting.map(sequenceOf),
    waiting_for: waitingFor ?? null,
  }
  return `${JSON.stringify(told)}\n`
}

function sequenceOf({ named }: Chosen): number {
  return named.sequence
}
