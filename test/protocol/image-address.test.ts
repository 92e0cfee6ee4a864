// The address of an image, as it may be spelled and as it is kept.

import { describe, expect, it } from 'vitest'
import { imageAddress } from '../../src/protocol/image-address.ts'

describe('The address of an image', () => {
  it.each([
    ['localhost:5555', 'localhost:5555'],
    ['tcp://localhost:5555', 'localhost:5555'],
    ['TCP://LocalHost:5555', 'localhost:5555'],
    [' 192.168.1.100:05555 ', '192.168.1.100:5555'],
    ['my-mac.local:1', 'my-mac.local:1'],
    ['tcp://[::1]:5555', '[::1]:5555'],
    ['[FE80::1%eth0]:65535', '[fe80::1%eth0]:65535'],
    ['', ''],
    ['  ', ''],
  ])('%j is kept as %j', (text, kept) => {
    expect(imageAddress(text)).toBe(kept)
    expect(imageAddress(kept)).toBe(kept)
  })

  it.each([
    'localhost',
    'localhost:',
    'localhost:0',
    'localhost:65536',
    'localhost:x',
    ':5555',
    'tcp://',
    'ipc:///tmp/x:1',
    'http://localhost:5555',
    '::1:5555',
    '[::1]',
    '[localhost]:5555',
    'user@host:5555',
    'local host:5555',
    'host:5555/path',
    'host:55\n55',
    `${'a'.repeat(255)}:1`,
  ])('%j is none', (text) => {
    expect(imageAddress(text)).toBeUndefined()
  })
})
