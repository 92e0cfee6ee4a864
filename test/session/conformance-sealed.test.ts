// The engine with what it stores of states sealed: nothing that it promises changes.

import { testCipher } from '../support/engine-cipher.ts'
import type { WithHost } from '../support/engine-host.ts'
import { withNodeHost } from '../support/engine-node-host.ts'
import { describeEngine } from './conformance.ts'

const withSealedHost: WithHost = (options, work) =>
  withNodeHost({ cipher: testCipher('a'), ...options }, work)

describeEngine('The engine under encryption', withSealedHost)
