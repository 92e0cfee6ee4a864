// Where the developer's token comes from: a private file, the environment, or somebody who typed it. Never the command
// line, where every program of the machine can read it. What is said of a token never holds a part of it.

import { isToken } from '../src/access/bearer.ts'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import { readPrivateFile } from './private-file.ts'

export type TokenSource = {
  /** The token as it is now, or what is wrong in one clause. */
  read(): Outcome<string, string>
  /** What a developer does whose token is not good, in one clause. */
  readonly advice: string
}

/** @example createTokenSource({ from: 'file', path: '/home/me/.stui-token' }) */
export type TokenOrigin =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'environment'; readonly token: string }
  | { readonly from: 'prompt'; readonly token: string }

export function createTokenSource(origin: TokenOrigin): TokenSource {
  switch (origin.from) {
    case 'file':
      return {
        read: () => readTokenFile(origin.path),
        advice: 'put a new token into the token file and send the message again',
      }
    case 'environment':
      return {
        read: () => tokenOf(origin.token, 'STUI_TOKEN'),
        advice: 'start the bridge again with a new token in STUI_TOKEN',
      }
    case 'prompt':
      return {
        read: () => tokenOf(origin.token, 'what was typed'),
        advice: 'start the bridge again and give it a new token',
      }
    default:
      return origin satisfies never
  }
}

/** The path is not repeated: somebody may have given the token in its place. */
function readTokenFile(path: string): Outcome<string, string> {
  const file = readPrivateFile(path)
  return file.ok
    ? tokenOf(file.value, 'the token file')
    : { ok: false, failure: `the token file ${file.failure}` }
}

function tokenOf(text: string, name: string): Outcome<string, string> {
  const token = text.trim()
  return isToken(token) ? succeed(token) : { ok: false, failure: `${name} holds no token` }
}
