// Sends one message to the bridge or to the Worker and shows the answer: npm run send.

import * as z from 'zod'
import { type Outcome, succeed } from '../../src/outcome.ts'
import { parseJson } from '../../src/protocol/json-text.ts'
import { begin } from '../begin.ts'
import { askWorker } from './http-client.ts'
import { readableJson } from './readable-json.ts'
import { connectReq } from './req-client.ts'
import { readSendConfig, type SendConfig } from './send-config.ts'

const REFUSED = 1

const success = z.looseObject({ status: z.literal('success') })

/** The one command that takes a token in the message itself (seed 002). */
const asksForAnother = z.looseObject({
  command: z.literal('validate_feature_access'),
  auth_token: z.undefined().optional(),
})

const reading = readSendConfig({ args: process.argv.slice(2), env: process.env })

await begin(reading, async (config) => {
  process.exitCode = await send(config)
})

/** Gives the exit code. */
async function send({ token: source, ...config }: SendConfig): Promise<number> {
  const token: Outcome<string | undefined, string> = source?.read() ?? succeed(undefined)
  if (!token.ok) return complain(`The token cannot be used: ${token.failure}.`)
  const answer = await asked(config, token.value)
  if (answer === undefined) {
    const within = `${config.timeoutMs / 1000} s`
    return complain(
      `No answer from ${config.connect} within ${within}: is the stack running there? npm start starts it.`
    )
  }
  process.stdout.write(`${readableJson(answer)}\n`)
  return success.safeParse(parseJson(answer)).success ? 0 : REFUSED
}

async function asked(
  { connect, message, timeoutMs }: SendConfig,
  token: string | undefined
): Promise<string | undefined> {
  if (!connect.startsWith('tcp:')) return askWorker({ url: connect, message, token, timeoutMs })
  const client = connectReq(connect, timeoutMs)
  const answer = await client.ask(token === undefined ? message : withToken(message, token))
  client.close()
  return answer
}

/** The rest of the message stays as it is spelled. */
function withToken(message: string, token: string): string {
  if (!asksForAnother.safeParse(parseJson(message)).success) return message
  return message.replace('{', `{"auth_token":${JSON.stringify(token)},`)
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return REFUSED
}
