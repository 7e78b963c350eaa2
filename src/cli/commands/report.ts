import { EXIT_WORDS } from '../exit-status.ts'
import { runReport } from '../jobs/report.ts'
import { COMMON_OPTIONS, REPORT_OPTIONS, yargsOptions } from '../options.ts'
import type { Command } from './command.ts'

/** The main job: evidence in, report and zip out. */
export const reportCommand: Command = {
  name: 'report',
  usage: ['report <evidence..>', '$0'],
  describe: 'investigate evidence and write the report (the default)',
  options: [...REPORT_OPTIONS.map((row) => row.name), ...COMMON_OPTIONS],
  build: (argv) =>
    argv
      .positional('evidence', {
        describe: 'directories, files or archives (.tar.gz, .zip, an evidence.zip) with smaps and strace',
        type: 'string',
        array: true,
        default: undefined,
        demandOption: true,
      })
      .options(yargsOptions(REPORT_OPTIONS))
      .example('$0 /root/temp/test_strace', 'the report of everything in that folder, in out/test_strace/')
      .example('$0 capture.tar.gz --limit 2GiB', 'and when the process reaches 2 GiB')
      .example(
        '$0 a b --fail-on problem --require-verdict',
        'for CI: exit 3 on a leak, 4 when it cannot tell',
      )
      .example('$0 capture --budget rss-growth@nginx=10MiB/h', 'exit 3 when nginx grows faster')
      .epilogue(EXIT_WORDS),
  run: runReport,
}
