/** report.json out of the page: byte for byte as it was written, or under another name when the page shortened it. */
import type { ReportDocument } from '../report/document.ts'
import { byId, element } from './dom.ts'

export function mountDownload(report: ReportDocument, whole: boolean): void {
  byId('download')?.addEventListener('click', () => {
    const text = `${JSON.stringify(report, null, 1)}\n`
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    element('a', { href: url, download: whole ? 'report.json' : 'report-shortened.json' }).click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  })
}
