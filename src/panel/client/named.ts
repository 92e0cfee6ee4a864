// A session as a sentence names it.

import type { Session } from '../view/listed.ts'
import { visible } from '../view/visible-text.ts'

export function nameOf({ name, session_id }: Pick<Session, 'name' | 'session_id'>): string {
  return name === '' ? `session ${session_id.split('_')[1] ?? ''}` : `“${visible(name)}”`
}
