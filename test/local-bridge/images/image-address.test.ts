import { describe, expect, it } from 'vitest'
import {
  isOwnAddress,
  mayConnect,
  readImageAddress,
} from '../../../local-bridge/images/image-address.ts'

function read(text: string) {
  const address = readImageAddress(text)
  if (address === undefined) throw new Error(`${text} is no address`)
  return address
}

describe('the address of an image', () => {
  it.each([
    ['tcp://127.0.0.1:5555', '127.0.0.1:5555'],
    ['localhost:5555', '127.0.0.1:5555'],
    ['tcp://LocalHost:05555', '127.0.0.1:5555'],
    ['tcp://[::1]:1', '[::1]:1'],
    ['pharo.example:65535', 'pharo.example:65535'],
  ])('%s is %s', (given, text) => {
    expect(read(given).text).toBe(text)
  })

  it.each([
    '',
    'tcp://',
    '127.0.0.1',
    'ipc:///tmp/x',
    'tcp://127.0.0.1:0',
    'tcp://a;b:1',
    'x:99999',
  ])('"%s" is none', (given) => {
    expect(readImageAddress(given)).toBeUndefined()
  })
})

describe('what a message may make the bridge connect to', () => {
  const addresses = [
    'tcp://127.0.0.1:1',
    'tcp://127.9.9.9:1',
    'tcp://localhost:1',
    'tcp://[::1]:1',
    'tcp://0.0.0.0:1',
    'tcp://169.254.169.254:80',
    'tcp://10.0.0.1:1',
    'tcp://[fe80::1]:1',
    'tcp://[::ffff:127.0.0.1]:1',
    'tcp://localhost.example:1',
    'tcp://127.1:1',
    'tcp://2130706433:1',
  ]
  const allowed = (rule: 'none' | 'loopback' | 'any') =>
    addresses.filter((address) => mayConnect(read(address), rule))

  it('is nothing, this machine alone, or any address that is no name', () => {
    expect(allowed('none')).toEqual([])
    expect(allowed('loopback')).toEqual(addresses.slice(0, 4))
    expect(allowed('any')).toEqual(addresses.slice(0, 9))
  })

  it.each([
    ['127.0.0.1:5555', 'tcp://127.0.0.1:5555', true],
    ['localhost:5555', 'tcp://127.0.0.1:5555', true],
    ['127.0.0.1:5556', 'tcp://127.0.0.1:5555', false],
    ['10.0.0.1:5555', 'tcp://127.0.0.1:5555', false],
    ['127.0.0.1:5555', 'tcp://0.0.0.0:5555', true],
    ['[::1]:5555', 'tcp://[::]:5555', true],
    ['127.0.0.1:5555', 'tcp://127.0.0.1:*', false],
  ])('%s is the bridge at %s: %s', (address, listening, isOwn) => {
    expect(isOwnAddress(read(address), listening)).toBe(isOwn)
  })
})
