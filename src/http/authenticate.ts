// Decides who sent a request. A Worker without a chosen mode serves nobody: env.ts refuses to start.

import { LOCAL_PRINCIPAL, type Principal } from '../access/principal.ts'
import type { Settings } from '../env.ts'

/** The principal of a request. */
export function authenticate({ auth }: Settings): Principal {
  switch (auth) {
    case 'off':
      return LOCAL_PRINCIPAL
  }
}
