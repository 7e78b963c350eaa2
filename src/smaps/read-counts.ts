/** What became of every line and byte of a file: `readBytes + skippedBytes` is its size. */
export interface ReadCounts {
  lines: number
  readBytes: number
  skippedBytes: number
  headers: number
  fieldsWithoutHeader: number
  /** Lines that are neither header nor field nor blank. */
  otherLines: number
  banners: number
}

export const noCounts = (): ReadCounts => ({
  lines: 0,
  readBytes: 0,
  skippedBytes: 0,
  headers: 0,
  fieldsWithoutHeader: 0,
  otherLines: 0,
  banners: 0,
})
