// report_image_status: what a bridge sees of an image. Whole facts, never differences: it may be repeated or be late.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { EXAMPLE_IMAGE, imageId, imageStatus } from '../image-fields.ts'
import { toJsonText, utf8Bytes } from '../json-text.ts'
import {
  MAX_ID_LENGTH,
  MAX_REPORTED_CLASSES,
  MAX_REPORTED_CLASSES_BYTES,
  MAX_REPORTED_METADATA_LENGTH,
  MAX_SUBJECT_IMAGES,
  MAX_TEAM_IMAGES,
} from '../limits.ts'

const { image_address, image_name, image_version, image_metadata } = fields.imageParameters

export const reportImageStatus = command({
  name: 'report_image_status',
  scope: 'team',
  mutates: true,
  summary:
    "Tells the team how a bridge sees an image; sent every few seconds and at each change. Of several reports the best of one's own counts.",
  parameters: z.object({
    image_id: imageId.min(1).describe('Identifies the Smalltalk image.'),
    status: z
      .enum(['Connected', 'Disconnected', 'Failed'])
      .describe(
        'Connected, Disconnected for an image that went away, Failed for one that refuses.'
      ),
    address: image_address,
    name: image_name,
    version: image_version,
    metadata: image_metadata
      .unwrap()
      .refine(
        (entries) => JSON.stringify(entries).length <= MAX_REPORTED_METADATA_LENGTH,
        `at most ${MAX_REPORTED_METADATA_LENGTH} characters of JSON`
      )
      .describe(
        `Further facts about the image. At most ${MAX_REPORTED_METADATA_LENGTH} characters of JSON.`
      )
      .optional(),
    round_trip_ms: z
      .number()
      .min(0)
      .describe('How long the image took to answer the last time.')
      .optional(),
    epoch: z
      .string()
      .max(MAX_ID_LENGTH)
      .describe('Another one means that the image was started anew.')
      .optional(),
    classes: z
      .array(z.string().min(1).max(MAX_ID_LENGTH))
      .min(1)
      .max(MAX_REPORTED_CLASSES)
      .refine(
        (names) => utf8Bytes(toJsonText(names)) <= MAX_REPORTED_CLASSES_BYTES,
        `at most ${MAX_REPORTED_CLASSES_BYTES} bytes of JSON`
      )
      .describe(
        `The names of all classes and traits that the image has, so that switch_image_context can tell which ones it lacks. Sent at its start and when they have changed; absent, they stay as they were, through a restart, too. A metaclass counts as its class. At most ${MAX_REPORTED_CLASSES_BYTES} bytes of JSON.`
      )
      .optional(),
    reporter: z
      .string()
      .max(MAX_ID_LENGTH)
      .describe("Which of the caller's bridges reports; empty if it has one only.")
      .optional(),
  }),
  result: z
    .object(imageStatus)
    .describe(
      `Facts that are absent stay as they were. A team has ${MAX_TEAM_IMAGES} images, each of its members ${MAX_SUBJECT_IMAGES} of them.`
    ),
  failures: [],
  example: {
    parameters: {
      image_id: 'pharo-12',
      status: 'Connected',
      address: 'tcp://localhost:5555',
      name: 'Pharo 12',
      version: '12.0',
      metadata: { dialect: 'Pharo' },
      round_trip_ms: 4,
      epoch: '2025-08-30T08:12:04Z',
    },
    result: EXAMPLE_IMAGE,
  },
})
