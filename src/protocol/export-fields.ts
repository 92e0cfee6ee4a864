// What export_session and import_session share: the formats, and one example document, whose checksums are true.

import * as z from 'zod'
import type { JsonText } from './json-text.ts'
import { MAX_ID_LENGTH } from './limits.ts'

/** Formats of an exported session: one JSON object, or an object of Pharo's notation STON. */
export const EXPORT_FORMATS = ['json', 'ston'] as const

export const exportFormat = z.enum(EXPORT_FORMATS)

export const exportSha256 = z.string().regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits')

/** A document as a parameter: kept as the text that came, so that its checksums can be compared. */
export const exportDocument = z
  .custom<JsonText>((value) => typeof value === 'string' && /^\s*\{/.test(value), 'an object')
  .meta({ 'x-opaque': true, type: 'object' })

/** Starts of images that a registry may be of; an export names fewer. */
const MAX_EPOCHS = 100

const epoch = { image_id: z.string().max(MAX_ID_LENGTH), epoch: z.string().max(MAX_ID_LENGTH) }

/** Which start of which image the ids of an exported component are of; ids that came later are named. */
export const originOfIds = z.object({
  ...epoch,
  later: z.array(z.object({ ...epoch, ids: z.array(z.string()) })).max(MAX_EPOCHS),
})

/** The session of the other examples, as it is after their update. */
export const EXAMPLE_EXPORT = {
  content: [
    '{"kind":"stui-session","format_version":1,',
    '"exported_at":"2025-08-30T10:50:00.000Z","session_id":"session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg",',
    '"client_id":"client_001","revision":3,',
    '"name":"","timeout":3600,"created_at":"2025-08-30T10:30:00.000Z","last_modified":"2025-08-30T10:45:00.000Z",',
    '"image_id":"","image_address":"","image_name":"","image_version":"","image_metadata":{},',
    '"client_info":{"platform":"macos","version":"1.0.0","capabilities":["session_persistence","context_restoration"]},',
    '"components":{"session_state":{"workspace":"updated workspace state","inspector":"updated inspector state","variables":["var1","var2","var3","var4"]},',
    '"workspace_context":{"variables":["var1","var2","var3"]},',
    '"inspector_state":{"selected_object":"obj_123"},"object_registry":{"obj_123":"Object description"}},',
    '"sha256":{"session_state":"c9c983a83e10bc8d7a747281e14757e7914c5c74121329da4607f4bbcbc73d05",',
    '"workspace_context":"d23d11000695dbfbfb42d62eb34c0cbb4064aa79ef90c8ec3364723c0928385d",',
    '"inspector_state":"97b804d9d99be7bdd7287f72efd6d5717bd25a97e8b6cb1d3d77d5076f059862","object_registry":"e995b5a84c9c3fb034b055f8d9fe505301f1616b976e027f8c9ba941bfa15e54"}}',
  ].join(''),
  bytes: 1174,
  sha256: 'f7e00a1e77d39ace348dedb1e2bc3b7bcdc28e55a9271b6aad93213ad615f46a',
} as const
