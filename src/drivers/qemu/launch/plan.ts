/** What starting a domain takes, as a value: it can be compared and printed, and nothing is started to make it. */

/** A file that must be there before QEMU starts. */
export interface PlannedFile {
  readonly path: string;
  /** Permissions, as in `chmod`. */
  readonly mode: number;
  readonly content: Uint8Array;
}

/** A descriptor that QEMU inherits; the first has number 3. */
export type PlannedDescriptor =
  /** Opened before the start: a unix socket that listens at the path, a tap device, a character device. */
  | { readonly kind: "listen" | "tap" | "open"; readonly path: string }
  /** Open already, and still the planner's: one of a set that QEMU opens in place of a path. */
  | { readonly kind: "lent"; readonly descriptor: number; readonly set: number };

export interface LaunchPlan {
  readonly emulator: string;
  /** Arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folders that QEMU makes files in; the domain's own folder is not among them. */
  readonly folders: readonly string[];
  readonly files: readonly PlannedFile[];
  readonly descriptors: readonly PlannedDescriptor[];
}

/** Number of the first descriptor that QEMU inherits, after its standard streams. */
export const firstDescriptor = 3;
