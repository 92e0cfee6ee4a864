// The setting that says where the session service is; everybody who asks it shares it.

import * as z from 'zod'
import { isSafeUrl } from './access-settings.ts'
import type { Setting } from './command-line.ts'

export const UPSTREAM_SETTING: Setting = {
  key: 'upstream',
  flag: '--upstream',
  placeholder: 'url',
  env: 'STUI_UPSTREAM',
  meaning: 'the session service',
  fallback: 'http://127.0.0.1:8787',
}

export const UPSTREAM_SHAPE = {
  upstream: z.string().refine(isServiceUrl, {
    // Not repeated: it may hold a password.
    error: 'must be an http or https address without user, query or fragment',
  }),
}

/** What is wrong with an address that gets a token; undefined if nothing is. */
export function unsafeUpstream(upstream: string, apiIssuer: string | undefined) {
  if (apiIssuer === undefined || isSafeUrl(upstream)) return undefined
  return 'must be an https address (or http on this machine), as it gets the token'
}

function isServiceUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return [url.username, url.password, url.search, url.hash].every((part) => part === '')
}
