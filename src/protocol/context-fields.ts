// Fields of the context commands and of a session's history: components by name, labels, and what a revision is.

import * as z from 'zod'
import { COMPONENTS } from './components.ts'
import { CONTAINER_SCHEMA, type Opaque } from './fields.ts'
import { isObjectText, type JsonText } from './json-text.ts'
import * as limits from './limits.ts'

export const componentName = z.enum(COMPONENTS).describe('The name of a component.')

export const componentNames = (description: string) =>
  z.array(componentName).min(1).max(COMPONENTS.length).describe(description)

/** Components as a parameter: one JSON object that holds them by name, kept as the text that came. */
export const componentTexts = z
  .custom<JsonText>(
    (value) => typeof value === 'string' && isObjectText(value as JsonText),
    'an object of components by name'
  )
  .meta({
    type: 'object',
    properties: Object.fromEntries(
      COMPONENTS.map((name) => [
        name,
        name === 'evaluation_history'
          ? { 'x-opaque': true, description: 'Entries to add, or one entry.' }
          : { ...CONTAINER_SCHEMA, description: 'Takes the place of the stored one.' },
      ])
    ),
    minProperties: 1,
    description: 'The components to save, by name; at least one.',
  })

/** How a request names the revision that it makes. */
export const label = z
  .string()
  .min(1)
  .max(limits.MAX_NAME_LENGTH)
  .describe(
    'Names the revision for people. One that the newest revision does not have makes a revision of its own.'
  )

/** The label of a revision in a result. */
export const labelResult = z.string().describe('The name of the revision for people, or empty.')

/** A member of a result that holds opaque values further down: the handler gives all of it as text. */
export const textOf = (schema: z.ZodType, description: string) => {
  const { $schema: _, ...shown } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return z
    .custom<Opaque>((value) => schema.safeParse(value).success)
    .meta({ ...shown, description })
}
