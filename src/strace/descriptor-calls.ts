import { DESCRIPTOR_OPS, type DescriptorOp } from '../model/trace.ts'
import type { ScannedCall } from './memory-calls.ts'
import { readDescriptor, readString, unescaped, valueStart } from './values.ts'

/**
 * What gives a descriptor its meaning: open, socket, accept, connect, dup, close and their like.
 *   openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 3
 *   accept4(14, {sa_family=AF_INET, sin_port=htons(41952), sin_addr=inet_addr("10.0.0.7")}, [16], SOCK_CLOEXEC) = 17
 * It cannot know descriptors that were open before the log began, nor those that came over a socket (SCM_RIGHTS).
 */

/** One event; `fd` -1 when the call made none. */
interface DescriptorMeaningEvent {
  readonly op: number
  readonly fd: number
  readonly fd2: number
  readonly text: string
}

type Reader = (call: ScannedCall) => DescriptorMeaningEvent | null

interface DescriptorCallKind {
  readonly read: Reader
  /** The result is a new descriptor. */
  readonly makes: boolean
}

const op = (name: DescriptorOp): number => DESCRIPTOR_OPS.indexOf(name)

const descriptor = (call: ScannedCall, index: number): number =>
  index < call.scanned.count
    ? readDescriptor(call.buffer, call.scanned.starts[index]!, call.scanned.ends[index]!)
    : -1

/** An argument as printed, without its name (-N). */
function raw({ buffer, scanned }: ScannedCall, index: number): string {
  if (index >= scanned.count) return ''
  const end = scanned.ends[index]!
  const start = valueStart(buffer, scanned.starts[index]!, end)
  return Buffer.from(buffer.subarray(start, end)).toString('latin1').trim()
}

const string = (call: ScannedCall, index: number): string =>
  (index < call.scanned.count
    ? readString(call.buffer, call.scanned.starts[index]!, call.scanned.ends[index]!)
    : null) ?? ''

/** The -y text of the result, else `fallback`. */
function named(call: ScannedCall, fallback: string): string {
  const { nameStart, nameEnd } = call.result
  if (nameEnd === nameStart) return fallback
  return unescaped(call.buffer, nameStart, nameEnd)
}

/** `127.0.0.1:80`, `[::1]:80`, `/run/x.sock`, `@abstract` out of a printed sockaddr; else its family or nothing. */
function peer(text: string): string {
  const port = /sin6?_port=htons\((\d+)\)/.exec(text)?.[1]
  const four = /inet_addr\("([^"]*)"\)/.exec(text)?.[1]
  const six = /inet_pton\(AF_INET6, "([^"]*)"/.exec(text)?.[1]
  if (four !== undefined) return port === undefined ? four : `${four}:${port}`
  if (six !== undefined) return port === undefined ? six : `[${six}]:${port}`
  const path = /(?:sun_)?path=(@?)"((?:[^"\\]|\\.)*)"/.exec(text)
  if (path) return `${path[1]}${unescaped(Buffer.from(path[2]!, 'latin1'), 0, path[2]!.length)}`
  return /\b(AF_\w+)/.exec(text)?.[1] ?? ''
}

const makes =
  (name: DescriptorOp, text: (call: ScannedCall) => string, source = -1): Reader =>
  (call) => {
    const fd = call.result.value
    if (!(fd >= 0)) return null
    return {
      op: op(name),
      fd,
      fd2: source < 0 ? -1 : descriptor(call, source),
      text: named(call, text(call)),
    }
  }

const socketKind = (call: ScannedCall): string =>
  `${raw(call, 0)} ${raw(call, 1).replace(/\|?SOCK_(?:CLOEXEC|NONBLOCK)/g, '')}`.trim()

/** `pipe([3, 4])`, `socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4])`. */
const pair =
  (name: DescriptorOp, index: number, text: (call: ScannedCall) => string): Reader =>
  (call) => {
    const both = /^\[(\d+)(?:<.*?>)?, (\d+)/.exec(raw(call, index))
    if (!both || call.result.value !== 0) return null
    return { op: op(name), fd: Number(both[1]), fd2: Number(both[2]), text: text(call) }
  }

const fcntl: Reader = (call) =>
  raw(call, 1).startsWith('F_DUPFD') && call.result.value >= 0
    ? { op: op('dup'), fd: call.result.value, fd2: descriptor(call, 0), text: named(call, '') }
    : null

const close: Reader = (call) =>
  call.result.value === 0 ? { op: op('close'), fd: descriptor(call, 0), fd2: -1, text: '' } : null

/** EINPROGRESS is how a connect begins that does not wait. */
const connect: Reader = (call) => ({
  op: op('connect'),
  fd: descriptor(call, 0),
  fd2: -1,
  text: peer(raw(call, 1)),
})

const bind: Reader = (call) =>
  call.result.value === 0
    ? { op: op('other'), fd: descriptor(call, 0), fd2: -1, text: `bind ${peer(raw(call, 1))}` }
    : null

const constant = (text: string) => (): string => text
const maker = (read: Reader): DescriptorCallKind => ({ read, makes: true })
const user = (read: Reader): DescriptorCallKind => ({ read, makes: false })
const kindOf = (text: string): DescriptorCallKind => maker(makes('other', constant(text)))

/** strace's names of the calls that are descriptor events. */
export const DESCRIPTOR_KINDS: Readonly<Record<string, DescriptorCallKind>> = {
  open: maker(makes('open', (call) => string(call, 0))),
  creat: maker(makes('open', (call) => string(call, 0))),
  openat: maker(makes('open', (call) => string(call, 1))),
  openat2: maker(makes('open', (call) => string(call, 1))),
  mq_open: maker(makes('open', (call) => string(call, 0))),
  close: user(close),
  dup: maker(makes('dup', constant(''), 0)),
  dup2: maker(makes('dup', constant(''), 0)),
  dup3: maker(makes('dup', constant(''), 0)),
  fcntl: user(fcntl),
  fcntl64: user(fcntl),
  socket: maker(makes('socket', socketKind)),
  // The listening descriptor goes into fd2.
  accept: user(makes('accept', (call) => peer(raw(call, 1)), 0)),
  accept4: user(makes('accept', (call) => peer(raw(call, 1)), 0)),
  connect: user(connect),
  bind: user(bind),
  pipe: user(pair('pipe', 0, constant('pipe'))),
  pipe2: user(pair('pipe', 0, constant('pipe'))),
  socketpair: user(pair('pipe', 3, (call) => `socketpair ${socketKind(call)}`)),
  memfd_create: maker(makes('other', (call) => `memfd:${string(call, 0)}`)),
  memfd_secret: kindOf('memfd_secret'),
  eventfd: kindOf('eventfd'),
  eventfd2: kindOf('eventfd'),
  epoll_create: kindOf('epoll'),
  epoll_create1: kindOf('epoll'),
  timerfd_create: kindOf('timerfd'),
  signalfd: kindOf('signalfd'),
  signalfd4: kindOf('signalfd'),
  inotify_init: kindOf('inotify'),
  inotify_init1: kindOf('inotify'),
  fanotify_init: kindOf('fanotify'),
  userfaultfd: kindOf('userfaultfd'),
  perf_event_open: kindOf('perf_event'),
  io_uring_setup: kindOf('io_uring'),
  pidfd_open: kindOf('pidfd'),
}

export const OTHER_OP = op('other')
