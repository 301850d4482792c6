/** What a PCI device says of itself in its configuration space: what kind of header it has, how wide its link is. */

type Link = {
  validity: "cap" | "sta";
  port?: number;
  speed?: string;
  width: number;
};

export interface PciConfig {
  /** 0 for a device, 1 for a bridge, 2 for a CardBus bridge. */
  readonly header: number;
  /** What the link could do and what it does; none for a device within the chip set; undefined for what is not express. */
  readonly links?: Link[];
}

const statusOffset = 0x06;
const hasCapabilities = 0x10;
const headerOffset = 0x0e;
const capabilityPointer = 0x34;
const expressCapability = 0x10;
/** Kinds of express devices without a link: endpoints and event collectors within the root complex. */
const withoutLink: ReadonlySet<number> = new Set([0x9, 0xa]);
const maxCapabilities = 48;

/** GT/s by the number that stands for them. */
const speeds = [undefined, "2.5", "5", "8", "16", "32", "64"];

/** Reads the first bytes of the configuration space; those who are not root see no more than 64 of them. */
export function linksOf(config: Uint8Array): PciConfig {
  const view = new DataView(config.buffer, config.byteOffset, config.byteLength);
  if (config.length < 64) return { header: 0 };
  const header = view.getUint8(headerOffset) & 0x7f;
  const at = (view.getUint16(statusOffset, true) & hasCapabilities) === 0 ? undefined : findExpress(view);
  // The larger space is there for express devices alone, whether they say more of it or not.
  if (at === undefined || at + 20 > config.length) return config.length > 256 ? { header, links: [] } : { header };
  const kind = (view.getUint16(at + 2, true) >> 4) & 0xf;
  return { header, links: withoutLink.has(kind) ? [] : readLinks(view, at) };
}

function findExpress(view: DataView): number | undefined {
  let at = view.getUint8(capabilityPointer) & 0xfc;
  for (let count = 0; count < maxCapabilities && at >= 0x40 && at + 2 <= view.byteLength; count++) {
    if (view.getUint8(at) === expressCapability) return at;
    at = view.getUint8(at + 1) & 0xfc;
  }
  return undefined;
}

function readLinks(view: DataView, at: number): Link[] {
  const could = view.getUint32(at + 12, true);
  const does = view.getUint16(at + 18, true);
  const speed = (number: number) => {
    const text = speeds[number & 0xf];
    return text === undefined ? {} : { speed: text };
  };
  return [
    { validity: "cap", port: could >>> 24, ...speed(could), width: (could >> 4) & 0x3f },
    { validity: "sta", ...speed(does), width: (does >> 4) & 0x3f },
  ];
}
