import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redaction/redactor.ts'

const shown = (line: string): string =>
  createRedactor('strict', () => new Uint8Array(16)).line(line, 'strace-log')

describe('a result in two PID namespaces', () => {
  it.each([
    "clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = 456 /* 12 in strace's PID NS */",
    "10:00:00.000001 clone(child_stack=NULL, flags=SIGCHLD)    = 456 /* 12 in strace's PID NS */ <0.000064>",
    "gettid() = 7 /* 4211 in strace's PID NS */",
  ])('keeps both numbers: %s', (line) => {
    expect(shown(line)).toBe(line)
  })

  it.each([
    "gettid() = 7 /* hunter2 in strace's PID NS */",
    "gettid() = 7 /* 12 in hunter2's PID NS */",
    "gettid() = 7 /* 12 in strace's PID NS */ hunter2",
  ])('keeps nothing else: %s', (line) => {
    expect(shown(line)).not.toContain('hunter2')
  })
})
