/** What passed a network device, from /proc/net/dev. */

export interface NetCounters {
  readonly rxBytes: bigint;
  readonly rxPackets: bigint;
  readonly rxErrs: bigint;
  readonly rxDrop: bigint;
  readonly txBytes: bigint;
  readonly txPackets: bigint;
  readonly txErrs: bigint;
  readonly txDrop: bigint;
}

/** The counters of each device by its name. */
export function parseNetDev(text: string): ReadonlyMap<string, NetCounters> {
  const devices = new Map<string, NetCounters>();
  for (const line of text.split("\n")) {
    const [, name, counters] = /^\s*([^\s:]+):\s*((?:\d+\s*){16,})$/.exec(line) ?? [];
    if (name === undefined || counters === undefined) continue;
    const [rxBytes, rxPackets, rxErrs, rxDrop, , , , , txBytes, txPackets, txErrs, txDrop] = counters
      .trim()
      .split(/\s+/)
      .map(BigInt) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    devices.set(name, { rxBytes, rxPackets, rxErrs, rxDrop, txBytes, txPackets, txErrs, txDrop });
  }
  return devices;
}

/** A guest sends what the host's end of its cable receives. */
export function seenFromOtherEnd(counters: NetCounters): NetCounters {
  return {
    rxBytes: counters.txBytes,
    rxPackets: counters.txPackets,
    rxErrs: counters.txErrs,
    rxDrop: counters.txDrop,
    txBytes: counters.rxBytes,
    txPackets: counters.rxPackets,
    txErrs: counters.rxErrs,
    txDrop: counters.rxDrop,
  };
}
