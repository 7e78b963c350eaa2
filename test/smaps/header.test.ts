import { describe, expect, it } from 'vitest'
import { EXECUTE, READ, SHARED, WRITE } from '../../src/model/snapshot.ts'
import {
  FULL_HEADER,
  Header,
  NO_HEADER,
  PARTIAL_HEADER,
  parseHeader,
  RANGE_ONLY,
  WRAPPED_HEADER,
} from '../../src/smaps/header.ts'

function parse(text: string): { kind: number; header: Header; name: string; device: string } {
  const bytes = Buffer.from(text)
  const header = new Header()
  const kind = parseHeader(bytes, 0, bytes.length, header)
  return {
    kind,
    header,
    name: bytes.toString('utf8', header.nameStart, header.nameEnd),
    device: bytes.toString('utf8', header.deviceStart, header.deviceEnd),
  }
}

describe('header line', () => {
  it('reads all its parts', () => {
    const { kind, header, name, device } = parse(
      '55e87aeaa000-55e87aeaf000 r-xs 0001e000 103:02 15884290                  /usr/sbin/nscd',
    )
    expect(kind).toBe(FULL_HEADER)
    expect(header.start).toBe(0x55e87aeaa000)
    expect(header.end).toBe(0x55e87aeaf000)
    expect(header.permissions).toBe(READ | EXECUTE | SHARED)
    expect(header.offset).toBe(0x1e000)
    expect(device).toBe('103:02')
    expect(header.inode).toBe(15884290)
    expect(name).toBe('/usr/sbin/nscd')
  })

  it.each([
    ['32-bit', '08048000-080bc000 r-xp 00000000 03:02 13130      /bin/bash', 0x08048000, '/bin/bash'],
    [
      '16 digits',
      'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]',
      2 ** 64 - 0xa00000,
      '[vsyscall]',
    ],
    ['no name, trailing blank kept off', '7f00-7f10 ---p 00000000 00:00 0 ', 0x7f00, ''],
    ['no name, trailing blank stripped', '7f00-7f10 ---p 00000000 00:00 0', 0x7f00, ''],
    [
      'name later than its column',
      '7f00-7f10 r--p 00000000 00:00 12910371022                        x',
      0x7f00,
      'x',
    ],
    ['collapsed padding', '7f00-7f10 r--p 0 0:0 0 /a', 0x7f00, '/a'],
    ['blanks and tabs in the name', '7f00-7f10 r--p 0 0:0 7 /a  b\tc ', 0x7f00, '/a  b\tc '],
    [
      'a name like a header',
      '7f00-7f10 r--p 0 0:0 7 /7f00-7f01 r--p 0 0:0 0 x',
      0x7f00,
      '/7f00-7f01 r--p 0 0:0 0 x',
    ],
    ['an escaped newline', '7f00-7f10 r--p 0 0:0 7 /a\\012b', 0x7f00, '/a\\012b'],
    ['UTF-8', '7f00-7f10 r--p 0 0:0 7 /é名', 0x7f00, '/é名'],
    ['a carriage return before the end', '7f00-7f10 r--p 0 0:0 7 /a\r', 0x7f00, '/a'],
  ])('%s', (_, text, start, name) => {
    const parsed = parse(text)
    expect([parsed.kind, parsed.header.start, parsed.name]).toEqual([FULL_HEADER, start, name])
  })

  it('takes the dash that WSL1 prints as the last permission', () => {
    expect(parse('7f00-7f10 rw-- 0 00:00 0').header.permissions).toBe(READ | WRITE)
  })

  it.each([
    ['Size:                  4 kB', NO_HEADER],
    ['Anonymous:             0 kB', NO_HEADER],
    ['VmFlags: rd ex ', NO_HEADER],
    ['', NO_HEADER],
    ['-', NO_HEADER],
    ['7f00-', NO_HEADER],
    ['7f00-7f10rw-p 0 0:0 0', NO_HEADER],
    ['7f00-7f10 rwzp 0 0:0 0', NO_HEADER],
    ['7f00-7f10 rw-px 0 0:0 0', NO_HEADER],
    ['7f00-7f10 rw-p 0 0:0 x', NO_HEADER],
    ['7f00-7f10 rw-p 0 00 0', NO_HEADER],
    ['12345678901234567-7f10 rw-p 0 0:0 0', NO_HEADER],
    ['7f00-7f10', RANGE_ONLY],
    ['7f00-7f10 ', RANGE_ONLY],
    ['7f00-7f10 rw', PARTIAL_HEADER],
    ['7f00-7f10 rw-p', PARTIAL_HEADER],
    ['7f00-7f10 rw-p 000', PARTIAL_HEADER],
    ['7f00-7f10 rw-p 0 00', PARTIAL_HEADER],
    ['7f00-7f10 rw-p 0 103:02', WRAPPED_HEADER],
  ])('%j', (text, kind) => {
    expect(parse(text).kind).toBe(kind)
  })
})
