// What the stand-in for an image answers, for the program and for the tests that compare bytes.

/** What the program tells the process that forked it. */
export type Told =
  | { readonly told: 'listening' }
  | { readonly told: 'executed'; readonly id: unknown }

/** What that process asks of the program: to answer the message with this id, which asked to be held. */
export type Asked = { readonly release: unknown }

/** Bytes that no reader of JSON or of UTF-8 would leave as they are. */
const MARKS = [Buffer.from([0xff, 0x00, 0xfe]), Buffer.from('\r\n\t ')]

/** The answer to a message: the message itself between bytes that are no text, in several frames if it asks for them. */
export function framesFor(body: Buffer, command: unknown, epoch = ''): Buffer[] {
  if (command === 'ping') {
    const said = epoch === '' ? {} : { epoch, image_version: '12.0' }
    return [
      Buffer.from(JSON.stringify({ status: 'success', result: { message: 'pong', ...said } })),
    ]
  }
  if (command === 'inspect_in_frames') return [...MARKS, Buffer.alloc(0), body]
  if (command === 'print_much')
    return [Buffer.alloc(JSON.parse(String(body)).parameters.bytes, 'm')]
  return [Buffer.concat([...MARKS, body, Buffer.from(' ')])]
}
