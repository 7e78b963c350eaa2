/** Text that a page, a Markdown renderer or a terminal could act on, put wherever a document holds text of the evidence. */
import type { ReportDocument } from '../../src/report/document.ts'

export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '</script><script>alert(2)</script>',
  '<img src=x onerror=alert(3)>',
  '"><svg onload=alert(4)>',
  "' onfocus='alert(5)' autofocus tabindex=1 x='",
  '{{constructor.constructor("alert(6)")()}}',
  "{{{asset 'script'}}}",
  '{{> layouts/page this}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that it looks like a template is the point
  '${alert(7)} `${alert(8)}`',
  'javascript:alert(9)',
  '<!-- <!--[if IE]> --!> -->',
  ']]></script>',
  '</title></style></textarea></pre></main>',
  '<style>*{display:none!important}</style>',
  '<meta http-equiv=refresh content="0;url=http://example.invalid/">',
  '<base href=http://example.invalid/><link rel=stylesheet href=x.css>',
  '<iframe srcdoc="<script>alert(10)</script>"></iframe>',
  '<form action=http://example.invalid><button>go</button></form>',
  '&lt;script&gt;alert(11)&lt;/script&gt; &#x3c;b&#x3e;',
  '[click](javascript:alert(12)) ![x](http://example.invalid/x.png)',
  '`````\n</details>\n# heading\n- item\n1. one\n> quote\n| a | b |',
  '@everyone #1 http://example.invalid/ www.example.invalid a@example.invalid',
  '\x1b[31mred\x1b[0m \x1b]8;;http://example.invalid\x07link\x1b]8;;\x07 \x9b2J',
  'gnp.\u202eexe \u2066isolate\u2069 \u200fmark',
  'nul\u0000bell\u0007back\bdel\u007f',
  'one\ntwo\rthree\u2028four\u2029five\tsix',
  'zero\u200bwidth\u2060joiner\ufeffbom',
  'lone \ud800 surrogate \udfff',
  '\u{e0041}\u{e0042} tags',
  `${'W'.repeat(3000)}`,
  '__proto__',
  'constructor',
  'toString',
  '=cmd|calc!A1',
  '%s%n%x $& $1 $$',
  '线程 名称 עברית عربي',
  'z̵̢̛͙͚a̷̧͎̋l̴̛̰g̶̣̈́o̸͚͝',
  '',
]

/** Keys of the document whose strings come, in whole or in part, from evidence. */
const FROM_EVIDENCE = new Set([
  'name',
  'title',
  'summary',
  'reason',
  'reasons',
  'why',
  'action',
  'text',
  'role',
  'file',
  'path',
  'fromFile',
  'toFile',
  'program',
  'executable',
  'meaning',
  'message',
  'remedy',
  'label',
  'value',
  'command',
  'captureHint',
  'captureSettles',
  'culpritReason',
  'confidenceCap',
  'subject',
  'notes',
  'lines',
  'sequence',
  'stack',
  'fingerprint',
  'found',
  'expected',
  'trace',
  'basis',
  'because',
  'added',
  'source',
  'nameSource',
  'code',
])

/** `document` with every string that could come from evidence replaced by the next of the corpus. */
export function hostileReport(document: ReportDocument): ReportDocument {
  let next = 0
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return FROM_EVIDENCE.has(key) ? HOSTILE[next++ % HOSTILE.length]! : value
    if (Array.isArray(value)) return value.map((entry) => poison(entry, key))
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, poison(entry, name)]))
    return value
  }
  const { tool, ...rest } = document
  return { ...(poison(rest, '') as Omit<ReportDocument, 'tool'>), tool }
}
