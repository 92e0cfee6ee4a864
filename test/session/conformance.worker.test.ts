// The engine in the cloud: the SQLite of a Durable Object.

import { withObjectHost } from '../support/engine-object-host.ts'
import { describeEngine } from './conformance.ts'

describeEngine('The engine on the SQLite of a Durable Object', withObjectHost)
