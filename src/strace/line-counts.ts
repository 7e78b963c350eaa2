/** How many lines of a file were what; every line is exactly one of these. */
export interface LineCounts {
  calls: number
  unfinished: number
  resumed: number
  exits: number
  signals: number
  messages: number
  frames: number
  summary: number
  /** Second halves of lines that something broke in two. */
  joined: number
  blank: number
  foreign: number
}

export const noLines = (): LineCounts => ({
  calls: 0,
  unfinished: 0,
  resumed: 0,
  exits: 0,
  signals: 0,
  messages: 0,
  frames: 0,
  summary: 0,
  joined: 0,
  blank: 0,
  foreign: 0,
})
