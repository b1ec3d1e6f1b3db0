/** What the tests use of a package that comes without types. */
declare module 'commonmark' {
  export interface Node {
    readonly type: string
    readonly destination: string | null
    readonly literal: string | null
    /** Of a heading. */
    readonly level: number
    walker(): { next(): { readonly node: Node; readonly entering: boolean } | null }
  }
  export class Parser {
    parse(markdown: string): Node
  }
}
