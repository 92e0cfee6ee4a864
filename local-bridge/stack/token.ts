// Gets a token of one of the local stack's users: npm run token.

import { resolve } from 'node:path'
import * as z from 'zod'
import { type Outcome, refuse, succeed } from '../../src/outcome.ts'
import { isSafeUrl, NONE } from '../access-settings.ts'
import { begin } from '../begin.ts'
import { type Program, readCommandLine } from '../command-line.ts'
import { readApiAddress } from './api-address.ts'
import { userName } from './auth-config.ts'
import { DATA_SETTING, dataFolder } from './config.ts'
import { replacePrivateFile } from './replace-file.ts'
import { type Granted, signIn } from './sign-in.ts'
import { USER_NAMES, USERS, type UserName } from './stui-api/users.ts'

const CANNOT = 1

/** What `--api` is where nobody says. */
const AS_TOLD = 'as the data folder tells'

const PROGRAM: Program = {
  name: 'token',
  description: 'Gets a token of a user of the local stack (npm start -- --auth) and prints it.',
  argument: { key: 'user', meaning: `one of ${USER_NAMES.join(', ')}` },
  settings: [
    {
      key: 'out',
      flag: '--out',
      placeholder: 'file',
      meaning: 'writes it to a file that only its owner can read, instead of printing it',
      fallback: NONE,
    },
    { ...DATA_SETTING, meaning: 'the data folder of the stack' },
    {
      key: 'api',
      flag: '--api',
      placeholder: 'url',
      meaning: 'where the STUI API of the stack is',
      fallback: AS_TOLD,
    },
  ],
  notes: `Examples:
  npm run -s token -- priya --out ./.stui/priya.token
  export STUI_TOKEN=$(npm run -s token -- frida)
`,
}

const schema = z.object({
  user: userName,
  out: z.string().transform((file) => (file === NONE ? undefined : file)),
  data: dataFolder,
  api: z
    .string()
    .transform((url) => (url === AS_TOLD ? undefined : url))
    .refine((url) => url === undefined || isSafeUrl(url), {
      error: 'must be an https address (or http on this machine) without user, query or fragment',
    }),
})

type TokenConfig = z.output<typeof schema>

const reading = readCommandLine(PROGRAM, schema, { args: process.argv.slice(2), env: process.env })

await begin(reading, async (config) => {
  const told = await tokenText(config)
  if (told.ok) process.stdout.write(told.value)
  else process.stderr.write(`${told.failure}\n`)
  process.exitCode = told.ok ? 0 : CANNOT
})

/** What is printed, or one sentence. */
async function tokenText({ user, out, data, api }: TokenConfig): Promise<Outcome<string, string>> {
  const issuer = api ?? readApiAddress(resolve(data))
  if (issuer === undefined) {
    return refuse(
      `No stack with tokens runs on ${resolve(data)}: start it with npm start -- --auth, or name its data folder with --data.`
    )
  }
  const granted = await signIn(issuer, user)
  if (granted.ok) return handedOver(granted.value, user, out)
  return refuse(
    `No token from ${issuer}: ${granted.failure}; is the stack running? npm start -- --auth starts it.`
  )
}

function handedOver(
  { access_token, expires_in }: Granted,
  user: UserName,
  file: string | undefined
): Outcome<string, string> {
  if (file === undefined) return succeed(`${access_token}\n`)
  try {
    replacePrivateFile(file, `${access_token}\n`)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'no code'
    return refuse(`The token cannot be written there (${code}): choose another file with --out.`)
  }
  const { tier } = USERS[user].claims
  return succeed(`Wrote a token of ${user} (${tier}), good for ${expires_in / 60} minutes.\n`)
}
