/** A runtime is asked itself, where that can show what grows: page faults do not tell what it keeps. */
import { describe, expect, it } from 'vitest'
import { captureHint } from '../../src/findings/capture-questions.ts'
import { runtimeQuestion } from '../../src/findings/runtime-question.ts'
import { HOTSPOT } from '../../src/model/attribution.ts'
import type { MappingKind } from '../../src/model/mapping-kind.ts'

const questionOf = (
  allocator: string | null,
  program: string | null = 'my app',
  kind: MappingKind = 'managed-heap',
) => runtimeQuestion(allocator, { kinds: [kind] }, program)

describe('the capture that a growing heap of a runtime asks for', () => {
  it.each([
    [HOTSPOT, 'java-classes'],
    ['Go runtime', 'go-heap'],
    ['.NET runtime', 'dotnet-heap'],
    ['pymalloc', 'python-heap'],
    ['jemalloc', 'who-touches'],
    ['musl malloc', 'who-touches'],
    [null, 'who-touches'],
  ])('is, of %s, %s', (allocator, question) => {
    expect(questionOf(allocator)).toBe(question)
  })

  it('does not count classes for what a JVM maps beside its heap', () => {
    expect(questionOf(HOTSPOT, 'java', 'anonymous')).toBe('who-touches')
  })

  it.each([
    ['node', 'node-heap'],
    ['nodejs', 'node-heap'],
    ['deno', 'who-touches'],
    [null, 'who-touches'],
  ])('sends no signal that ends another program with V8 than node: %s', (program, question) => {
    expect(questionOf('V8', program)).toBe(question)
  })

  it('is about the newest process of the name where no pid is known', () => {
    const { command } = captureHint('java-classes', { pid: 0, program: 'my app' })
    expect(command).toContain(`jcmd "$(pidof -s 'my app')" GC.class_histogram > my_app.classes.$i`)
  })

  it('opens no debugger beside one that listens already', () => {
    const { command } = captureHint('node-heap', { pid: 4242, program: 'node' })
    expect(command).toMatch(/^ss -ltn \| grep :9229 \|\| for i in 1 2;/)
  })
})
