// How a session names its Smalltalk image: normalised on the way in, never null on the way out (conflict C-27).

import { imageAddress } from '../protocol/image-address.ts'
import type { ImageColumns } from '../storage/sessions.ts'

export type ImageParameters = {
  readonly image_id?: string | undefined
  readonly image_address?: string | undefined
  readonly image_name?: string | undefined
  readonly image_version?: string | undefined
  readonly image_metadata?: Readonly<Record<string, string>> | undefined
}

/** The image of a session that has none. */
export const NO_IMAGE: ImageColumns = {
  image_id: '',
  image_address: '',
  image_name: '',
  image_version: '',
  image_metadata: '{}',
}

/** The image columns that a request sets to something else than they are. */
export function imageChanges(current: ImageColumns, given: ImageParameters): Partial<ImageColumns> {
  const wanted: Partial<Record<keyof ImageColumns, string | undefined>> = {
    image_id: given.image_id,
    image_address: given.image_address && (imageAddress(given.image_address) ?? ''),
    image_name: given.image_name,
    image_version: given.image_version,
    image_metadata: given.image_metadata && JSON.stringify(given.image_metadata),
  }
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => value !== undefined && value !== current[name as keyof ImageColumns]
    )
  )
}

/** The image fields of a result. */
export function imageFields(session: ImageColumns) {
  return {
    image_id: session.image_id,
    image_address: session.image_address,
    image_name: session.image_name,
    image_version: session.image_version,
    image_metadata: JSON.parse(session.image_metadata) as Record<string, string>,
  }
}
