import { anyLine, type SideReader } from './reader.ts'

/** `lrwx------ 1 root root 64 Nov 22 19:42 14 -> 'socket:[163054]'`; coreutils quotes odd names only on a terminal. */
const LINK = /^l[r-][w-][xs-]------[.+@]? .*? (\d{1,7}) -> (.+)$/
const FOLDER = /^\/proc\/(\d+)\/(?:task\/\d+\/)?fd\/?:$/

/** `ls -l /proc/PID/fd`. */
export const fdList: SideReader = {
  id: 'proc-fd',
  sniff: anyLine(LINK, 'descriptors as ls -l /proc/PID/fd prints them'),
  open: (into, file) => {
    let folder: number | null = null
    return {
      line(text, number, place) {
        folder = Number(FOLDER.exec(text)?.[1] ?? folder ?? Number.NaN)
        if (Number.isNaN(folder)) folder = null
        const match = LINK.exec(text)
        if (match)
          into.descriptors.push({
            pid: folder ?? place.pid,
            fd: Number(match[1]),
            target: match[2]!.replace(/^'(.*)'$/, '$1'),
            reference: file.reference(number),
          })
      },
    }
  },
}

const LSOF_HEADER =
  /^COMMAND\s+PID\s+(?:TID\s+(?:TASKCMD\s+)?)?USER\s+FD\s+TYPE\s+DEVICE\s+SIZE\/OFF\s+NODE\s+NAME/
/** `nscd  1085 root   14u  unix 0x0000000000000000      0t0 163054 /run/nscd/socket type=STREAM` */
const LSOF_ROW = /^\S+\s+(\d+)\s+(?:\d+\s+)?\S+\s+(\d{1,7})[rwu-]?[A-Za-z]?\s+(\S+)\s+(.+)$/

/** `lsof -p PID`: NAME is the last column; DEVICE, SIZE/OFF and NODE before it can be empty. */
export const lsof: SideReader = {
  id: 'lsof',
  sniff: anyLine(LSOF_HEADER, 'the columns of lsof'),
  open: (into, file) => {
    let nameColumn = -1
    return {
      line(text, number) {
        if (LSOF_HEADER.test(text)) nameColumn = text.lastIndexOf('NAME')
        const match = nameColumn > 0 ? LSOF_ROW.exec(text) : null
        const target = text.slice(nameColumn).trim()
        // A row that is wider than its columns would give the end of a word.
        const isWhole = text[nameColumn - 1] === ' '
        if (match && isWhole && target !== '')
          into.descriptors.push({
            pid: Number(match[1]),
            fd: Number(match[2]),
            target,
            reference: file.reference(number),
          })
      },
    }
  },
}
