/** With `--lang zh` no English sentence is left: what stays are names, calls, commands and the evidence itself. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aCapture, aFolder, memdossier, SAMPLES } from '../support/command.ts'
import { pageText } from '../support/page-text.ts'

/** Three words or more in a row. */
const ENGLISH = /(?<![\w/.$-])[A-Za-z][a-z']+(?:[ ,;:]+[A-Za-z][a-z']+){2,}/g
/** A term of malloc's manual, names of gates, and the words to search tickets by. */
const NAMES = /malloc top pad|(?:unexplained|[a-z]+-(?:growth|count|rss)) of \S+|^检索词：.*$/gm

const sentencesOf = (text: string): string[] => [...new Set(text.replace(NAMES, '').match(ENGLISH) ?? [])]
const withoutCode = (html: string): string => html.replace(/<(code|pre)\b[\s\S]*?<\/\1>/g, ' ')
const spoken = (markdown: string): string =>
  markdown.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`|^ {4}.*$/gm, '')

/** A capture with what lies about in evidence folders. */
function littered(): string {
  const folder = aCapture('mmap-leak')
  for (const [name, content] of Object.entries({
    'page.html': '<html>',
    'conf.json': '{}',
    'run.sh': '#!/bin/sh\n',
    core: '\x7fELF',
    'a.pdf': '%PDF-1.4',
    empty: '',
    zeros: '\0\0\0\0',
    'note.txt': 'to whom it may concern\n',
  }))
    writeFileSync(join(folder, name), content)
  mkdirSync(join(folder, 'again'))
  symlinkSync('note.txt', join(folder, 'link'))
  symlinkSync('/etc/hostname', join(folder, 'outside'))
  return folder
}

const GATES = [
  'rss-growth=1KiB/h',
  'heap-growth=1KiB/h',
  'mapping-count=1',
  'unexplained=5%',
  'peak-rss@none=1',
]
const ASKED = [
  ...GATES.flatMap((budget) => ['--budget', budget]),
  '--fail-on',
  'warning',
  '--require-verdict',
  '--strict',
]

describe('a report in Chinese', () => {
  test.each([
    ['of a leak among other files', littered],
    ['of a healthy program', () => join(SAMPLES, 'nscd')],
    ['of a restart', () => join(SAMPLES, 'restart')],
  ])('has no English sentence: %s', (_, make) => {
    const out = aFolder()
    const formats = 'html,json,md,junit'
    const ran = memdossier([make(), '-o', out, '--lang', 'zh', '--formats', formats, ...ASKED])
    const read = (name: string) => readFileSync(join(out, name), 'utf8')
    expect(sentencesOf(ran.stderr)).toEqual([])
    expect(sentencesOf(ran.stdout.replace(/^ {2}.*$/gm, ''))).toEqual([])
    expect(sentencesOf(pageText(withoutCode(read('report.html'))))).toEqual([])
    expect(sentencesOf(spoken(read('report.md')))).toEqual([])
    const failures = read('junit.xml').match(/<failure [^>]*>/g) ?? []
    expect(sentencesOf(failures.join('\n').replaceAll('failure message=', ''))).toEqual([])
  })
})
