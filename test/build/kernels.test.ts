import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KERNELS, kernelModule, moduleOf } from '../../src/build/kernels.mjs'

describe.each(KERNELS)('$name', (kernel) => {
  test('is what its source compiles to', async () => {
    expect(readFileSync(moduleOf(kernel), 'utf8')).toBe(await kernelModule(kernel))
  }, 60_000)
})
