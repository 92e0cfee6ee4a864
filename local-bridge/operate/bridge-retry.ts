// What `bridge_retry_refused` takes and answers: lets changes that the service refused wait again, for whoever can read the
// files in which they are. They are named as `bridge_drop_refused` names them.

import * as z from 'zod'
import { bridgeDropParameters, type ToDrop } from './bridge-drop.ts'

export const BRIDGE_RETRY = 'bridge_retry_refused'

export const bridgeRetryParameters = bridgeDropParameters

/** A refused change, as somebody names it who has read the file. */
export type ToRetry = ToDrop

/** How many wait again; what became of them since is in the file. */
export const bridgeRetryResult = z.object({ waiting: z.int().min(0) })
