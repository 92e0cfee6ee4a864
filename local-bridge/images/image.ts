// One image: its connection, what it is asked, and how it is. An idle image is pinged, and one that was just connected.

import type { Log } from '../events.ts'
import type { ImageAddress } from './image-address.ts'
import { createImageHealth, type Health, type HealthDependencies } from './image-health.ts'
import { openImageSocket } from './image-socket.ts'
import { type Asking, createImageWindow, type WindowDependencies } from './image-window.ts'
import { PING } from './ping.ts'

export type Image = {
  readonly name: string
  /** host:port */
  readonly address: string
  ask(body: Uint8Array): Asking
  health(): Health
  load(): Load
  /** True if nothing waits for it or runs in it. */
  isIdle(): boolean
  close(): void
}

/** What the image has to do: requests that wait, and how long it has been working on the one that it has. */
export type Load = { readonly waiting: number; readonly workingMs: number | undefined }

export type ImageDependencies = HealthDependencies &
  Pick<WindowDependencies, 'timer' | 'limits'> & {
    readonly log: Log
    /** Called when something about its health is new. */
    readonly onChange: () => void
  }

/** How often an image is looked at that may be idle or silent. */
const LOOK_MS = 1000

/** @example openImage('main', address, { clock, chance, timer, limits, log, onChange }).ask(body).outcome */
export function openImage(
  name: string,
  address: ImageAddress,
  { timer, limits, log, onChange, clock, chance }: ImageDependencies
): Image {
  const about = { image: name, address: address.text }
  const health = createImageHealth({ clock, chance })
  const socket = openImageSocket(address, { up, down, answer }, timer)
  const window = createImageWindow({ name, send: socket.send, timer, limits })
  let lastAnswer = timer.ticks()
  let isSilent = false
  let cancelLook = timer.after(LOOK_MS, look)

  function up(): void {
    health.up()
    log({ event: 'image_up', ...about })
    void ping()
    window.connected()
  }

  function down(why: string): void {
    const wasUp = health.isUp()
    health.down()
    const in_flight = window.lost(why)
    isSilent = false
    if (!wasUp) return
    log({ event: 'image_down', ...about, detail: why, in_flight })
    onChange()
  }

  function answer(number: number, frames: readonly Buffer[]): void {
    const tookMs = window.answered(number, frames)
    lastAnswer = timer.ticks()
    if (tookMs !== undefined) health.answered(tookMs)
    if (isSilent) log({ event: 'image_answers', ...about })
    isSilent = false
  }

  async function ping(): Promise<void> {
    const outcome = await window.askFirst(PING)
    if (!outcome.ok) return
    const { isNew, isRestarted } = health.pong(outcome.value)
    if (isRestarted) log({ event: 'image_restarted', ...about })
    if (isNew) onChange()
  }

  function look(): void {
    cancelLook = timer.after(LOOK_MS, look)
    if (!health.isUp()) return
    if (window.isIdle() && timer.ticks() - lastAnswer >= limits.pingMs) void ping()
    const workingMs = window.workingFor() ?? 0
    if (isSilent || workingMs < limits.silentMs) return
    isSilent = true
    log({ event: 'image_silent', ...about, after_ms: Math.round(workingMs) })
  }

  return {
    name,
    address: address.text,
    ask: window.ask,
    health: health.told,
    load: () => ({ waiting: window.waiting(), workingMs: window.workingFor() }),
    isIdle: window.isIdle,
    close: () => {
      cancelLook()
      socket.close()
      window.close()
    },
  }
}
