import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aFolder, memdossier, readReport } from '../support/command.ts'

const CALLS = [
  'mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0d723d7000',
  'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0d723d5000',
]

function reportOn(lines: readonly string[]) {
  const folder = aFolder()
  writeFileSync(join(folder, 'trace.txt'), `${lines.join('\n')}\n`)
  const out = join(folder, 'out')
  const ran = memdossier([join(folder, 'trace.txt'), '-o', out, '--formats', 'json,md'])
  const texts = ['report.json', 'report.md'].map((name) => readFileSync(join(out, name), 'utf8')).join('\n')
  return { ran, texts, report: readReport(out) }
}

describe('what has no place in time has no time in the report', () => {
  test('a log without stamps: no NaN, no made-up age, no accusation', () => {
    const { ran, texts, report } = reportOn(CALLS)
    expect(ran.status).toBe(0)
    expect(texts).not.toContain('NaN')
    expect(report.accounts[0]).toMatchObject({ from: null, to: null, bytesPerHour: null, culprit: null })
    expect(report.accounts[0]?.culpritReason).toContain('no time stamps')
    expect(report.threads[0]).toMatchObject({ ages: [], callsOverTime: [], liveOverTime: [] })
    expect(report.owners.every(({ at }) => at === null)).toBe(true)
  })

  test('a time of day without its date: no date is made up', () => {
    const { texts, report } = reportOn(CALLS.map((call, second) => `12:00:0${second}.000001 ${call}`))
    expect(texts).not.toContain('1970-01-01')
    expect(report.accounts[0]).toMatchObject({ from: null, to: null })
    expect(report.threads[0]?.callsOverTime.reduce((sum, { calls }) => sum + calls, 0)).toBe(2)
  })

  test('a log that tells no pid asks for none in the next command', () => {
    expect(reportOn(CALLS).report.verdict.next?.command).toBe(
      'memdossier recipe --process NAME --every 10s --for 30m',
    )
  })
})

test('a snapshot cut in mid-line is not spoken of as system calls', () => {
  const folder = aFolder()
  writeFileSync(
    join(folder, 'smaps_1085_20261122194205'),
    '55d0a0000000-55d0a0021000 rw-p 00000000 00:00 0                          [heap]\nSize:                132 kB\nRss:',
  )
  const ran = memdossier([folder, '--formats', 'json', '-o', join(folder, 'out')])
  expect(ran.status).toBe(0)
  expect(ran.stdout).toContain('cut off')
  expect(ran.stdout).not.toContain('System calls')
})

describe('a lone snapshot without a stamp', () => {
  const page = 'Size: 40 kB\nRss: 24 kB\nVmFlags: rd wr mr mw me ac\n'
  const lone = (language: string) => {
    const folder = aFolder()
    writeFileSync(
      join(folder, 'smaps.txt'),
      `55a000000000-55a00000a000 rw-p 00000000 00:00 0                          [heap]\n${page}`,
    )
    const out = join(folder, 'out')
    memdossier([join(folder, 'smaps.txt'), '-o', out, '--formats', 'json,html', '--lang', language])
    return { report: readReport(out), html: readFileSync(join(out, 'report.html'), 'utf8') }
  }

  test('has its totals and largest mappings shown, with what cannot be said and how to name it', () => {
    const { report, html } = lone('en')
    expect(report.snapshots).toEqual([])
    expect(report.verdict.status).toBe('inconclusive')
    expect(report.verdict.reason).toContain(
      'smaps.txt shows 24 KiB resident of 40 KiB mapped in 1 mapping; the largest: [heap] (24 KiB).',
    )
    expect(report.verdict.reason).toContain('Whether memory grows cannot be told without times.')
    expect(report.verdict.next?.text).toContain('smaps_<pid>_<YYYYmmddHHMMSS>')
    expect(html).toContain('24 KiB resident of 40 KiB mapped')
  })

  test('says so in Chinese', () => {
    expect(lone('zh').report.verdict.reason).toContain('1 个映射，常驻 24 KiB，地址空间 40 KiB')
  })
})

describe('smaps_rollup', () => {
  const rollup = (kib: number) =>
    `565120000000-7ffc45700000 ---p 00000000 00:00 0                          [rollup]\nRss: ${kib} kB\nPss: ${kib} kB\n`
  const reportOf = (files: Readonly<Record<string, string>>) => {
    const folder = aFolder()
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const out = join(folder, 'out')
    const names = Object.keys(files).map((name) => join(folder, name))
    memdossier([...names, '-o', out, '--formats', 'json,html'])
    return { report: readReport(out), html: readFileSync(join(out, 'report.html'), 'utf8') }
  }

  test('without a stamp shows its sum, and no mappings of no size', () => {
    const { report } = reportOf({ smaps_rollup: rollup(10240) })
    expect(report.verdict.reason).toContain('smaps_rollup shows 10 MiB resident, as a sum without mappings.')
    expect(report.verdict.numbers.map(({ value }) => value)).toEqual(['10 MiB'])
  })

  test('that grows says that kinds are not known, and has dashes where mappings would be counted', () => {
    const stamp = (minute: number) => `smaps_rollup_1085_2026112219${String(minute).padStart(2, '0')}00`
    const { report, html } = reportOf(
      Object.fromEntries(Array.from({ length: 20 }, (_, k) => [stamp(k), rollup(10240 + 1024 * k)])),
    )
    expect(report.findings[0]?.summary).toBe(
      'Memory grew by 19 MiB in 19 min and did not level off: 60 MiB an hour. The snapshots carry sums only, no kinds of mapping.',
    )
    const row = /<tr[^>]*data-at[^>]*>(?:(?!<\/tr>)[\s\S])*smaps_rollup_1085_20261122190000/.exec(html)![0]
    expect(
      row
        .replace(/<[^>]+>/g, ' ')
        .split(/\s+/)
        .filter(Boolean)
        .slice(0, 4),
    ).toEqual(['19:00:00', '–', '–', '–'])
  })
})
