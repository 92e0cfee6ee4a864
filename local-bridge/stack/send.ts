// Sends one message over ZeroMQ REQ, as a TUI does, and shows the answer.

import * as z from 'zod'
import { begin } from '../begin.ts'
import { type Program, readCommandLine } from '../command-line.ts'
import { readListenAddress } from '../listen-address.ts'
import { DEFAULT_LISTEN } from './config.ts'
import { readableJson } from './readable-json.ts'
import { connectReq } from './req-client.ts'

const REFUSED = 1

const PROGRAM: Program = {
  name: 'send',
  description: 'Sends one message over ZeroMQ, as a TUI does, and shows the answer.',
  argument: { key: 'message', meaning: 'the message, a JSON object in quotes; sent as it is' },
  settings: [
    {
      key: 'connect',
      flag: '--connect',
      placeholder: 'endpoint',
      env: 'STUI_LISTEN',
      meaning: 'where the bridge listens',
      fallback: DEFAULT_LISTEN,
    },
    {
      key: 'timeout',
      flag: '--timeout',
      placeholder: 'seconds',
      meaning: 'how long to wait for the answer',
      fallback: '5',
    },
  ],
  notes: `The exit code is 0 for an answer with status success, 1 for an error or no answer, 2 for a wrong call.

Examples:
  npx node local-bridge/stack/send.ts '{"id":"1","command":"ping"}'
  npx node local-bridge/stack/send.ts '{"id":"2","command":"create_session","parameters":{"client_id":"client_001"}}'
`,
}

const schema = z.object({
  message: z.string(),
  connect: z.string().refine(isOnePort, {
    error: ({ input }) => `must look like ${DEFAULT_LISTEN}, not "${input}"`,
  }),
  timeout: z
    .string()
    .transform(Number)
    .refine((seconds) => seconds > 0 && seconds <= 3600, {
      error: 'must be a number of seconds above 0',
    }),
})

const success = z.looseObject({ status: z.literal('success') })

const reading = readCommandLine(PROGRAM, schema, { args: process.argv.slice(2), env: process.env })

await begin(reading, async (values) => {
  process.exitCode = await send(values)
})

/** Gives the exit code. */
async function send({ message, connect, timeout }: z.infer<typeof schema>): Promise<number> {
  const client = connectReq(connect, timeout * 1000)
  const answer = await client.ask(message)
  client.close()
  if (answer === undefined) {
    process.stderr.write(
      `No answer from ${connect} within ${timeout} s: is the stack running there? npm start starts it.\n`
    )
    return REFUSED
  }
  process.stdout.write(`${readableJson(answer)}\n`)
  return isSuccess(answer) ? 0 : REFUSED
}

function isSuccess(answer: string): boolean {
  return success.safeParse(parsed(answer)).success
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isOnePort(text: string): boolean {
  return readListenAddress(text).ok && !text.endsWith('*')
}
