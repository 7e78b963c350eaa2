/** The JSON Schema of report.json, from the same source as its type. Published as docs/report.schema.json. */
import { z } from 'zod'
import { reportDocument } from './document.ts'

export const reportSchema = (): object => ({
  ...z.toJSONSchema(reportDocument, { target: 'draft-2020-12' }),
  $id: 'https://memdossier.invalid/report.schema.json',
  title: 'report.json of memdossier',
  description:
    'Bytes are integers, addresses are 0x hex strings, times are ISO 8601 in the captured host’s own clock without offset, null is unknown.',
})

/** The text of docs/report.schema.json. */
export const reportSchemaText = (): string => `${JSON.stringify(reportSchema(), null, 2)}\n`
