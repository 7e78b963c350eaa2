import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadAssets } from '../../src/report/html/assets.ts'
import { createEnvironment } from '../../src/report/html/environment.ts'
import { escapeJson } from '../../src/report/html/escape-json.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { aFinding, aReport, aThread } from '../support/a-report.ts'
import { hostileReport } from '../support/hostile.ts'
import { reportText } from '../support/report-text.ts'

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`
const decode = (text: string) =>
  text.replace(/&#x([0-9A-F]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
const templates = join(import.meta.dirname, '../../templates')

describe('report.html', () => {
  let html: string
  beforeAll(async () => {
    html = await renderHtml(aReport())
  })

  it('is the same for the same document, under 2 MB, in the language of the document', async () => {
    expect(await renderHtml(aReport())).toBe(html)
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000)
    expect(html).toContain('<html lang="en">')
    expect(await renderHtml(aReport('zh'))).toContain('<html lang="zh-CN">')
  })

  it('is the same from report.json as from the run that wrote it', async () => {
    expect(await renderHtml(JSON.parse(reportText(aReport())))).toBe(html)
  })

  it('allows its own script and style by hash and nothing else', () => {
    const policy = decode(/http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!)
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!
    const script = /<script>([\s\S]*?)<\/script>/.exec(html)![1]!
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${sha256(style)}`,
      `script-src ${sha256(script)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(html).not.toMatch(/ (?:src|href)="(?!#|data:image\/webp;base64,)/)
    expect(html).not.toMatch(/ (?:style|on\w+)="/)
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'))
  })

  it('says of what the confidence is where the thread is only likely, and shows no measure that there is not', async () => {
    const report = aReport()
    const lead = report.findings[0]!
    const likely = {
      ...lead,
      culprit: { tid: 9797, name: null, certainty: 'likely' as const },
      measures: { ...lead.measures, limitAt: null },
    }
    const page = await renderHtml({ ...report, findings: [likely, ...report.findings.slice(1)] })
    expect(html).toContain(`<span>confidence ${report.verdict.confidence} of 100</span>`)
    expect(page).toContain(
      `<span>confidence ${report.verdict.confidence} of 100 in the growth; the thread is likely</span>`,
    )
    const measures = (text: string) => /id="finding-1-measures"[\s\S]*?<\/table>/.exec(text)![0]
    expect(measures(html)).toContain('limitAt<')
    expect(measures(page)).not.toContain('limitAt<')
    expect(measures(page)).not.toContain('not known')
  })

  it('lists no threads where nothing stayed of what they made, and the first where there are hundreds', async () => {
    const report = aReport()
    const [lead, ...rest] = report.findings
    const pageOf = (bytes: number) => {
      const threads = Array.from({ length: 200 }, (_, at) => ({
        tid: 20_000 + at,
        name: null,
        bytes,
        share: 0,
      }))
      return renderHtml({ ...report, findings: [{ ...lead!, threads }, ...rest] })
    }
    expect(await pageOf(0)).not.toContain('id="finding-1-threads"')
    const many = /id="finding-1-threads"[\s\S]*?<\/table>[\s\S]*?<p class="note">([^<]*)/.exec(
      await pageOf(4096),
    )!
    expect(many[0].match(/<tr/g)).toHaveLength(25)
    expect(many[1]).toBe('176 more rows are in report.json.')
  })

  it('does not say that there is no strace where there are its counts', async () => {
    const report = aReport()
    const counts = await renderHtml({ ...report, traces: [] })
    expect(report.summaries.length).toBeGreaterThan(0)
    expect(counts).toContain('of strace only the counts of -c')
    expect(await renderHtml({ ...report, traces: [], summaries: [] })).toContain('no strace log')
  })

  it('does not deny a limit to growth of which nothing tells that it ended', async () => {
    const report = aReport()
    const pageOf = (severity: 'warning' | 'info') => {
      const findings = report.findings.map((finding) => ({
        ...finding,
        severity,
        measures: { ...finding.measures, gapRoseBytes: 0, limitAt: null },
      }))
      return renderHtml({ ...report, findings })
    }
    expect(await pageOf('warning')).toContain('2 GiB; whether the growth goes on is not known')
    expect(await pageOf('info')).not.toContain('whether the growth goes on')
  })

  it('names the program of a finding, where another gave the process its name', async () => {
    const report = aReport()
    const findings = report.findings.map((finding) => ({ ...finding, program: 'leaker' }))
    const { pid } = findings[0]!
    const page = await renderHtml({ ...report, findings })
    expect(page).toContain(`<bdi>leaker (${pid})</bdi>, confidence`)
    const markdown = renderMarkdown({ ...report, findings })
    expect(markdown).toContain(`leaker (${pid}), confidence`)
    expect(markdown).toMatch(/^Search words: .*\bleaker\b/m)
  })

  it('tells of the next life beside the time of a limit, under another pid or the same, and calls neither a restart', async () => {
    const report = aReport()
    const [first] = report.processes
    const day = first!.lastSample!.slice(0, 10)
    const again = { ...first!, pid: first!.pid + 1, restartOf: first!.pid }
    const event = { kind: 'restart', pid: first!.pid, from: first!.lastSample, text: '', evidence: [] }
    expect(html).toMatch(/2 GiB at 22:20[^<]*, if it goes on like this/)
    for (const time of ['20:00:00', '22:50:00']) {
      const seen = `${day}T${time}`
      const processes = [...report.processes, { ...again, firstSample: seen }]
      const elsewhere = await renderHtml({ ...report, processes })
      const inPlace = await renderHtml({ ...report, events: [...report.events, { ...event, to: seen }] })
      expect(elsewhere).toContain(
        `2 GiB at 22:20 at that rate; not seen again, and pid ${again.pid} of the same program first at ${time}`,
      )
      expect(inPlace).toContain(
        `2 GiB at 22:20 at that rate; another address space first seen under this pid at ${time}`,
      )
      for (const page of [elsewhere, inPlace]) expect(page).not.toContain('if it goes on like this')
    }
  })

  it('tells of a limit as far away from a process that is not seen any more', async () => {
    const report = aReport()
    const findings = report.findings.map((finding) => ({
      ...finding,
      measures: { ...finding.measures, notSeenSeconds: 600 },
    }))
    const page = await renderHtml({ ...report, findings })
    expect(page).toMatch(/2 GiB at 22:20[^<]* at that rate; the process was not seen any more/)
    expect(page).not.toContain('if it goes on like this')
  })

  it('links to nothing that is not in the page, a thread without a page of its own least of all', async () => {
    const report = aReport()
    const idle = { ...report.findings[0]!.threads[0]!, tid: 4711, bytes: 0, share: 0 }
    const owner = { ...report.owners[0]!, tid: 4712 }
    const page = await renderHtml({
      ...report,
      owners: [...report.owners, owner],
      findings: report.findings.map((finding) => ({ ...finding, threads: [...finding.threads, idle] })),
    })
    expect(page).toContain('4711')
    expect(page).toContain('4712')
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const targets = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, target]) => target)
    expect(targets.filter((target) => !ids.has(target))).toEqual([])
  })

  it('counts the mappings of a finding beyond those that are listed', async () => {
    const report = aReport()
    const findings = report.findings.map((finding) => ({ ...finding, regionsOmitted: 22 }))
    expect(await renderHtml({ ...report, findings })).toContain('and 22 more')
  })

  it('counts snapshots that report.json has no room for, and compares none over changes that it has not', async () => {
    const { snapshots } = aReport()
    const said = (page: string) => [page.includes('id="compare-from"'), /(\d+) snapshots/.exec(page)?.[1]]
    expect(said(html)).toEqual([true, `${snapshots.length}`])
    const cut = await renderHtml(aReport('en', { omitted: { snapshots: 1000, timeline: 1000 } }))
    expect(said(cut)).toEqual([false, `${1000 + snapshots.length}`])
    expect(cut).toMatch(/id="snapshots"[\s\S]*?report\.json has no room for 1000 further ones\./)
    expect(cut).not.toContain('1000 more rows are in report.json')
  })

  it('lists of very many snapshots the first, the last and those between evenly', async () => {
    const [row] = aReport().snapshots
    const snapshots = Array.from({ length: 1000 }, (_, at) => ({ ...row!, file: `smaps/number-${at}` }))
    const page = await renderHtml(aReport('en', { snapshots }))
    const listed = [...page.matchAll(/number-(\d+)</g)].map(([, at]) => Number(at))
    expect([listed.length, listed[0], listed.at(-1)]).toEqual([200, 0, 999])
  })

  it('carries report.json in one island that cannot end its element', async () => {
    const hostile = hostileReport(aReport())
    const page = await renderHtml(hostile)
    const islands = [...page.matchAll(/<script type="application\/json" id="island">([\s\S]*?)<\/script>/g)]
    expect(islands).toHaveLength(1)
    expect(islands[0]![1]).not.toMatch(/[<>&\u2028\u2029]/)
    expect(JSON.parse(islands[0]![1]!).report).toEqual(hostile)
    expect((page.match(/<script/g) ?? []).length).toBe(2)
  })

  it('gives up detail in the stated order and says what it left to report.json', async () => {
    const evidence = Array.from({ length: 24 }, (_, index) => ({
      file: `strace/very.long.${index}`,
      firstLine: 1,
      lastLine: 8,
      lines: Array(8).fill('q'.repeat(399)),
    }))
    const large = aReport('en', {
      findings: Array.from({ length: 30 }, (_, index) =>
        aFinding('en', { fingerprint: `f${index}`, evidence }),
      ),
    })
    const page = await renderHtml(large)
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
    expect(page).toContain('these are only in report.json: quoted lines of the evidence.')
    expect(page).toContain('shortened copy')

    const huge = aReport('en', {
      threads: Array.from({ length: 3000 }, (_, index) =>
        aThread({ tid: 20_000 + index, name: 'n'.repeat(15) }),
      ),
    })
    const small = await renderHtml(huge)
    expect(Buffer.byteLength(small)).toBeLessThan(8_000_000)
    expect(small).toContain('the copy of report.json in this page')
    expect(small).not.toContain('id="download"')
  })
})

describe('the templates', () => {
  const sources = readdirSync(templates, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => ({ name, text: readFileSync(join(templates, name), 'utf8') }))

  it('put text in unescaped only through the asset helper, in the layout', () => {
    const unescaped = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\{\{\{[^}]*\}\}\}|\{\{&[^}]*\}\}/g)].map(([found]) => `${name}: ${found}`),
    )
    expect(unescaped.sort()).toEqual([
      "layouts/page.hbs: {{{asset 'island'}}}",
      "layouts/page.hbs: {{{asset 'script'}}}",
      "layouts/page.hbs: {{{asset 'styles'}}}",
    ])
  })

  it('refuse to render a name that the view does not have', async () => {
    const render = createEnvironment(await loadAssets(), { styles: '', script: '', island: '' })
    expect(() => render('partials/facts', { facts: [{ label: 'x' }] })).toThrow(/value/)
    expect(() => render('no/such', {})).toThrow(/no template/)
  })
})

describe('escapeJson', () => {
  it('leaves the value as it was', () => {
    const value = { a: '</script><!-- & \u2028\u2029', b: [1, '<>'] }
    const text = escapeJson(JSON.stringify(value))
    expect(text).not.toMatch(/[<>&\u2028\u2029]/)
    expect(JSON.parse(text)).toEqual(value)
  })
})
