import { afterEach, describe, expect, it } from 'vitest'
import { terminalColumns } from '../../src/cli/terminal.ts'

const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns }

function pretend(isTTY: boolean, columns: number | undefined): void {
  Object.assign(process.stdout, { isTTY, columns })
}

afterEach(() => {
  Object.assign(process.stdout, before)
})

describe('the width of the terminal', () => {
  it('is that of stdout', () => {
    pretend(true, 72)
    expect(terminalColumns()).toBe(72)
  })

  it('is unknown where stdout is no terminal, or one that nobody gave a width', () => {
    pretend(false, 72)
    expect(terminalColumns()).toBeUndefined()
    pretend(true, 0)
    expect(terminalColumns()).toBeUndefined()
    pretend(true, undefined)
    expect(terminalColumns()).toBeUndefined()
  })
})
