// The DEALER that is connected to the REP socket of one image. Hands over and receives; decides nothing.

import { Context, Dealer, type EventType, type MessageLike } from 'zeromq'
import { closeWatched } from '../close-watched.ts'
import { MAX_FRAME_BYTES } from '../limits.ts'
import type { Timer } from '../timer.ts'
import type { ImageAddress } from './image-address.ts'

/** The frames of an answer, as they came. */
export type Frames = readonly Buffer[]

export type ImageSocket = {
  /** Hands a request over; false where no connection takes it at this moment, and then nothing was sent. */
  send(number: number, body: Uint8Array): Promise<boolean>
  close(): void
}

/** What the socket tells. */
export type ImageEvents = {
  /** The image has shaken hands: from now on requests reach it. */
  up(): void
  /** The connection that stood is gone, or another attempt at one has failed. */
  down(why: string): void
  answer(number: number, frames: Frames): void
}

const NUMBER_BYTES = 4

/** Why there is no connection, in words that follow "The image … cannot be reached:". */
const CLOSED = 'nobody listens at its address'
const BROKEN = 'its connection broke, or it gave no sign of life for 3 seconds'
const MUTE = 'something listens at its address but does not shake hands'

/** libzmq says at once that it connects again; if it says nothing for this time, it does not. */
const CONNECT_AGAIN_MS = 250

/** Within this time an attempt has failed or the image has shaken hands. */
const ATTEMPT_MS = 3000

export function openImageSocket(
  address: ImageAddress,
  events: ImageEvents,
  timer: Timer
): ImageSocket {
  const socket = createSocket(address)
  const endpoint = `tcp://${address.text}`
  let cancelWatch = () => {}

  /**
   * Connects anew if libzmq tells nothing for so long: after a breach of the protocol, such as a frame beyond the limit,
   * it gives an address up for good, and with a peer that begins as ZMTP/1.0 did it waits for ever.
   */
  function watch(ms: number): void {
    cancelWatch()
    cancelWatch = timer.after(ms, connectAgain)
  }

  function connectAgain(): void {
    events.down(MUTE)
    try {
      socket.disconnect(endpoint)
    } catch {
      // libzmq has forgotten the address already.
    }
    connect()
  }

  function connect(): void {
    watch(ATTEMPT_MS)
    socket.connect(endpoint)
  }

  function down(why: string): void {
    watch(CONNECT_AGAIN_MS)
    events.down(why)
  }

  /** What happened before the socket was closed may be told after it, and is of no use any more. */
  function on(event: EventType, act: () => void): void {
    socket.events.on(event, () => {
      if (!socket.closed) act()
    })
  }

  on('handshake', () => {
    cancelWatch()
    events.up()
  })
  on('close', () => down(CLOSED))
  on('disconnect', () => down(BROKEN))
  for (const failed of ['protocol', 'auth', 'other'] as const) {
    on(`handshake:error:${failed}`, () => down(MUTE))
  }
  for (const going of ['connect:retry', 'connect:delay', 'connect'] as const) {
    on(going, () => watch(ATTEMPT_MS))
  }
  connect()
  void receive(socket, events)
  return {
    send: (number, body) => send(socket, number, body),
    close: () => {
      cancelWatch()
      closeWatched(socket)
    },
  }
}

function createSocket({ host }: ImageAddress): Dealer {
  return new Dealer({
    // A thread of its own: a name that cannot be resolved stops the heartbeats of no other image.
    context: new Context({ blocky: false }),
    ipv6: host.startsWith('['),
    // Without a connection nothing is taken: an image that starts again does not find requests that were given up.
    immediate: true,
    sendTimeout: 0,
    linger: 0,
    maxMessageSize: MAX_FRAME_BYTES,
    heartbeatInterval: 1000,
    heartbeatTimeout: 3000,
    handshakeInterval: 2000,
    connectTimeout: 1000,
    reconnectInterval: 100,
  })
}

/** The number and the empty frame are the envelope, which a REP gives back untouched. */
async function send(socket: Dealer, number: number, body: Uint8Array): Promise<boolean> {
  const envelope = Buffer.alloc(NUMBER_BYTES)
  envelope.writeUInt32BE(number)
  const frames: MessageLike[] = [envelope, '', body]
  try {
    await socket.send(frames)
    return true
  } catch {
    return false
  }
}

async function receive(socket: Dealer, events: ImageEvents): Promise<void> {
  for await (const [number, empty, ...frames] of socket) {
    if (number?.length !== NUMBER_BYTES || empty?.length !== 0) continue
    events.answer(number.readUInt32BE(), frames)
  }
}
