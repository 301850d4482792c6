/** How fast packets pass a network device of the host, set by `tc`. */
import type { ErrorDomainName } from "../errors.ts";
import { runProgram } from "./program.ts";

/** Rates are KiB a second, amounts KiB. */
export interface Rate {
  readonly average: number;
  /** The highest rate of a burst; the average unless given. */
  readonly peak?: number | undefined;
  /** How much may pass at the peak. */
  readonly burst?: number | undefined;
}

/** Limits as the guest at the device's other end sees them. */
export interface TrafficLimits {
  /** What comes to the guest: it waits. */
  readonly inbound?: Rate | undefined;
  /** What the guest sends: what is too much is dropped. */
  readonly outbound?: Rate | undefined;
}

/** tc's `bps` are bytes a second. */
const rate = (kibibytes: number): string => `${BigInt(kibibytes) * 1024n}bps`;
const amount = (kibibytes: number): string => `${BigInt(kibibytes) * 1024n}b`;

/**
 * Limits the traffic of a device; a way that is not named is not limited any more.
 * @throws {LibvirtError} what `tc` says when it or the kernel cannot do it
 */
export async function limitTraffic(
  device: string,
  { inbound, outbound }: TrafficLimits,
  domain: ErrorDomainName,
): Promise<void> {
  const tc = (...words: string[]): Promise<string> => runProgram("tc", words, { domain });
  // There may be none of before, which tc calls an error.
  await Promise.all([
    tc("qdisc", "delete", "dev", device, "root").catch(() => {}),
    tc("qdisc", "delete", "dev", device, "ingress").catch(() => {}),
  ]);
  if (inbound) {
    const { average, peak, burst } = inbound;
    await tc("qdisc", "add", "dev", device, "root", "handle", "1:", "htb", "default", "1");
    await tc(
      ...["class", "add", "dev", device, "parent", "1:", "classid", "1:1", "htb"],
      ...["rate", rate(average), "ceil", rate(peak ?? average)],
      ...(burst === undefined ? [] : ["burst", amount(burst)]),
    );
  }
  if (outbound) {
    const { average, burst } = outbound;
    await tc("qdisc", "add", "dev", device, "ingress");
    await tc(
      ...["filter", "add", "dev", device, "parent", "ffff:", "protocol", "all", "u32", "match", "u32", "0", "0"],
      ...["police", "rate", rate(average), "burst", amount(burst ?? average), "mtu", "65535", "drop", "flowid", ":1"],
    );
  }
}
