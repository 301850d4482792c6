/** Open files that travel with calls. */

/** Open files that travel with a call, by descriptor. */
export interface Descriptors {
  /** The caller's; a handler that keeps one makes its own of it, for the caller closes its own. */
  readonly given: readonly number[];
  /** The handler adds those that go back; the caller owns them. */
  readonly reply: number[];
}
