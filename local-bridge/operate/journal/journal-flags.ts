// What may stand behind each task of `stui-bridge journal`, and how it is checked.

import * as z from 'zod'
import { CLIENT_ID } from '../../../src/protocol/limits.ts'
import { NONE } from '../../access-settings.ts'
import { NO, type Setting, YES } from '../../command-line.ts'
import { CURVE_SETTING } from '../../keys-config.ts'
import { REPLICA_SETTINGS } from '../../replica/replica-settings.ts'
import { CLIENT_KEY_SETTING } from '../client-key.ts'
import { SETTINGS_FILE_SETTING } from '../settings-file.ts'
import { endpoint, JSON_SETTING, LISTEN_SETTING } from '../status.ts'

const WHICH: readonly Setting[] = [
  ...REPLICA_SETTINGS.filter(({ key }) => key === 'data'),
  {
    key: 'client',
    flag: '--client',
    placeholder: 'client_id',
    meaning: 'only what is of this client',
    fallback: NONE,
  },
  {
    key: 'developer',
    flag: '--developer',
    placeholder: 'digits',
    meaning: 'only what is of the developer whose folder begins like this, as the list shows it',
    fallback: NONE,
  },
  SETTINGS_FILE_SETTING,
]

/** How the bridge is asked that uses the files. */
const ASKING: readonly Setting[] = [LISTEN_SETTING, CURVE_SETTING, CLIENT_KEY_SETTING]

const DROPPING: readonly Setting[] = [
  {
    key: 'exported',
    flag: '--exported',
    placeholder: 'file',
    meaning: 'an export that holds all of them, which is looked at first',
    fallback: NONE,
  },
  {
    key: 'yes',
    flag: '--yes',
    meaning: 'drops them though they may be saved nowhere',
    fallback: NO,
  },
]

export const FLAGS = {
  list: [...WHICH, JSON_SETTING],
  export: WHICH,
  retry: [...WHICH, JSON_SETTING, ...ASKING],
  drop: [...WHICH, ...DROPPING, ...ASKING],
} as const

const optional = z.string().transform((text) => (text === NONE ? undefined : text))

const which = {
  data: z.string(),
  client: optional.refine((id) => id === undefined || CLIENT_ID.test(id), 'must be a client id'),
  developer: optional,
}

const asking = { listen: endpoint, curveKeys: optional, clientKey: optional }

const NUMBERS = /^[1-9]\d{0,14}(,[1-9]\d{0,14})*$/

const numbersIn = (text: string) => text.split(',').map(Number)

/** What everything that was refused is called. */
const ALL = 'all'

export const listShape = z.object({ ...which, json: z.enum([NO, YES]) })

export const exportShape = z.object({ ...which, file: z.string().min(1, 'must name a file') })

export const retryShape = z.object({
  ...which,
  ...asking,
  sequence: z
    .string()
    .refine((text) => text === ALL || NUMBERS.test(text), {
      error: `must be numbers of changes, as stui-bridge journal shows them, or ${ALL}`,
    })
    .transform((text) => (text === ALL ? undefined : numbersIn(text))),
  json: z.enum([NO, YES]),
})

export const dropShape = z
  .object({
    ...which,
    ...asking,
    sequence: z
      .string()
      .refine((text) => NUMBERS.test(text), {
        error: 'must be numbers of changes, as stui-bridge journal shows them',
      })
      .transform(numbersIn),
    exported: optional,
    yes: z.enum([NO, YES]),
  })
  .refine(({ exported, yes }) => exported !== undefined || yes === YES, {
    path: ['exported'],
    error: 'must name an export that holds them; say --yes to drop what may be saved nowhere',
  })
