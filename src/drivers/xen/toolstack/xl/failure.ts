/** What xl complains of, as libvirt's errors. */
import { LibvirtError } from "../../../../errors.ts";
import type { ToolFailure } from "../../../../host/tool.ts";

/** The longest complaint that goes into a message. */
const maxComplaint = 2000;

/** Lines that say what xl was doing, or what followed from what had gone wrong. */
const noise =
  /^(Non-existant domain|Unable to destroy guest|Destruction of domain failed|cannot \(re-\)build domain|Parsing config (from|file)|Loading new save file|Saving to|xc: (info|detail|progress):|Savefile contains)/;

/** `libxl: error: libxl_dm.c:2857:stubdom_xswait_cb: Domain 7:what is wrong` */
const placed =
  /^(?:libxl|xc|xl|libxl-save-helper): (?:error|panic|warning|fatal): (?:panic: )?(?:[\w./-]+\.[ch]:\d+:(?:\w+:)? ?)?(?:Domain \d+:)?\s*/;

/** What went wrong, without the places in xl's sources, each thing once. */
export function complaintOf(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim().replace(placed, ""))
    .filter((line) => line !== "" && !noise.test(line));
  return [...new Set(lines)].join("; ").slice(0, maxComplaint);
}

const unknownDomain =
  /is an invalid domain identifier|Domain \d+ does not exist|Domain not found|no such domain|No such process|\(rc=-21\)/i;
const taken = /(?:domain|Domain) with name "?([^"\n]*?)"? already exists/;
const noMemory =
  /not enough (?:free )?memory|failed to free memory|insufficient memory|Out of memory|Cannot allocate memory/i;

/** @param what what was being done: `create domain 'web'` */
export function xlFailure(what: string): (failure: ToolFailure) => LibvirtError {
  return ({ complaint, end }) => {
    const detail = complaintOf(complaint) || `xl ended with ${end}`;
    if (unknownDomain.test(complaint)) return new LibvirtError("NO_DOMAIN", "LIBXL", `cannot ${what}: ${detail}`);
    const why = taken.test(complaint)
      ? "another domain has this name already"
      : noMemory.test(complaint)
        ? "the host has not enough free memory"
        : null;
    return new LibvirtError(
      "OPERATION_FAILED",
      "LIBXL",
      `cannot ${what}: ${why === null ? detail : `${why} (${detail})`}`,
    );
  };
}
