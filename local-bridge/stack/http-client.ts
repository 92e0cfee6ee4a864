// A client of the Worker over HTTP, as the bridge is: one message out, one answer back.

export type HttpQuestion = {
  /** The Worker's address. */
  readonly url: string
  readonly message: string
  /** Sent as the Authorization of the request. */
  readonly token: string | undefined
  readonly timeoutMs: number
}

/** The answer as it came; undefined if nobody answered in time. */
export async function askWorker(question: HttpQuestion): Promise<string | undefined> {
  const { url, message, token, timeoutMs } = question
  try {
    const response = await fetch(new URL('/v1/messages', url), {
      method: 'POST',
      body: message,
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      // The token goes to the address that was named, and to no other.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return await response.text()
  } catch {
    return undefined
  }
}
