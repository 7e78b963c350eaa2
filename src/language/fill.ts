/** Puts values into words: `{name}` is replaced, and `one|many` picks its half by the value of `{n}`. */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  const halves = text.split('|')
  const chosen = halves.length === 2 ? (values.n === 1 || values.n === '1' ? halves[0]! : halves[1]!) : text
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : String(value)
  })
}
