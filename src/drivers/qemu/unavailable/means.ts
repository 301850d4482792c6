/** What there may be for guests on this host, and for this user. */

export interface Means {
  /** Whether we are root, and a guest could be more than its user's own. */
  readonly isRoot: boolean;
}
