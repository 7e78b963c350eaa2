/** Strings stored once and named by a small number; id 0 is always the empty string. */
export class StringTable {
  readonly #ids = new Map<string, number>([['', 0]])
  readonly #values: string[] = ['']

  /** The id of `value`, adding it when it is new. */
  intern(value: string): number {
    const known = this.#ids.get(value)
    if (known !== undefined) return known
    const id = this.#values.length
    this.#ids.set(value, id)
    this.#values.push(value)
    return id
  }

  /** The string behind `id`; the empty string for an id that was never given out. */
  get(id: number): string {
    return this.#values[id] ?? ''
  }

  /** All strings by id. */
  texts(): readonly string[] {
    return this.#values
  }

  get size(): number {
    return this.#values.length
  }
}
