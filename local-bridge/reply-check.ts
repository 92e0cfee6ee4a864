// Tells whether an HTTP body is an answer of the session service. What is none, such as a proxy's page, is never passed on.

import { isUtf8 } from 'node:buffer'
import { asJsonText } from '../src/protocol/json-text.ts'

const ID = /"id"\s*:\s*(?:null|-?[\d.eE+-]+|"(?:[^"\\]|\\.)*")\s*,\s*/.source
const RESPONSE = /"response_type"\s*:\s*"(\w{1,64})"/.source

/** How the service's own writer begins; read alone, so that a megabyte of state is not parsed to be passed on. */
const HEADS = [
  new RegExp(`^\\s*\\{\\s*${ID}"status"\\s*:\\s*"(success|error)"`),
  new RegExp(
    `^\\{${ID}"version":"[\\d.]+","timestamp":"[^"]+","payload":\\{"type":"Response","data":\\{${RESPONSE}`
  ),
  new RegExp(`^\\{${RESPONSE}`),
]

/** Holds any message id with every character escaped. */
const HEAD_BYTES = 2048

const CLOSE_BRACE = 0x7d
const ERROR_CODE = /^[a-z_]{1,64}$/

/** What a head says of a refusal: in dialect A, and in dialects C and D. */
const REFUSALS: readonly (string | undefined)[] = ['error', 'Error']

/** "success" or the error code of an answer; undefined for what is no answer. */
export function outcomeOf(reply: Buffer): string | undefined {
  const head = reply.toString('latin1', 0, HEAD_BYTES)
  const said = HEADS.map((pattern) => pattern.exec(head)?.[1]).find((word) => word !== undefined)
  if (said !== undefined && !REFUSALS.includes(said) && reply.at(-1) === CLOSE_BRACE) {
    return 'success'
  }
  return parsedOutcome(reply)
}

/** What a refusal of the service says beside its sentence; in dialects C and D the values are texts. */
export function refusalDetails(reply: Buffer): Members | undefined {
  const value = parsed(reply)
  if (value === undefined) return undefined
  return object(
    value.status === undefined ? object(responseIn(value).data)?.details : value.details
  )
}

function parsedOutcome(reply: Buffer): string | undefined {
  const value = parsed(reply)
  if (value === undefined) return undefined
  return value.status === undefined ? typedOutcome(value) : canonicalOutcome(value)
}

function parsed(reply: Buffer): Members | undefined {
  const text = isUtf8(reply) ? asJsonText(reply.toString()) : undefined
  return text === undefined ? undefined : object(JSON.parse(text))
}

function canonicalOutcome({ status, error_code }: Members): string | undefined {
  if (status === 'success') return 'success'
  return status === 'error' ? code(error_code) : undefined
}

function typedOutcome(value: Members): string | undefined {
  const response = responseIn(value)
  if (typeof response.response_type !== 'string') return undefined
  if (response.response_type !== 'Error') return 'success'
  return code(object(object(response.data)?.details)?.error_code)
}

/** Dialect C wraps in a payload what D is. */
function responseIn(value: Members): Members {
  return object(object(value.payload)?.data) ?? value
}

function code(given: unknown): string {
  return typeof given === 'string' && ERROR_CODE.test(given) ? given : 'error'
}

type Members = Readonly<Record<string, unknown>>

function object(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined
}
