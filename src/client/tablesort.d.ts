declare module 'tablesort' {
  export default class Tablesort {
    constructor(table: HTMLTableElement, options?: { descending?: boolean })
    static extend(
      name: string,
      pattern: (text: string) => boolean,
      sort: (a: string, b: string) => number,
    ): void
  }
}
