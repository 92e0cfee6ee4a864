// Asks a Worker that has just been started whether its settings are good, so that a wrong one ends the start.

import * as z from 'zod'
import { StartError } from '../start-bridge.ts'

const refusal = z.object({ details: z.object({ detail: z.string() }) })

/** The Worker reads its settings when it is first asked, and names a wrong one: then this throws a `StartError`. */
export async function refuseWrongSettings({ url }: { readonly url: string }): Promise<void> {
  const response = await fetch(`${url}/readyz`)
  const body: unknown = await response.json()
  if (response.ok) return
  const told = refusal.safeParse(body)
  const why = told.success ? told.data.details.detail : `it answers with HTTP ${response.status}`
  throw new StartError(`The Worker refuses to serve: ${why}.`)
}
