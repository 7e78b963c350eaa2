/** What the machine around a run refuses: one line a person can act on, a status, nothing half-written. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aFolder, BIN, cleanEnvironment, SAMPLES } from '../support/command.ts'

const SAMPLE = join(SAMPLES, 'mmap-leak')
const HAS_FULL = existsSync('/dev/full')

/** A report of a trace, where kernels may not make more memory than they begin with. */
const SMALL_KERNELS = `
cat > small.mjs << 'END'
const { Memory } = WebAssembly
WebAssembly.Memory = class extends Memory {
  constructor({ initial }) {
    super({ initial, maximum: initial })
  }
}
END
mkdir calls
for ((call = 0; call < 3000; call++)); do
  printf '10 10:00:00.%06d mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x%x\\n' $call $((0x7f0000000000 + call * 8192))
done > calls/10.strace
NODE_OPTIONS='--import ./small.mjs' $memdossier calls -o $out`

/** Runs `script` in a shell where `$memdossier` is the command and `$sample` a capture. */
function shell(script: string): { status: number | null; stderr: string } {
  const ran = spawnSync('bash', ['-c', script], {
    cwd: aFolder(),
    encoding: 'utf8',
    env: { ...cleanEnvironment(), memdossier: `${process.execPath} ${BIN}`, sample: SAMPLE, out: aFolder() },
  })
  return { status: ran.status, stderr: ran.stderr }
}

describe.skipIf(process.platform !== 'linux')('one line, and status 2', () => {
  test
    .skipIf(!HAS_FULL)
    .each([
      ['$memdossier $sample -o $out'],
      ['$memdossier $sample -o $out --fail-on problem'],
      ['$memdossier rules'],
      ['$memdossier --help'],
    ])('no space for what is printed: %s', (command) => {
    expect(shell(`${command} > /dev/full`)).toEqual({
      status: 2,
      stderr: 'memdossier: cannot write to the standard output: no space left on the disk\n',
    })
  })

  test.each([
    ['files', 'ulimit -n 20; $memdossier $sample -o $out', 'too many open files (see ulimit -n)'],
    [
      'memory',
      'ulimit -v 2000000; $memdossier $sample -o $out',
      'the system gives no more memory (see ulimit -v)',
    ],
    [
      'memory for calls',
      SMALL_KERNELS,
      'the calls of a trace need more memory than there is for them (4 GiB at most; see ulimit -v); a shorter trace needs less',
    ],
    [
      'folder',
      'mkdir gone; cd gone; rmdir ../gone; $memdossier $sample',
      'the current folder does not exist any more',
    ],
  ])('no more %s', (_, script, words) => {
    expect(shell(script)).toEqual({ status: 2, stderr: `memdossier: ${words}\n` })
  })

  test('a file may not be as large as an output is', () => {
    const { status, stderr } = shell('ulimit -f 100; $memdossier $sample -o made')
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /^memdossier: cannot write .*: larger than a file may be here \(see ulimit -f\)\n$/,
    )
  })
})

test.skipIf(!HAS_FULL)('errors that cannot be printed keep their status', () => {
  expect(shell('$memdossier /nowhere 2> /dev/full')).toEqual({ status: 2, stderr: '' })
  expect(shell('$memdossier /nowhere 2> >(exec true)').status).toBe(2)
})

describe.skipIf(process.platform !== 'linux')('no pipe is waited for, and no device read to its end', () => {
  const named = ['render', '$sample --config', '$sample --baseline', '$sample --redaction-key']
  test.each(named.flatMap((words) => ['pipe', '/dev/zero'].map((path) => [words, path])))(
    '%s %s',
    (words, path) => {
      const { status, stderr } = shell(`mkfifo pipe; timeout 20 $memdossier ${words} ${path}`)
      expect(status).toBe(2)
      expect(stderr).toContain(`cannot read ${path}: a pipe, socket or device, not a file\n`)
    },
  )

  test('nor a file that no report is as large as', () => {
    const { status, stderr } = shell('truncate -s 1G large; timeout 20 $memdossier render large')
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'memdossier: render: cannot read large: larger than 256 MiB\n',
    })
  })
})

test('the key map takes the place of no output and of no evidence', () => {
  for (const [map, why] of [
    ['made/report.json', 'where an output goes'],
    ['here/made/evidence.zip', 'where an output goes'],
    ['copy/smaps/smaps_9791_20261122194741', 'evidence'],
  ]) {
    const { status, stderr } = shell(
      `mkdir made; ln -s . here; cp -r $sample copy; $memdossier copy -o made --redaction-map ${map}; status=$?; ls made; exit $status`,
    )
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `memdossier: --redaction-map: ${map} is ${why}\n`,
    })
  }
})

test('the key map takes the place of no device', () => {
  const folder = aFolder()
  const { status, stderr } = shell(
    `mkfifo ${folder}/pipe; $memdossier $sample -o $out --quiet --redaction-map ${folder}/pipe`,
  )
  expect(status).toBe(2)
  expect(stderr).toBe(
    `memdossier: cannot write ${folder}/pipe: something that is not a plain file is in the way\n`,
  )
  expect(readdirSync(folder)).toEqual(['pipe'])
})
