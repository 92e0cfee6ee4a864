// Documents that import_session refuses: each with a sentence that says where, and nothing stored.

import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump } from '../../support/engine-rows.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'

const HEAD = '"kind":"stui-session","format_version":1'
const STON = 'STUISessionData { #formatVersion : 1'
const DEEP = `${'['.repeat(65)}${']'.repeat(65)}`

/** Documents, and what is said of them. */
const BROKEN: readonly (readonly [string, string, string | RegExp])[] = [
  ['that is empty space', ' ', 'line 1, column 2: it ends too early'],
  ['that is a list', '[]', 'it is no object'],
  [
    'that is cut off',
    `{${HEAD},\n"components":{"session_state":{"a":1}`,
    'line 2, column 38: it ends too early',
  ],
  ['with a comma too many', `{${HEAD},}`, /^line 1, column \d+: a value expected$/],
  ['of another kind', '{"kind":"recipe"}', 'its kind is not "stui-session"'],
  ['without a version', '{"kind":"stui-session","components":{}}', 'its format_version is missing'],
  [
    'of a later version',
    '{"kind":"stui-session","format_version":2,"components":{}}',
    'its format_version is not 1, which is the newest that is read here',
  ],
  ['without components', `{${HEAD}}`, 'its components are no object'],
  [
    'with a component that is no state',
    `{${HEAD},"components":{"session_state":7}}`,
    'its session_state is no object or array',
  ],
  [
    'with a state that is too deep',
    `{${HEAD},"components":{"object_registry":${DEEP}}}`,
    'its object_registry nests deeper than 64 levels',
  ],
  [
    'with half a surrogate pair',
    `{${HEAD},"components":{"session_state":{"a":"\\ud83d"}}}`,
    'its session_state holds half a surrogate pair, which is no character',
  ],
  [
    'with a name that is too long',
    `{${HEAD},"name":"${'n'.repeat(121)}","components":{}}`,
    /^its name is wrong: /,
  ],
  [
    'with a timeout of a second',
    `{${HEAD},"timeout":1,"components":{}}`,
    /^its timeout is wrong: /,
  ],
  [
    'with an origin that is no text',
    `{${HEAD},"session_id":{},"components":{}}`,
    'its session_id and exported_at are strings of at most 255 characters',
  ],
  [
    'whose checksums are no object',
    `{${HEAD},"components":{},"sha256":7}`,
    'its sha256 is no object',
  ],
  [
    'with a checksum of what is missing',
    `{${HEAD},"components":{},"sha256":{"session_state":""}}`,
    'its session_state is missing, but not its checksum',
  ],
  [
    'whose state contradicts itself',
    `{${HEAD},"components":{"session_state":{"user_preferences":{"a":1}},"user_preferences":{"a":2}}}`,
    /^its state_data.user_preferences is wrong: .* given twice/,
  ],
  ['of another class', 'Recipe { #formatVersion : 1 }', 'its class is not STUISessionData'],
  ['in STON without a version', 'STUISessionData { }', 'its format_version is missing'],
  [
    'in STON that is cut off',
    `${STON},\n#name : 'a`,
    'line 2, column 9: the string that begins here does not end',
  ],
  [
    'in STON that is a circle',
    `${STON}, #sessionState : { #me : @2 } }`,
    /an object that it is inside of$/,
  ],
  [
    'in STON with half a surrogate pair',
    `${STON}, #sessionState : [ '\\uD83D' ] }`,
    /^its session_state holds half/,
  ],
  [
    'in STON that is too deep',
    `${STON}, #sessionState : ${DEEP} }`,
    'its session_state nests deeper than 64 levels',
  ],
]

export function describeBrokenDocuments(test: EngineTest): void {
  describe('A document', () => {
    for (const [what, content, detail] of BROKEN) {
      test(`${what} is refused, and nothing is stored`, (host) => {
        expect(detailOf(host, { content })).toEqual(
          typeof detail === 'string' ? detail : expect.stringMatching(detail)
        )
      })
    }

    test('that was changed on its way is refused by its own checksums, and says which part', (host) => {
      const session_id = create(host, { state_data: { n: 1 }, user_preferences: { theme: 'dark' } })
      for (const format of ['json', 'ston'] as const) {
        const { content } = host.done('export_session', { session_id, format }).result
        expect(detailOf(host, { content: content.replace('dark', 'dusk') })).toBe(
          'its user_preferences is not what its checksum says; take sha256 out if you have changed it'
        )
      }
    })

    test('that is not what the given checksum says is refused', (host) => {
      const content = host.done('export_session', { session_id: create(host) }).result.content
      const right = createHash('sha256').update(content).digest('hex')
      for (const sha256 of [right, right.toUpperCase()]) {
        host.done('import_session', { client_id: CLIENT, content, sha256 })
      }
      expect(detailOf(host, { content, sha256: '0'.repeat(64) })).toBe(
        'it is not what sha256 says; send the file as it was exported'
      )
      const refused = host.refused('import_session', { client_id: CLIENT, content, sha256: 'abc' })
      expect(refused.details).toMatchObject({ path: 'sha256' })
    })

    test('in STON that was called JSON is told as what it is', (host) => {
      expect(detailOf(host, { content: `${STON} }`, format: 'json' })).toBe(
        'it is no JSON, but STON; leave format out, or send ston'
      )
    })

    test('that is wrong is named by the parameter that held it', (host) => {
      const refused = host.refused('import_session', { client_id: CLIENT, document: { kind: 'x' } })
      expect(refused).toMatchObject({
        error: 'Invalid document parameter: its kind is not "stui-session".',
        details: { path: 'document' },
      })
    })
  })

  describe('A document that Pharo wrote', () => {
    const pharo = `\ufeffSTUISessionData {
      #formatVersion : 1, #name : 'from the image', #imageName : nil, #inspectorState : nil, #whim : 7,
      #workspaceContext : OrderedDictionary { #counter : 42, 'at' : Point [ 3, 4 ] },
      #evaluationHistory : OrderedCollection [ '3 + 4', @3 ],
      #sha256 : { 'workspace_context' : 'of an earlier text' } }`

    test('is read, and what JSON cannot tell is said', (host) => {
      const { result, warnings } = host.done('import_session', {
        client_id: CLIENT,
        content: pharo,
      })
      expect(result).toMatchObject({
        name: 'from the image',
        timeout: 3600,
        image_name: '',
        imported_from: { session_id: '', exported_at: '', format: 'ston' },
        components: ['workspace_context', 'evaluation_history'],
      })
      const { session_id } = result
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        workspace_context: { counter: 42, at: [3, 4] },
        evaluation_history: ['3 + 4', [3, 4]],
      })
      expect(warnings).toEqual([
        'Classes that JSON cannot tell were left out: OrderedDictionary, Point, OrderedCollection.',
        'The checksums were not compared: Smalltalk has written the document again.',
        'Ignored in the document: whim.',
      ])
    })
  })
}

/** What is said of a document; the refusal must name it, and leave no trace. */
function detailOf(host: EngineHost, asked: Readonly<Record<string, unknown>>): unknown {
  const before = dump(host.sql)
  const refused = host.refused('import_session', { client_id: CLIENT, ...asked })
  expect(refused).toMatchObject({ error_code: 'invalid_parameter', details: { path: 'content' } })
  expect(dump(host.sql)).toBe(before)
  return refused.details?.detail
}
