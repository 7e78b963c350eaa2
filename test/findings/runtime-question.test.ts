/** A runtime is asked itself: page faults do not tell what it keeps. */
import { describe, expect, it } from 'vitest'
import { captureHint } from '../../src/findings/capture-questions.ts'
import { runtimeQuestion } from '../../src/findings/runtime-question.ts'
import { HOTSPOT } from '../../src/model/attribution.ts'

const commandOf = (allocator: string | null): string =>
  captureHint(runtimeQuestion(allocator), { pid: 4242, program: 'my app' }).command

describe('the capture that a growing heap of a runtime asks for', () => {
  it.each([
    [HOTSPOT, 'jcmd 4242 GC.class_histogram > my_app.classes.$i'],
    ['V8', `echo "takeHeapSnapshot('my_app.$i.heapsnapshot')"; sleep 60; echo .exit) | node inspect -p 4242`],
    ['Go runtime', '/debug/pprof/heap > my_app.heap.$i'],
    ['.NET runtime', 'dotnet-gcdump collect -p 4242 -o my_app.$i.gcdump'],
    ['pymalloc', 'memray attach -o my_app.memray 4242;'],
    ['jemalloc', 'perf record -e page-faults -c 1 -g -p 4242'],
    [null, 'perf record -e page-faults -c 1 -g -p 4242'],
  ])('of %s', (allocator, command) => {
    expect(commandOf(allocator)).toContain(command)
  })

  it('is about the newest process of the name where no pid is known', () => {
    const hint = captureHint(runtimeQuestion(HOTSPOT), { pid: 0, program: 'my app' })
    expect(hint.command).toContain(`jcmd "$(pidof -s 'my app')" GC.class_histogram`)
  })
})
