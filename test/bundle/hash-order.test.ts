import { describe, expect, it } from 'vitest'
import { orderOf, takeNext } from '../../src/bundle/hash-order.ts'

const file = (path: string, bytes: number) => ({
  path,
  bytes,
  format: 'smaps' as const,
  diskPath: `/${path}`,
})
const ANY = Number.POSITIVE_INFINITY

describe('an order to hash', () => {
  it('gives each file to one of those who share it, in order', () => {
    const mine = orderOf(['a', 'b', 'c', 'd'].map((path) => file(path, 10)))
    // What another thread is sent: its own objects over the same memory.
    const theirs = { files: structuredClone(mine.files), taken: mine.taken }
    const taken = [mine, theirs, theirs, mine, theirs, mine].map(
      (order) => takeNext(order, ANY)?.path ?? null,
    )
    expect(taken).toEqual(['a', 'b', 'c', 'd', null, null])
  })

  it('leaves a file that is too large to whoever takes any', () => {
    const order = orderOf([file('a', 10), file('b', 100), file('c', 10)])
    expect(takeNext(order, 50)?.path).toBe('a')
    expect(takeNext(order, 50)).toBe(null)
    expect(takeNext(order, ANY)?.path).toBe('b')
    expect(takeNext(order, 50)?.path).toBe('c')
    expect(takeNext(order, ANY)).toBe(null)
  })

  it('of no file gives none', () => {
    expect(takeNext(orderOf([]), ANY)).toBe(null)
  })
})
