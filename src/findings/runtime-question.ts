/** What to capture next where a runtime has the heap: it knows what is alive, page faults tell only who touched a page. */
import { HOTSPOT } from '../model/attribution.ts'
import type { QuestionName } from './capture-questions.ts'
import type { Growth } from './growth.ts'

/** By allocator, as the attribution names it. */
const QUESTIONS: ReadonlyMap<string, QuestionName> = new Map([
  [HOTSPOT, 'java-classes'],
  ['V8', 'node-heap'],
  ['Go runtime', 'go-heap'],
  ['.NET runtime', 'dotnet-heap'],
  ['pymalloc', 'python-heap'],
])

/**
 * The question of a runtime's own profile. Who touches pages where it makes none, or would not show this memory: what the
 * JVM maps beside its heap; and of another program with V8 than node, which the signal that is sent would end.
 */
export function runtimeQuestion(
  allocator: string | null,
  { kinds }: Pick<Growth, 'kinds'>,
  program: string | null,
): QuestionName {
  const question = QUESTIONS.get(allocator ?? '') ?? 'who-touches'
  if (question === 'java-classes' && !kinds.includes('managed-heap')) return 'who-touches'
  if (question === 'node-heap' && program !== 'node' && program !== 'nodejs') return 'who-touches'
  return question
}
