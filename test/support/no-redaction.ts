import type { ReportRedaction } from '../../src/report/input.ts'

/** Shows everything as it is. */
export const NO_REDACTION: ReportRedaction = {
  policy: 'none',
  rules: [],
  text: (text) => text,
  name: (name) => name,
  path: (path) => path,
  line: (line) => line,
}
