/** The known word that differs least from `word`; `null` when none is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.max(2, Math.floor(word.length / 2)) + 1
  for (const candidate of known) {
    const distance = editDistance(word, candidate)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** `unknown option --formts; did you mean --formats?` */
export function unknownWord(kind: string, word: string, known: readonly string[], prefix = ''): string {
  const near = nearest(word, known)
  return `unknown ${kind} ${prefix}${word}${near === null ? '' : `; did you mean ${prefix}${near}?`}`
}

/** The same, and what there is where nothing is near: for words of which there are few. */
export function unknownOfFew(kind: string, word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === null
    ? `unknown ${kind} ${word}; there are ${known.join(', ')}`
    : unknownWord(kind, word, known)
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
