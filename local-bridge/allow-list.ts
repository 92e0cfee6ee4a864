// The clients that may connect over CURVE: one public key a line, with a name as comment. Pure: text comes in.

import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import { isKeyText } from './z85.ts'

export type AllowedClient = { readonly publicKey: string; readonly name: string }

/** Z85 has a # of its own: a comment is what stands behind a space, or a line that begins with # and a space. */
const LINE = /^(\S+)(?:\s+#\s*(.*))?$/
const COMMENT = /^#(?:\s|$)/

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/

export const HEAD =
  '# Clients that may connect: a public key, and behind a # the name of its owner.\n'

/** True for what may be a client's name, and with it a file's. */
export function isClientName(text: string): boolean {
  return NAME.test(text)
}

export function lineOf({ publicKey, name }: AllowedClient): string {
  return `${publicKey} # ${name}\n`
}

/** Every client of the list, or the first line that is no client. */
export function readAllowList(text: string): Outcome<readonly AllowedClient[], string> {
  const clients: AllowedClient[] = []
  for (const [index, line] of linesOf(text)) {
    const client = clientOf(line)
    // The line is not repeated: it may be a secret key that somebody took for the public one.
    if (client === undefined)
      return { ok: false, failure: `has no public key in line ${index + 1}` }
    clients.push(client)
  }
  return succeed(clients)
}

function* linesOf(text: string): Generator<[number, string]> {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line !== '' && !COMMENT.test(line)) yield [index, line]
  }
}

function clientOf(line: string): AllowedClient | undefined {
  const [, publicKey = '', name = ''] = LINE.exec(line) ?? []
  return isKeyText(publicKey) ? { publicKey, name: name.trim() } : undefined
}
