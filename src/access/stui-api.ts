// One request to the STUI API: limited in time, redirected nowhere, and an outcome whatever happens.

import { type Outcome, succeed } from '../outcome.ts'
import { type AccessFailure, unavailable } from './verifier.ts'

/** The part of the platform's fetch that is used. Pass the platform's own: `fetch: (url, init) => fetch(url, init)`. */
export type Fetch = (
  url: string,
  request: {
    readonly method: 'GET' | 'POST'
    readonly headers: Record<string, string>
    readonly body?: string
    /** Credentials and keys come from the address that was set, and from no other. */
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  }
) => Promise<{ readonly status: number; text(): Promise<string> }>

/** Gives a signal that aborts after so many milliseconds; tests pass one that they fire by hand. */
export type TimeLimit = (ms: number) => AbortSignal

/** The platform's own timer; the default, as it decides nothing but when to give up. */
export const systemTimeLimit: TimeLimit = (ms) => AbortSignal.timeout(ms)

/** Milliseconds that the STUI API may take: a client of the bridge is answered within 2.5 s. */
export const API_LIMIT_MS = 1500

export type Answer = { readonly status: number; readonly text: string }

/** What a request says; without a body it is a GET. */
export type Question = {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Sends the question. Any answer is a success, whatever its status. */
export async function ask(
  fetch: Fetch,
  { url, headers, body }: Question,
  signal: AbortSignal
): Promise<Outcome<Answer, AccessFailure>> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', ...headers },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal,
    })
    return succeed({ status: response.status, text: await response.text() })
  } catch {
    return unavailable(
      signal.aborted ? 'the STUI API did not answer in time' : 'the STUI API cannot be reached'
    )
  }
}

/** The JSON value of an answer with status 200; anything else is no answer. */
export function jsonOf({ status, text }: Answer): Outcome<unknown, AccessFailure> {
  if (status !== 200) return unavailable(`the STUI API answered with status ${status}`)
  try {
    return succeed(JSON.parse(text))
  } catch {
    return unavailable('the STUI API answered with something that is not JSON')
  }
}
