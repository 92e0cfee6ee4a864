// The configuration of a plain workerd as text (Cap'n Proto): one Worker, its object classes with SQLite on local disk.

import { COMPATIBILITY } from '../../local-bridge/stack/build-worker.ts'

export type WorkerdConfig = {
  /** Binding name → class; every class gets SQLite. */
  readonly classes: Readonly<Record<string, string>>
  /** Text bindings: the settings of the Worker. */
  readonly bindings: Readonly<Record<string, string>>
  /** Where the objects' databases are. */
  readonly dataFolder: string
}

/** The file beside the configuration that holds the Worker's module. */
export const MODULE_FILE = 'worker.mjs'

/** Writes a configuration; workerd takes a free port and reports it. */
export function workerdConfig({ classes, bindings, dataFolder }: WorkerdConfig): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = ${quoted(dataFolder)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [(name = ${quoted(MODULE_FILE)}, esModule = embed ${quoted(MODULE_FILE)})],
  compatibilityDate = ${quoted(COMPATIBILITY.date)},
  compatibilityFlags = [${COMPATIBILITY.flags.map(quoted).join(', ')}],
  bindings = [${[...Object.entries(classes).map(namespace), ...Object.entries(bindings).map(text)].join(', ')}],
  durableObjectNamespaces = [${[...new Set(Object.values(classes))].map(objectClass).join(', ')}],
  durableObjectStorage = (localDisk = "disk"),
);
`
}

function namespace([name, className]: [string, string]): string {
  return `(name = ${quoted(name)}, durableObjectNamespace = ${quoted(className)})`
}

function text([name, value]: [string, string]): string {
  return `(name = ${quoted(name)}, text = ${quoted(value)})`
}

function objectClass(className: string): string {
  return `(className = ${quoted(className)}, uniqueKey = ${quoted(className)}, enableSql = true)`
}

/** A Cap'n Proto string; JSON escapes the same characters in the same way. */
function quoted(value: string): string {
  return JSON.stringify(value)
}
