import { describe, expect, it } from 'vitest'
import {
  readServiceAnswer,
  skimServiceAnswer,
} from '../../../local-bridge/replica/service-answer.ts'
import { withoutComponents } from '../../../local-bridge/replica/skimmed.ts'

/** Everything that could be taken for the end of something: in keys, in texts, escaped, and several levels deep. */
const STATE = `{"a":"}]\\",\\\\","session_state":[{"}":[1,-2.5e3,null]},"é"],"much":"${'x'.repeat(100_000)}"}`
const COMPONENTS = `"session_state":${STATE},"workspace_context": {} ,"evaluation_history":[{"code":"3 + 4"}]`
const RESULT = `{"session_id":"session_1","revision":3,${COMPONENTS},"name":"\\"é}","client_info":{"session_state":{"n":[1]}}}`

const META = '"meta":{"replayed":true}'

const ANSWERS: readonly (readonly [string, string])[] = [
  ['A', `{"id":1,"status":"success","result":${RESULT},"timestamp":"t",${META}}`],
  ['B', ` { "id" : "}" , "status" : "success" , "result" : ${RESULT} , ${META} } `],
  [
    'C',
    `{"id":1,"version":"1.0","timestamp":"t","payload":{"type":"Response","data":{"response_type":"Session","data":${RESULT}}},${META}}`,
  ],
  ['D', `{"response_type":"Session","data":${RESULT},${META}}`],
]

describe('an answer of which the state is hardly ever asked for', () => {
  it.each(ANSWERS)(
    'tells the same in dialect %s, and its components when they are asked for',
    (_, text) => {
      const bytes = Buffer.from(text)
      const skimmed = skimServiceAnswer(bytes)
      const read = readServiceAnswer(bytes)
      if (skimmed?.ok !== true || read?.ok !== true) throw new Error('it cannot be read')
      expect({ ...skimmed, texts: skimmed.texts() }).toEqual({ ...read, texts: read.texts() })
      expect(skimmed.told).toMatchObject({
        client_info: { session_state: { n: [1] } },
        revision: 3,
      })
      expect(skimmed.texts().get('session_state')).toBe(STATE)
    }
  )

  it.each(ANSWERS)('is no long text in dialect %s', (_, text) => {
    expect(withoutComponents(Buffer.from(text)).length).toBeLessThan(400)
  })

  it.each([
    '',
    '{',
    '{"result',
    '{"result":{"session_state":"',
    '{"result":{"session_state":[{',
    '[1]',
  ])('is looked at to its end and no further if it is cut off: %s', (text) => {
    expect(withoutComponents(Buffer.from(text)).length).toBeLessThan(100)
  })
})
