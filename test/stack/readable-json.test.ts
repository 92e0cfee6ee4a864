import { expect, it } from 'vitest'
import { readableJson } from '../../local-bridge/stack/readable-json.ts'

it('indents JSON and keeps every number as it was written', () => {
  expect(readableJson('{"id":9007199254740993,"list":[-0,1.50,1e3],"__proto__":{"a":1}}')).toBe(`{
  "id": 9007199254740993,
  "list": [
    -0,
    1.50,
    1e3
  ],
  "__proto__": {
    "a": 1
  }
}`)
})

it('gives back what is no JSON', () => {
  expect(readableJson('<html>')).toBe('<html>')
})
