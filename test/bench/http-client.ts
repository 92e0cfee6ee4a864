// Sends messages over HTTP on connections that stay open. An answer that is not a success is an error:
// a server that fails is never measured as fast.

import { Pool } from 'undici'

export type HttpClient = {
  /** Sends one message; gives the answer's bytes. Throws unless it is a success of at least `atLeast` bytes. */
  send(message: string, atLeast?: number): Promise<Buffer>
  close(): Promise<void>
}

const KEEP_ALIVE_MS = 60_000

/** The status stands at the beginning of an envelope, behind the id. */
const HEAD_BYTES = 256

/** @example const client = createHttpClient(host.url, 64) */
export function createHttpClient(url: string, connections: number): HttpClient {
  const pool = new Pool(url, { connections, keepAliveTimeout: KEEP_ALIVE_MS })
  return {
    async send(message, atLeast = 0) {
      const { statusCode, body } = await pool.request({
        path: '/v1/messages',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: message,
      })
      const answer = Buffer.from(await body.arrayBuffer())
      if (statusCode !== 200) throw new Error(`HTTP ${statusCode}: ${headOf(answer)}`)
      checkAnswer(answer, atLeast)
      return answer
    },
    close: () => pool.close(),
  }
}

/** Throws unless an answer is a success of at least `atLeast` bytes. */
export function checkAnswer(answer: Buffer, atLeast: number): void {
  const isSuccess = headOf(answer).includes('"status":"success"')
  if (!isSuccess || answer.length < atLeast) {
    throw new Error(`not the answer that was expected: ${headOf(answer)}`)
  }
}

function headOf(answer: Buffer): string {
  return answer.toString('latin1', 0, HEAD_BYTES)
}
