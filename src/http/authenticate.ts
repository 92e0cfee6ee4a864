// Decides who sent a request. A Worker without a chosen mode serves nobody: env.ts refuses to start.

import { LOCAL_TEAM, type Principal } from '../access/principal.ts'
import type { Settings } from '../env.ts'

/** The principal of a request. */
export function authenticate({ auth }: Settings): Principal {
  switch (auth) {
    case 'off':
      return { team: LOCAL_TEAM }
  }
}
