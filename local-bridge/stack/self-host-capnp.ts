// The configuration of a plain workerd as text (Cap'n Proto): the Worker, its objects on local disk, and which settings it
// takes from the environment. It names settings and never holds one: a secret stands in no file that is written here.

import { COMPATIBILITY } from './build-worker.ts'

export type SelfHostFile = {
  /** The port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  /** The databases of the objects, absolute. */
  readonly objects: string
  /** Names of the settings that are in the environment; one that is not there must not be named. */
  readonly settings: readonly string[]
}

/** The file beside the configuration that holds the Worker's module. */
export const MODULE_FILE = 'worker.mjs'

/** As the local emulation calls them, so that `npm start` and a self-hosted Worker can take turns on one folder. */
const CLASSES = [
  { binding: 'CLIENTS', className: 'ClientSessions', uniqueKey: '-ClientSessions' },
  { binding: 'TEAMS', className: 'TeamDirectory', uniqueKey: '-TeamDirectory' },
] as const

/** Writes the configuration. The STUI API may be on this machine or in a private network, so both may be reached. */
export function selfHostCapnp({ port, objects, settings }: SelfHostFile): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = ${quoted(objects)}, writable = true)),
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true),
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [(name = ${quoted(MODULE_FILE)}, esModule = embed ${quoted(MODULE_FILE)})],
  compatibilityDate = ${quoted(COMPATIBILITY.date)},
  compatibilityFlags = [${COMPATIBILITY.flags.map(quoted).join(', ')}],
  bindings = [
${[...CLASSES.map(namespace), ...settings.map(setting)].map((line) => `    ${line},`).join('\n')}
  ],
  durableObjectNamespaces = [
${CLASSES.map((objects) => `    ${objectClass(objects)},`).join('\n')}
  ],
  durableObjectStorage = (localDisk = "disk"),
);
`
}

type ObjectClass = (typeof CLASSES)[number]

function namespace({ binding, className }: ObjectClass): string {
  return `(name = ${quoted(binding)}, durableObjectNamespace = ${quoted(className)})`
}

function setting(name: string): string {
  return `(name = ${quoted(name)}, fromEnvironment = ${quoted(name)})`
}

function objectClass({ className, uniqueKey }: ObjectClass): string {
  return `(className = ${quoted(className)}, uniqueKey = ${quoted(uniqueKey)}, enableSql = true)`
}

/** A Cap'n Proto string; JSON escapes the same characters in the same way. */
function quoted(value: string): string {
  return JSON.stringify(value)
}
