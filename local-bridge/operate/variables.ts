// Every variable of the environment that the bridge and its companions take.

import { RUN } from '../config.ts'
import { CLIENT_KEY_SETTING } from './client-key.ts'
import { CLIENT_SETTING } from './doctor/doctor-config.ts'

/** It has no flag: a command line can be read by every program of the machine. */
export const TOKEN_VARIABLE = 'STUI_TOKEN'

export const VARIABLES: ReadonlySet<string> = new Set([
  ...[...RUN.settings, CLIENT_KEY_SETTING, CLIENT_SETTING].flatMap(({ env }) => env ?? []),
  TOKEN_VARIABLE,
])
