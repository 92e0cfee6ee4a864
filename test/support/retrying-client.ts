// Asks as STUI's Rust client does: a plain REQ that gives up after a time, and some retries, each from a new socket.

import { connectReq } from './req-client.ts'

export type Answered = { readonly reply: Buffer; readonly attempts: number }

export type RetryOptions = {
  readonly timeoutMs?: number
  readonly retries?: number
  /** An attempt got no reply, and another one is about to be made. */
  readonly onRetry?: () => void
}

/** Rejects if no attempt got a reply. */
export async function askWithRetries(
  endpoint: string,
  message: string | Uint8Array,
  { timeoutMs = 5000, retries = 3, onRetry = () => {} }: RetryOptions = {}
): Promise<Answered> {
  for (let attempts = 1; attempts <= retries + 1; attempts += 1) {
    const client = connectReq(endpoint, { timeoutMs })
    const reply = await client.send(message).catch(() => undefined)
    client.close()
    if (reply !== undefined) return { reply, attempts }
    onRetry()
  }
  throw new Error('stuck: no attempt got a reply')
}
