// Tells whether an HTTP body is an answer of the session service. What is none, such as a proxy's page, is never passed on.

import { isUtf8 } from 'node:buffer'
import { asJsonText } from '../src/protocol/json-text.ts'

/** How the service's own writer begins; read alone, so that a megabyte of state is not parsed to be passed on. */
const HEAD =
  /^\s*\{\s*"id"\s*:\s*(?:null|-?[\d.eE+-]+|"(?:[^"\\]|\\.)*")\s*,\s*"status"\s*:\s*"(success|error)"/

/** Holds any message id with every character escaped. */
const HEAD_BYTES = 2048

const CLOSE_BRACE = 0x7d
const ERROR_CODE = /^[a-z_]{1,64}$/

/** "success" or the error code of an answer; undefined for what is no answer. */
export function outcomeOf(reply: Buffer): string | undefined {
  const status = HEAD.exec(reply.toString('latin1', 0, HEAD_BYTES))?.[1]
  if (status === 'success' && reply.at(-1) === CLOSE_BRACE) return 'success'
  return parsedOutcome(reply)
}

function parsedOutcome(reply: Buffer): string | undefined {
  const text = isUtf8(reply) ? asJsonText(reply.toString()) : undefined
  if (text === undefined) return undefined
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('status' in value)) return undefined
  if (value.status === 'success') return 'success'
  if (value.status !== 'error') return undefined
  const code = 'error_code' in value ? value.error_code : undefined
  return typeof code === 'string' && ERROR_CODE.test(code) ? code : 'error'
}
