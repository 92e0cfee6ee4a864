// The part of pino-roll that is used: it brings no types of its own.

declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events'
  import type { DestinationStream } from 'pino'

  export default function roll(options: {
    readonly file: string
    readonly size: string
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean }
    readonly mkdir: boolean
    readonly mode: number
    readonly sync: boolean
    readonly maxLength: number
  }): Promise<DestinationStream & EventEmitter>
}
