/** What to capture next where a runtime has the heap: it knows what is alive, page faults tell only who touched a page. */
import { HOTSPOT } from '../model/attribution.ts'
import type { QuestionName } from './capture-questions.ts'

/** By allocator, as the attribution names it. */
const QUESTIONS: ReadonlyMap<string, QuestionName> = new Map([
  [HOTSPOT, 'java-classes'],
  ['V8', 'node-heap'],
  ['Go runtime', 'go-heap'],
  ['.NET runtime', 'dotnet-heap'],
  ['pymalloc', 'python-heap'],
])

/** The question of a runtime's own profile; of an allocator without one, and where none is known, who touches pages. */
export const runtimeQuestion = (allocator: string | null): QuestionName =>
  QUESTIONS.get(allocator ?? '') ?? 'who-touches'
