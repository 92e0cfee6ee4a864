// What a token that nobody may be let in with is: its name, what is wrong with it, and how it is made.

import type { TestApi } from '../support/stui-api.ts'

export type Forgery = {
  readonly name: string
  /** What the refusal says is wrong, so that no forgery is refused by accident. */
  readonly because: string
  make(api: TestApi): Promise<string>
}

export const HEADER = 'the token is no JWT, or has no usable alg, kid or typ in its header'
export const SIGNATURE = 'the signature of the token is wrong'
export const KEY = 'the token is signed with a key that the STUI API does not publish'
export const SHAPE = 'the token is too long or has characters that no token has'

/** One part of a token. */
export function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A good token with its parts changed. */
export async function changed(
  api: TestApi,
  change: (parts: string[]) => string[]
): Promise<string> {
  return change((await api.issueToken('frida')).split('.')).join('.')
}

export function forgery(because: string, name: string, make: Forgery['make']): Forgery {
  return { name, because, make }
}
