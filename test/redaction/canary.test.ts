/**
 * Plants 200 secrets of 20 forms all over a capture, runs the real command in every format, and looks for them in every
 * byte that comes out: outputs, members of the zip, terminal, temporary files, the name of the output folder.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openBag } from '../../src/bundle/open-bag.ts'
import { aFolder, memdossier, readReport, SAMPLES } from '../support/command.ts'

const SMAPS = readdirSync(join(SAMPLES, 'mmap-leak/smaps')).sort()
const EACH = 10

/** Letters and digits that stand nowhere else, the same in every run. */
const word = (seed: number): string =>
  `Zq${(seed * 7919 + 104729).toString(36)}Xv${(seed * 15485863).toString(36)}`
const upper = (seed: number): string =>
  word(seed)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, 'Q')
    .padEnd(16, 'Q')
    .slice(0, 16)
const long = (seed: number): string =>
  (word(seed) + word(seed + 1000))
    .replace(/[^A-Za-z0-9]/g, '')
    .padEnd(40, 'k')
    .slice(0, 40)

/** What carries the secrets of one form. `lines` go into a log of strace, `files` beside it. */
interface Planted {
  readonly lines?: readonly string[]
  readonly files?: Readonly<Record<string, string | Buffer>>
  readonly secret: string
}
interface Form {
  readonly name: string
  /** `false`: only `strict` promises it. */
  readonly standard: boolean
  readonly plant: (seed: number) => Planted
}

const stamp = (seed: number): string =>
  `19:49:${String(seed % 60).padStart(2, '0')}.000${String(seed).padStart(3, '0')}`
const call = (seed: number, text: string): string => `${stamp(seed)} ${text}`
const snapshot = (name: string, at: number): string =>
  readFileSync(join(SAMPLES, 'mmap-leak/smaps', SMAPS[at]!), 'utf8').replace(
    '[stack]\n',
    `[stack]\nSize: 4 kB\nRss: 4 kB\n7fff00000000-7fff00001000 rw-p 00000000 00:00 0                          ${name}\n`,
  )

const FORMS: readonly Form[] = [
  {
    name: 'data that was read',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [call(seed, `read(5, "card=${word(seed)} for"..., 4096) = 40 <0.000010>`)],
    }),
  },
  {
    name: 'data that was written in pieces',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `writev(6, [{iov_base="a", iov_len=1}, {iov_base="${word(seed)}", iov_len=20}], 2) = 21 <0.000010>`,
        ),
      ],
    }),
  },
  {
    name: 'arguments of a program',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `execve("/bin/sh", ["sh", "-c", "echo ${word(seed)}"], 0x7ffd00000000 /* 9 vars */) = -1 ENOENT (No such file or directory) <0.000010>`,
        ),
      ],
    }),
  },
  {
    name: 'environment',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `execve("/bin/sh", ["sh"], ["HOME=/", "VAULT=${word(seed)}"]) = -1 ENOENT (No such file or directory) <0.000010>`,
        ),
      ],
    }),
  },
  {
    name: 'the half of a call that was resumed',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [call(seed, `<... recvfrom resumed>"${word(seed)}", 4096, 0, NULL, NULL) = 20 <0.000010>`)],
    }),
  },
  {
    name: 'a line without its beginning',
    standard: true,
    plant: (seed) => ({ secret: word(seed), lines: [`x${word(seed)}x", 4096) = 22 <0.000010>`] }),
  },
  {
    name: 'a line without its end',
    standard: true,
    plant: (seed) => ({ secret: word(seed), lines: [call(seed, `sendto(7, "GET /?q=${word(seed)}`)] }),
  },
  {
    name: 'bytes in hex, and the dump of -e write',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `write(1, "${[...word(seed)].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join('')}", 20) = 20 <0.000010>`,
        ),
        ` | 00000  ${Buffer.from(word(seed)).toString('hex').replace(/../g, '$& ')}  ${word(seed)} |`,
      ],
    }),
  },
  {
    name: 'a user of the host in a path',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `openat(AT_FDCWD, "/home/${word(seed)}/x.conf", O_RDONLY) = 3</home/${word(seed)}/x.conf> <0.000010>`,
        ),
      ],
    }),
  },
  {
    name: 'a user in the name of a mapping',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      files: {
        [`smaps/smaps_9791_202611221${950 + (seed % 10)}`]: snapshot(
          `/home/${word(seed)}/lib/plugin.so`,
          seed % EACH,
        ),
      },
    }),
  },
  {
    name: 'an access key by its form',
    standard: true,
    plant: (seed) => ({
      secret: upper(seed),
      lines: [call(seed, `openat(AT_FDCWD, "/srv/keys/AKIA${upper(seed)}", O_RDONLY) = 3 <0.000010>`)],
    }),
  },
  {
    name: 'a token by its form in a file name of the evidence',
    standard: true,
    plant: (seed) => ({
      secret: long(seed),
      files: { [`more/ghp_${long(seed)}/smaps_9791_20261122194800`]: snapshot('', seed % EACH) },
    }),
  },
  {
    name: 'a password in a URL and by its name',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `access("postgres://u:${word(seed)}@db/x", F_OK) = -1 ENOENT (No such file or directory) <0.000010>`,
        ),
        call(
          seed,
          `stat("/x?password=${word(seed)}", 0x7ffd00000000) = -1 ENOENT (No such file or directory) <0.000010>`,
        ),
      ],
    }),
  },
  {
    name: 'a command line in ps and cmdline',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      files: {
        [`ps_${seed}.txt`]: `UID          PID    PPID     LWP  C NLWP STIME TTY          TIME CMD\nroot        9791       1    9797  0    6 19:42 ?        00:00:01 /opt/zoo/bin/thumbd --key ${word(seed)}\n`,
        [`${seed}/cmdline`]: `/opt/zoo/bin/thumbd\0${word(seed)}\0`,
      },
    }),
  },
  {
    name: 'a compressed log',
    standard: true,
    plant: (seed) => ({
      secret: word(seed),
      files: {
        [`gz/old${seed}.97${seed % 90}.gz`]: gzipSync(
          `${call(seed, `read(5, "${word(seed)}", 4096) = 20 <0.000010>`)}\n${call(seed + 1, 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <0.000010>')}\n`,
        ),
      },
    }),
  },
  {
    name: 'a path outside the system',
    standard: false,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `openat(AT_FDCWD, "/srv/${word(seed)}/${word(seed)}.db", O_RDWR) = 3</srv/${word(seed)}/${word(seed)}.db> <0.000010>`,
        ),
      ],
      files: {
        [`smaps/smaps_9791_2026112219${20 + (seed % EACH)}`]: snapshot(
          `/opt/${word(seed)}/app.jar`,
          seed % EACH,
        ),
      },
    }),
  },
  {
    name: 'a name of a thread',
    standard: false,
    plant: (seed) => {
      const name = word(seed).slice(0, 15)
      return {
        secret: name,
        lines: [call(seed, `prctl(PR_SET_NAME, "${name}") = 0 <0.000010>`)],
        files: {
          [`threads${seed}.txt`]: `    PID     TID COMMAND\n   9791    9797 ${name}\n`,
          [`gdb${seed}.txt`]: `Thread 2 (Thread 0x7f1c (LWP 9797) "${name}"):\n#0  0x00007f00 in read () from /lib/x86_64-linux-gnu/libc.so.6\n`,
        },
      }
    },
  },
  {
    name: 'a host',
    standard: false,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `uname({sysname="Linux", nodename="${word(seed)}", release="6.1.0", version="#1 SMP", machine="x86_64"}) = 0 <0.000010>`,
        ),
      ],
      files: {
        [`kern${seed}.log`]: `Nov 22 19:50:41 ${word(seed)} kernel: Out of memory: Killed process 9791 (thumbd) total-vm:92536kB, anon-rss:81234kB, file-rss:0kB, shmem-rss:0kB\n`,
      },
    }),
  },
  {
    name: 'a folder of the evidence',
    standard: false,
    plant: (seed) => ({
      secret: word(seed),
      files: { [`${word(seed)}/smaps_9791_2026112218${10 + (seed % EACH)}`]: snapshot('', seed % EACH) },
    }),
  },
  {
    name: 'memory and sockets with names',
    standard: false,
    plant: (seed) => ({
      secret: word(seed),
      lines: [
        call(
          seed,
          `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7f6befed2000, 4096, "${word(seed)}") = 0 <0.000010>`,
        ),
        call(seed, `connect(9, {sa_family=AF_UNIX, sun_path=@"${word(seed)}"}, 30) = 0 <0.000010>`),
      ],
      files: {
        [`smaps/smaps_9791_2026112217${10 + (seed % EACH)}`]: snapshot(`[anon:${word(seed)}]`, seed % EACH),
      },
    }),
  },
]

/** The capture with everything planted, and what was planted. */
function plant(): { folder: string; secrets: { form: string; secret: string; standard: boolean }[] } {
  const folder = join(aFolder(), 'capture')
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const name of SMAPS) write(`smaps/${name}`, readFileSync(join(SAMPLES, 'mmap-leak/smaps', name)))
  for (const name of readdirSync(join(SAMPLES, 'mmap-leak/strace')))
    write(`strace/${name}`, readFileSync(join(SAMPLES, 'mmap-leak/strace', name)))
  const log = readFileSync(join(folder, 'strace/thumbd.9797'), 'utf8').split('\n')
  const secrets = FORMS.flatMap((form, kind) =>
    Array.from({ length: EACH }, (_, at) => {
      const planted = form.plant(kind * 100 + at)
      log.splice(40 + kind * 3 + at, 0, ...(planted.lines ?? []))
      for (const [path, content] of Object.entries(planted.files ?? {})) write(path, content)
      return { form: form.name, secret: planted.secret, standard: form.standard }
    }),
  )
  write('strace/thumbd.9797', log.join('\n'))
  return { folder, secrets }
}

/** Every byte a run left anywhere: name to content. */
async function everything(out: string, temporary: string, printed: string): Promise<Map<string, string>> {
  const found = new Map([['the terminal', printed]])
  for (const folder of [out, temporary])
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      found.set(`the name ${path}`, path.slice(folder.length))
      if (entry.isFile()) found.set(path, readFileSync(path, 'latin1'))
    }
  for (const [name, source] of await openBag(join(out, 'evidence.zip'))) {
    const parts: Uint8Array[] = []
    for await (const chunk of source.read()) parts.push(chunk)
    found.set(`in the zip: ${name}`, `${name}\n${Buffer.concat(parts).toString('latin1')}`)
  }
  return found
}

const spellings = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('hex').replace(/../g, '$& ').trim(),
  Buffer.from(secret).toString('base64').slice(0, -4),
  [...secret].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join(''),
]

test('200 secrets of 20 forms are planted', () => {
  const { secrets } = plant()
  expect(secrets).toHaveLength(200)
  expect(new Set(secrets.map(({ form }) => form)).size).toBe(20)
  expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(200)
})

describe.each(['standard', 'strict'] as const)('%s', (policy) => {
  test('none that it promises survives anywhere', async () => {
    const { folder, secrets } = plant()
    const [out, temporary] = [aFolder(), aFolder()]
    const args = [folder, '-o', out, '--redact', policy, '--formats', 'html,json,md,junit,sarif,zip']
    const ran = memdossier(args, { env: { TMPDIR: temporary } })
    expect(ran.status, ran.stderr).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
    const promised = secrets.filter(({ standard }) => standard || policy === 'strict')
    const bytes = await everything(out, temporary, ran.stdout + ran.stderr)
    const survivors = promised.flatMap(({ form, secret }) =>
      [...bytes]
        .filter(([, text]) => spellings(secret).some((spelling) => text.includes(spelling)))
        .map(([place]) => `${form} in ${place}`),
    )
    expect([...new Set(survivors)]).toEqual([])
    expect(memdossier(['verify', join(out, 'evidence.zip')]).stdout).toContain(
      'the report is what the evidence gives',
    )
  })
})

test('findings are the same under all three policies, and a dry run shows no more than a run', () => {
  const { folder, secrets } = plant()
  const told = (policy: string) => {
    const out = aFolder()
    expect(memdossier([folder, '-o', out, '--redact', policy, '--formats', 'json', '--quiet']).status).toBe(0)
    const { findings, verdict } = readReport(out)
    return {
      status: verdict.status,
      confidence: verdict.confidence,
      findings: findings.map(
        ({ ruleId, severity, confidence, pid, mechanism, measures, culprit, regions }) => ({
          ruleId,
          severity,
          confidence,
          pid,
          mechanism,
          measures,
          culprit: culprit && { tid: culprit.tid, certainty: culprit.certainty },
          regions: regions.map(({ start, end, kind }) => ({ start, end, kind })),
        }),
      ),
    }
  }
  const none = told('none')
  expect(told('standard')).toEqual(none)
  expect(told('strict')).toEqual(none)
  const dry = memdossier([folder, '--dry-run', '--redact', 'strict'])
  for (const { secret } of secrets) expect(dry.stdout).not.toContain(secret)
})

test('the reason why a file was not read names no path that its own line hides', () => {
  const evidence = aFolder()
  const folder = join(evidence, 'gateway-of-acme')
  mkdirSync(join(folder, 'again'), { recursive: true })
  for (const name of SMAPS.slice(0, 9))
    copyFileSync(join(SAMPLES, 'mmap-leak/smaps', name), join(folder, name))
  copyFileSync(join(folder, SMAPS[0]!), join(folder, 'again', SMAPS[0]!))
  symlinkSync('/home/jsmith/evidence', join(evidence, 'link'))
  const out = aFolder()
  const ran = memdossier([evidence, '-o', out, '--formats', 'html,json,md,sarif', '--redact', 'strict'])
  expect(ran.status).toBe(0)
  const { skipped } = readReport(out)
  const [copy] = skipped.filter(({ reason }) => reason.startsWith('the same as '))
  expect(copy!.reason).toMatch(/^the same as w-\w+-.*\/smaps_9791_/)
  const dry = memdossier([evidence, '--dry-run', '--redact', 'strict']).stdout
  const said = [dry, ...readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))].join('')
  expect(said).not.toMatch(/acme|jsmith/)
})
