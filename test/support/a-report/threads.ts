/** Threads of the trace: one that loses every third buffer, and quiet ones. */
import { formatTime } from '../../../src/base/format.ts'
import { KIB, MIB } from '../../../src/base/units.ts'
import type { ReportThread } from '../../../src/report/document.ts'
import { noise, page, TRACE_FROM, TRACE_TO } from './series.ts'

const AGES = [0.01, 0.1, 1, 10, 100, 1000]

export function aThread(over: Partial<ReportThread> = {}): ReportThread {
  const slices = 40
  const width = (TRACE_TO - TRACE_FROM) / slices
  const leaking = (over.tid ?? 9797) === 9797
  const calls = (index: number) => Math.round((leaking ? 5 : 2) * noise(index + (over.tid ?? 0)) + 1)
  return {
    pid: 9791,
    tid: 9797,
    name: null,
    nameSource: 'none',
    role: 'reads descriptor 5, maps a buffer, reads profile.icc, and unmaps two of three',
    createdBy: null,
    createdAt: null,
    endedAt: null,
    stack: null,
    traced: true,
    memory: {
      mmapBytes: 87_265_280,
      munmapBytes: 59_662_336,
      brkBytes: 0,
      brkUpBytes: 0,
      brkDownBytes: 0,
      mprotectBytes: 0,
      mremapBytes: 0,
      netBytes: 27_602_944,
      liveBytes: 27_602_944,
    },
    syscalls: [
      { name: 'pread64', calls: 390, errors: 0, seconds: 0.0047 },
      { name: 'mmap', calls: 130, errors: 0, seconds: 0.0027 },
      { name: 'read', calls: 131, errors: 0, seconds: 101.2 },
      { name: 'munmap', calls: 87, errors: 0, seconds: 0.0091 },
      { name: 'clock_nanosleep', calls: 130, errors: 0, seconds: 2.61 },
      { name: 'openat', calls: 130, errors: 1, seconds: 0.0032 },
    ],
    doing: [
      {
        mechanism: 'mmap-anon',
        sequence: ['read(5)', 'mmap', 'openat', 'pread64(11)', 'munmap'],
        text: 'reads descriptor 5, then maps 256 KiB–1 MiB; 87 of 130 are unmapped after 20 ms, 43 are never unmapped',
        smallestBytes: 256 * KIB,
        largestBytes: MIB,
        count: 130,
        bytes: 87_265_280,
        released: 87,
        releasedBytes: 59_662_336,
        medianLifetimeSeconds: 0.0208,
        longestLifetimeSeconds: 0.0231,
        never: 43,
        neverBytes: 27_602_944,
        oldestAgeSeconds: 117.3,
        evidence: [
          {
            file: 'strace/thumbd.9797',
            firstLine: 1,
            lastLine: 2,
            lines: [
              '19:48:41.634818 read(5, "REQ 0000077 sku=bd6c02 qty=35 xx"..., 4096) = 192 <0.105728>',
              '19:48:41.740632 mmap(NULL, 507904, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f6befed2000 <0.000020>',
            ],
          },
        ],
      },
    ],
    callsOverTime: Array.from({ length: slices }, (_, index) => ({
      from: formatTime(TRACE_FROM + index * width),
      calls: calls(index),
    })),
    liveOverTime: Array.from({ length: slices }, (_, index) => ({
      at: formatTime(TRACE_FROM + index * width),
      bytes: leaking ? page((27_602_944 * (index + 1)) / slices) : page(noise(index) * 800 * KIB),
    })),
    ages: leaking
      ? AGES.map((upToSeconds, index) => ({
          upToSeconds,
          count: [0, 0, 1, 4, 33, 5][index]!,
          bytes: page([0, 0, 0.6, 2.6, 20.1, 3][index]! * MIB),
        }))
      : [],
    ...over,
  }
}

export const quiet = (tid: number, name: string | null, role: string, mmapBytes: number): ReportThread =>
  aThread({
    tid,
    name,
    nameSource: name ? 'prctl' : 'none',
    role,
    createdBy: 9791,
    memory: {
      mmapBytes,
      munmapBytes: mmapBytes,
      brkBytes: 0,
      brkUpBytes: 0,
      brkDownBytes: 0,
      mprotectBytes: 77_824,
      mremapBytes: 0,
      netBytes: 0,
      liveBytes: 0,
    },
    doing: [],
  })
