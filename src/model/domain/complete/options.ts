/** What a driver brings to the completion of a definition. */
import type { ParsedDomain } from "../domain.ts";
import type { Video } from "../video.ts";

/** What only a hypervisor's driver can know, called at fixed points of the completion. */
export interface CompletionHooks {
  /** First of all: architecture, machine, emulator. */
  basics?(domain: ParsedDomain): void;
  /** Controllers have indexes by now: adds the devices this hypervisor always has, checks what depends on it. */
  domain?(domain: ParsedDomain): void;
  /** Fills in devices; the generic rules for devices follow. */
  devices?(domain: ParsedDomain): void;
  /** Last: places devices on their buses. */
  addresses?(domain: ParsedDomain): void;
}

export interface CompletionOptions {
  readonly hooks?: CompletionHooks;
  /** Architecture of a guest that names none. */
  readonly arch?: string;
  /**
   * The definition is new, not one that was printed before: what older versions left open may be decided anew
   * (VIR_DOMAIN_DEF_PARSE_ABI_UPDATE).
   */
  readonly abiUpdate?: boolean;
  /** Names may hold a slash. */
  readonly nameWithSlash?: boolean;
  /** SCSI controllers have 16 units instead of 7. */
  readonly wideScsi?: boolean;
  /** The card that graphics get when the definition has none, and what `<video/>` means. */
  readonly defaultVideo?: () => Video["model"];
  /** A new random UUID; tests give a fixed one. */
  readonly newUuid?: () => string;
  /** A new MAC address in the hypervisor's range. */
  readonly newMac?: () => string;
}
