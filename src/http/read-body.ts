// Reads a request's body as text: bounded while it arrives, and UTF-8 or refused.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { MAX_MESSAGE_BYTES } from '../protocol/limits.ts'

export type Body = { readonly text: string; readonly bytes: number }

/** Reads at most `MAX_MESSAGE_BYTES`; what is larger is refused without being kept. */
export async function readBody(request: Request): Promise<Outcome<Body, Failure>> {
  const announced = Number(request.headers.get('content-length') ?? Number.NaN)
  if (announced > MAX_MESSAGE_BYTES) return tooLarge(announced)
  const bytes = Number.isNaN(announced)
    ? await readBounded(request)
    : new Uint8Array(await request.arrayBuffer())
  if (bytes.length > MAX_MESSAGE_BYTES) return tooLarge(bytes.length)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    return succeed({ text, bytes: bytes.length })
  } catch {
    return fail({ reason: 'parse_error', detail: 'it is not UTF-8' })
  }
}

/** Reads a body of unknown length; stops one chunk behind the limit. */
async function readBounded(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > MAX_MESSAGE_BYTES) break
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function tooLarge(bytes: number) {
  return fail({ reason: 'payload_too_large', bytes, limit: MAX_MESSAGE_BYTES })
}
