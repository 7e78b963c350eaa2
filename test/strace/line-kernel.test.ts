import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LINE_KERNEL } from '../../src/strace/kernel/line-kernel.wasm.ts'

const compiler = existsSync(new URL('../../node_modules/assemblyscript', import.meta.url))

describe('the kernel', () => {
  it.skipIf(!compiler)('is compiled from its source (skipped without the compiler)', async () => {
    // @ts-expect-error: a script without types
    const { compileKernel } = await import('../../src/strace/kernel/build.mjs')
    expect(await compileKernel()).toBe(LINE_KERNEL)
  })
})
