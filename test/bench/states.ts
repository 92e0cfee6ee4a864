// Developers' states of an exact size: JSON of the kind that a workspace and its inspectors leave behind.

const STEP_DIGITS = 10

/** Makes states of `bytes` bytes; each step gives a different one. */
export type StateMaker = (step: number) => string

/** @example const state = stateMaker(2_000); state(1) !== state(2) */
export function stateMaker(bytes: number): StateMaker {
  const head = '{"step":"'
  const rest = bodyOf(bytes - head.length - STEP_DIGITS)
  return (step) => `${head}${String(step).padStart(STEP_DIGITS, '0')}${rest}`
}

/** What follows the step, in exactly `length` bytes of ASCII. */
function bodyOf(length: number): string {
  const opening = '","workspace":"| account | account := Account new.\\n","variables":{'
  const closing = (filler: string) => `},"filler":"${filler}"}`
  const room = length - opening.length - closing('').length
  const variables: string[] = []
  let used = 0
  for (let number = 1; ; number += 1) {
    const next = variable(number)
    if (used + next.length + 1 > room) break
    variables.push(next)
    used += next.length + (number === 1 ? 0 : 1)
  }
  return `${opening}${variables.join(',')}${closing('x'.repeat(room - used))}`
}

function variable(number: number): string {
  const value = {
    class: number % 3 === 0 ? 'OrderedCollection' : 'Account',
    oid: 1_000_000 + number,
    printString: `an Account(#${number} 'savings')\tbalance: ${number * 37}`,
    fields: [number, null, true, { depth: 2 }],
  }
  return `"var${number}":${JSON.stringify(value)}`
}
