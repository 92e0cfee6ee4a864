// import_session: a session of the caller's client out of a document. Nothing is stored of a document that is refused.

import type { Outcome } from '../../outcome.ts'
import { succeed } from '../../outcome.ts'
import { type Failure, fail } from '../../protocol/failures.ts'
import type { Context, Handler } from '../context.ts'
import { findSession } from '../context.ts'
import { sha256 } from '../digest.ts'
import { type Imported, readImport } from '../import.ts'
import { componentsOf, manifestOf } from '../manifest.ts'
import { newSession } from './create-session.ts'

type Asked = Parameters<Handler<'import_session'>>[0]

export const importSession: Handler<'import_session'> = (parameters, context) => {
  const imported = readParameters(parameters)
  if (!imported.ok) return imported
  const { parameters: asked, origins, uncompared } = imported.value
  const created = newSession(asked, context, { cause: 'import_session', origins })
  if (!created.ok) return asDocumentFault(created, pathOf(parameters))
  for (const sentence of imported.value.warnings) context.warn(sentence)
  // A digest of the whole covers each of its parts.
  if (uncompared.length > 0 && parameters.sha256 === undefined) {
    context.warn(
      `Taken without a checksum to compare with: ${uncompared.join(', ')}. Look at it before you go on, or import the file as export_session wrote it.`
    )
  }
  return succeed({
    ...created.value,
    imported_from: imported.value.from,
    components: componentNames(created.value.session_id, context),
  })
}

function readParameters(parameters: Asked): Outcome<Imported, Failure> {
  const { content, document, format, sha256: expected, ...given } = parameters
  if (content !== undefined && document !== undefined) {
    return wrong('document', 'send either content or document')
  }
  if (document !== undefined && format === 'ston') {
    return wrong('format', 'a document in STON is sent as content')
  }
  const path = pathOf(parameters)
  const text = content ?? document ?? ''
  if (expected !== undefined && expected.toLowerCase() !== sha256(text)) {
    return wrong(path, 'it is not what sha256 says; send the file as it was exported')
  }
  const read = readImport(text, document === undefined ? format : 'json', given)
  return read.ok ? read : wrong(path, read.failure)
}

/** State that contradicts itself came from the document, whatever create_session calls it. */
function asDocumentFault<Refused extends { readonly ok: false; readonly failure: Failure }>(
  refused: Refused,
  path: string
) {
  const { failure } = refused
  if (failure.reason !== 'invalid_parameter') return refused
  return wrong(path, `its ${failure.path} is wrong: ${failure.detail}`)
}

function componentNames(session_id: string, { store }: Context): string[] {
  const session = findSession(store, session_id)
  if (!session.ok) return []
  return componentsOf(manifestOf(store, session.value.number, session.value.revision))
}

function pathOf({ content }: Asked): string {
  return content === undefined ? 'document' : 'content'
}

function wrong(path: string, detail: string) {
  return fail({ reason: 'invalid_parameter', path, detail })
}
