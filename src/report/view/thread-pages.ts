/** Which threads get a page of their own: those that moved memory, at most this many. */
import type { ReportDocument, ReportThread } from '../document.ts'

const THREAD_PAGES = 24

export const threadId = (thread: { readonly pid: number; readonly tid: number }): string =>
  `thread-${thread.pid}-${thread.tid}`

const movedBytes = ({ memory }: ReportThread): number =>
  memory.mmapBytes +
  memory.munmapBytes +
  memory.brkUpBytes +
  memory.brkDownBytes +
  memory.mprotectBytes +
  memory.mremapBytes

export const threadsWithPages = ({ threads }: ReportDocument): ReportThread[] =>
  threads.filter((thread) => movedBytes(thread) > 0 || thread.doing.length > 0).slice(0, THREAD_PAGES)

/** Where the page of a thread is; `null` for a thread that has none. */
export function threadLinks(document: ReportDocument): (pid: number, tid: number) => string | null {
  const paged = new Set(threadsWithPages(document).map(threadId))
  return (pid, tid) => {
    const id = threadId({ pid, tid })
    return paged.has(id) ? `#${id}` : null
  }
}
