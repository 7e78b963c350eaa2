import { describe, expect, it } from 'vitest'
import { fenced, inlineCode, markdownText } from '../../src/report/markdown/text.ts'
import { MARKDOWN_BYTES, renderMarkdown } from '../../src/report/markdown.ts'
import { aFinding, aReport, aThread } from '../support/a-report.ts'
import { HOSTILE, hostileReport } from '../support/hostile.ts'
import fc from '../support/property.ts'

/** Markdown with its code taken out: what a renderer may take for markup. */
const withoutCode = (markdown: string): string =>
  markdown
    .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
    .replace(/^ {4}.*$/gm, '')
    .replace(/(?<!\\)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')

describe('report.md', () => {
  it('counts what report.json had no room for, or says of what it speaks', () => {
    const whole = aReport()
    const [trace] = whole.traces
    const told = whole.threads.filter(({ traced }) => traced).length
    const omitted = { threads: 2500, reconciliation: 7, events: 3, diagnostics: 4, inputs: 5 }
    const one = renderMarkdown(aReport('en', { omitted, traces: [{ ...trace!, threads: 4500 }] }))
    expect(one).toContain('over 4500 threads')
    expect(one).toContain(`explained by calls, in the ${whole.reconciliation.length} windows told`)
    for (const n of [2500, 3, 4, 5]) expect(one).toContain(`no room for ${n} further ones`)
    const several = renderMarkdown(aReport('en', { omitted, traces: [trace!, { ...trace!, threads: 9 }] }))
    expect(several).toContain(`over at least ${Math.max(told, 9, trace!.threads)} threads`)
    expect(renderMarkdown(whole)).not.toMatch(/at least \d+ threads|windows told|no room/)
  })

  it('shows no bytes of a thread of which no call is in the evidence', () => {
    const thread = aThread({ tid: 4242, traced: false })
    expect(renderMarkdown(aReport('en', { threads: [thread] }))).toMatch(
      /^\| 4242 \| [^|]+ \| – \| – \| – \| – \|/m,
    )
  })

  it('tells the story in order: verdict, facts, next, quality, findings', () => {
    const text = renderMarkdown(aReport())
    const order = [
      '# thumbd, pid 9791 — memory is leaking',
      'Leak, confidence 96 of 100.',
      '799 MiB an hour',
      '- Thread: thread 9797',
      '    strace -f',
      'Search words:',
      '## Data quality',
      '## Gates',
      '## Findings',
      '### problem:',
      '```text',
      '## Time line',
      '## Provenance',
    ]
    const places = order.map((part) => text.indexOf(part))
    expect(
      places.every((place) => place >= 0),
      JSON.stringify(places),
    ).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    expect(renderMarkdown(aReport())).toBe(text)
  })

  it('speaks Chinese', () => {
    expect(renderMarkdown(aReport('zh'))).toContain('- 线程：线程 9797（证据中没有名称），确定')
  })

  it('holds no raw HTML, no control character and no heading of the evidence’s making', () => {
    const text = renderMarkdown(hostileReport(aReport()))
    const outside = withoutCode(text)
    expect(outside).not.toMatch(/<\/?[a-z!]/i)
    expect(outside).not.toMatch(/(?<!\\)\]\(/)
    expect(outside).not.toMatch(/\b(?:https?|ftp):\/\//)
    expect(outside).not.toMatch(/@everyone/)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    const headings = text.split('\n').filter((line) => /^#{1,6} /.test(line))
    expect(headings.filter((line) => line.includes('heading') && !line.includes('\\x0a'))).toEqual([])
  })

  it('stays below 60 KB, cuts whole parts from the end, and says so', () => {
    const many = aReport('en', {
      findings: Array.from({ length: 60 }, (_, index) =>
        aFinding('en', { fingerprint: `f${index}`, why: 'long '.repeat(1500) }),
      ),
      threads: Array.from({ length: 400 }, (_, index) => aThread({ tid: 10_000 + index })),
    })
    const text = renderMarkdown(many)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MARKDOWN_BYTES)
    expect(text).toContain('Cut here to stay below 60 KB')
    expect(text.indexOf('# thumbd')).toBe(0)
    expect((text.match(/^`{3,}/gm) ?? []).length % 2).toBe(0)
  })
})

describe('markdownText', () => {
  it.each([
    ['a_b and (c)', 'a_b and (c)'],
    ['_a_', '\\_a\\_'],
    ['[heap]', '\\[heap\\]'],
    ['1. one', '1\\. one'],
    ['1.43 MiB', '1.43 MiB'],
    ['- item', '\\- item'],
    ['-1', '-1'],
    ['# h', '\\# h'],
    ['a | b', 'a \\| b'],
    ['<b>', '&lt;b&gt;'],
    ['http://x', 'http&#58;//x'],
    ['@all', '`@all`'],
  ])('%s', (text, escaped) => {
    expect(markdownText(text)).toBe(escaped)
  })

  it('never leaves a tag, a link or a row break', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...HOSTILE, 'a', ' ', '\\', '`', '|', '[', ']', '(', '<')),
        (parts) => {
          const shown = markdownText(parts.join('').replaceAll(/[\n\r]/g, ''))
          expect(shown).not.toMatch(/<[a-z/!]/i)
          for (const mark of ['|', '[', ']', '`'])
            for (let at = shown.indexOf(mark); at >= 0; at = shown.indexOf(mark, at + 1)) {
              const backslashes = /\\*$/.exec(shown.slice(0, at))![0].length
              const mention = mark === '`' && /`@[\w-]+`/.test(shown.slice(Math.max(0, at - 200), at + 200))
              expect(backslashes % 2 === 1 || mention, shown.slice(Math.max(0, at - 20), at + 20)).toBe(true)
            }
        },
      ),
    )
  })
})

describe('code', () => {
  it.each(['a', '`a`', '``', 'a `b` ``c``', ''])('holds %j without ending early', (text) => {
    const code = inlineCode(text)
    const ticks = /^`+/.exec(code)![0]
    if (text !== '')
      expect(code.slice(ticks.length, -ticks.length)).not.toContain(text === ticks ? '' : `x${ticks}x`)
    const [open, ...rest] = fenced([text, '```', '````'])
    expect(rest.at(-1)).toBe(open!.replace('text', ''))
    expect(rest.slice(0, -1)).not.toContain(rest.at(-1))
  })
})
