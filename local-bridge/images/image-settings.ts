// The settings that name images: --image and --allow-image-addresses.

import * as z from 'zod'
import { MAX_ID_LENGTH } from '../../src/protocol/limits.ts'
import { NONE } from '../access-settings.ts'
import { oneOf, type Setting } from '../command-line.ts'
import { ADDRESS_RULES, isOwnAddress, readImageAddress } from './image-address.ts'
import { IMAGE_LIMITS } from './image-limits.ts'
import type { ImageSetting } from './images.ts'

/** What `--allow-image-addresses` is where nobody says. */
const AUTOMATIC = 'loopback on this machine, none beyond it'

export const IMAGE_SETTINGS: readonly Setting[] = [
  {
    key: 'image',
    flag: '--image',
    placeholder: 'name=address',
    repeats: true,
    env: 'STUI_IMAGES',
    meaning:
      'a Smalltalk image, such as main=tcp://127.0.0.1:5560, for commands that are not ours; may be said several times, the first one is the default',
    fallback: NONE,
  },
  {
    key: 'allowImageAddresses',
    flag: '--allow-image-addresses',
    placeholder: 'which',
    env: 'STUI_ALLOW_IMAGE_ADDRESSES',
    meaning: `which further images messages may name by address: ${oneOf(ADDRESS_RULES)}`,
    fallback: AUTOMATIC,
  },
]

const images = z.string().transform((text, context): readonly ImageSetting[] => {
  const said = text === NONE ? [] : text.split(',')
  const read = said.map(readSetting)
  const wrong = said.find((_, index) => read[index] === undefined)
  const settings = read.filter((setting) => setting !== undefined)
  const names = new Set(settings.map(({ name }) => name))
  if (wrong !== undefined) {
    context.addIssue(`must look like main=tcp://127.0.0.1:5560, not "${wrong.trim()}"`)
  } else if (names.size < settings.length) context.addIssue('must not name two images alike')
  else if (names.size > IMAGE_LIMITS.images) {
    context.addIssue(`must name at most ${IMAGE_LIMITS.images} images`)
  }
  return settings
})

export const IMAGE_SHAPE = {
  image: images,
  allowImageAddresses: z.preprocess(
    (rule) => (rule === AUTOMATIC ? undefined : rule),
    z
      .enum(ADDRESS_RULES, {
        error: ({ input }) => `must be ${oneOf(ADDRESS_RULES)}, not "${input}"`,
      })
      .optional()
  ),
}

/** Images that stand where the bridge itself is: the setting, and what is wrong in words that follow its name. */
export function* wrongPlaces(
  images: readonly ImageSetting[],
  { listen, published }: { readonly listen: string; readonly published: string | undefined }
): Generator<{ readonly path: 'events' | 'image'; readonly message: string }> {
  const inTheWay = published === undefined ? undefined : imageAtOwnAddress(images, published)
  if (inTheWay !== undefined) {
    const message = `must not be where the image ${inTheWay.name} is, as ${published} is: name another port, or none`
    yield { path: 'events', message }
  }
  const own = imageAtOwnAddress(images, listen)
  if (own !== undefined) {
    const message = `must not be where the bridge itself listens, as ${own.name} is: start the image on another port, or the bridge with --listen`
    yield { path: 'image', message }
  }
}

function imageAtOwnAddress(
  settings: readonly ImageSetting[],
  listen: string
): ImageSetting | undefined {
  return settings.find(({ address }) => {
    const read = readImageAddress(address)
    return read !== undefined && isOwnAddress(read, listen)
  })
}

function readSetting(text: string): ImageSetting | undefined {
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(0, equals)).trim()
  const address = text.slice(equals + 1).trim()
  if (name === '' || name.length > MAX_ID_LENGTH || !/^tcp:\/\//i.test(address)) return undefined
  return readImageAddress(address) === undefined ? undefined : { name, address }
}
