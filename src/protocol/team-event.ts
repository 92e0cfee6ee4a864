// What those hear who watch a team (GET /v1/events?scope=team): admins of all of it the events of all its clients, counted
// anew, and what changes about its images and bridges; everybody else the images and their own bridges alone, so that their
// sequences have gaps.

import type { Event } from './event.ts'

/** The status of an image is another one than before. */
export type ImageEvent = {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: 'image.changed'
  /** The image. */
  readonly subject: string
  readonly time: string
  readonly sequence: number
  readonly data: {
    readonly image_id: string
    readonly image_status: string
    readonly connection_status: string
  }
}

/** The image was started anew: ids of objects that were stored before are no longer good. */
export type ImageRestarted = Omit<ImageEvent, 'type' | 'data'> & {
  readonly type: 'image.restarted'
  /** Which start it is in now, and how it is. */
  readonly data: ImageEvent['data'] & { readonly epoch: string }
}

/** What a bridge holds is something else than before, or it fell silent, or is heard again, or is gone. */
export type BridgeChanged = {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: 'bridge.changed'
  /** The bridge. */
  readonly subject: string
  readonly time: string
  readonly sequence: number
  readonly data: { readonly bridge_id: string }
}

export type TeamEvent = Event | ImageEvent | ImageRestarted | BridgeChanged
