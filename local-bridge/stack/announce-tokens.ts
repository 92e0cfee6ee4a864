// What `npm start -- --auth` tells beside the rest: who can have a token, and lines that get and use one.

import { join, resolve } from 'node:path'
import { DATA_SETTING } from './config.ts'
import { shellPath } from './shown-path.ts'
import { USERS, type User, type UserName } from './stui-api/users.ts'

export type TokensReady = {
  /** Absolute path of the data folder. */
  readonly data: string
  /** The Worker's address. */
  readonly url: string
}

/** Somebody whose subscription lacks the feature, and somebody whose subscription has it. */
const PAIR = ['frida', 'priya'] as const satisfies readonly UserName[]

const FEATURE = 'remote_debugger'

export function tokensText(ready: TokensReady): string {
  return `
Who can have a token:
${Object.entries(USERS).map(row).join('')}
Try it from this folder in another terminal:
${PAIR.map((name) => linesFor(name, ready)).join('')}`
}

function row([name, { claims }]: [string, User]): string {
  const { team, tier, role, client_ids = [], features = [] } = claims
  const more = [
    team,
    ...(role === 'admin' ? ['admin'] : []),
    ...(client_ids.length > 0 ? [`only as ${client_ids.join(' or ')}`] : []),
    ...features.map((feature) => `with ${feature}`),
  ]
  return `  ${name.padEnd(8)}${tier.padEnd(12)}${more.join(', ')}\n`
}

function linesFor(name: UserName, { data, url }: TokensReady): string {
  const file = shellPath(join(data, `${name}.token`))
  const where = data === resolve(DATA_SETTING.fallback) ? '' : ` --data ${shellPath(data)}`
  const asked = { command: 'validate_feature_access', client_id: name, feature: FEATURE }
  return `  npm run -s token -- ${name} --out ${file}${where}
  npm run -s send -- --connect ${url} --token-file ${file} '${JSON.stringify(asked)}'
`
}
