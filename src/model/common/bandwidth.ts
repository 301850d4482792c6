/** Traffic shaping, the same for networks, port groups, network ports and guest interfaces. */

import { LibvirtError } from "../../errors.ts";
import { attr, child, fields, type Infer, type Shape, uint } from "../../xml/index.ts";

/** KiB or KiB/s. Zero is as if nothing were said, but only after it has been checked that something was. */
const amount = uint(Number.MAX_SAFE_INTEGER);

const bandwidthShape = fields({
  /** The traffic class of a network port, on which its guest's guarantee hangs. */
  classID: attr(amount),
  inbound: child({
    /** Average rate in KiB/s. */
    average: attr(amount),
    /** Highest rate of a burst in KiB/s. */
    peak: attr(amount),
    /** Rate in KiB/s that is guaranteed. */
    floor: attr(amount),
    /** KiB that may be sent at the peak rate. */
    burst: attr(amount),
  }),
  outbound: child({
    /** Average rate in KiB/s. */
    average: attr(amount),
    /** Highest rate of a burst in KiB/s. */
    peak: attr(amount),
    /** KiB that may be sent at the peak rate. */
    burst: attr(amount),
  }),
});

export interface Bandwidth extends Infer<typeof bandwidthShape> {}
export const bandwidth: Shape<Bandwidth> = bandwidthShape;

/** What a bandwidth may hold depends on where it stands. */
export interface BandwidthRules {
  /** A guaranteed rate is possible only where the host's traffic classes are at work. */
  readonly floor?: boolean;
  /** Only a network port names its traffic class. */
  readonly classID?: boolean;
}

/**
 * Completes and checks what was read: a direction needs an average (or a floor), and one of average 0 is not limited.
 * @throws LibvirtError XML_DETAIL, CONFIG_UNSUPPORTED
 */
export function completeBandwidth(given: Bandwidth | undefined, rules: BandwidthRules = {}): Bandwidth | undefined {
  if (given === undefined) return undefined;
  if (given.classID !== undefined && rules.classID !== true) {
    throw new LibvirtError(
      "XML_DETAIL",
      "NONE",
      "classID attribute not supported on <bandwidth> in this usage context",
    );
  }
  const { inbound, outbound } = given;
  if (inbound === undefined && outbound === undefined && given.classID === undefined) return undefined;
  if (inbound?.floor !== undefined && rules.floor !== true) {
    throw new LibvirtError("CONFIG_UNSUPPORTED", "NONE", "floor attribute is not supported for this config");
  }
  if (
    (inbound !== undefined && inbound.average === undefined && inbound.floor === undefined) ||
    (outbound !== undefined && outbound.average === undefined)
  ) {
    throw new LibvirtError("XML_DETAIL", "NONE", "Missing mandatory average or floor attributes");
  }
  const limits: Bandwidth = {};
  if (given.classID !== undefined) limits.classID = given.classID;
  if (inbound?.average || inbound?.floor) limits.inbound = withoutZeros(inbound);
  if (outbound?.average) limits.outbound = withoutZeros(outbound);
  return limits;
}

function withoutZeros<T extends Readonly<Record<string, number | undefined>>>(amounts: T): T {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== 0)) as T;
}
