/** Makes documents that nobody would write: small changes to real ones, chosen by a seed. */

/** Numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Mutation = (xml: string, random: Random) => string;

function pick<T>(from: readonly T[], next: Random): T | undefined {
  return from[Math.floor(next() * from.length)];
}

/** Values that are too large, too long, of another type, or mean something elsewhere. */
const hostile = [
  ...["", " ", "-1", "0", "1", "2", "255", "256", "65535", "65536", "4294967295", "4294967296", "-2147483649"],
  ...["9007199254740993", "18446744073709551615", "18446744073709551616", "9".repeat(400), "1e9", "0x", "0xffffffff"],
  ...["NaN", "true", "yes", "no", "on", "off", "none", "auto", "default", "virtio", "pci", "usb", "ide", "scsi", "kvm"],
  ...["../../etc/passwd", "/dev/null", "a,b=c", "a b", "%s%n", "a/b", "\u00e9\u4e2d\u{1f4a9}", "x".repeat(5_000)],
  ...["0-4294967295", "0-1023", "^1", "0,^0", "1-0", "::1", "127.0.0.1", "ff:ff:ff:ff:ff:ff", "__proto__"],
  ...["constructor", "&#10;", "&#9;", "&lt;", "&amp;", "\t", "2147483648", "1099511627776", "0.5", "hda", "vda", "fd0"],
  ...["00000000-0000-0000-0000-000000000000", "q35", "pc", "virt", "s390-ccw-virtio", "pseries", "aarch64", "s390x"],
];

const attribute = /(?<![\w:-])([\w:-]{1,40})=(['"])([^'"<]*)\2/g;
const leaf = /<([\w:-]{1,40})(\s[^<>]*)?(\/>|>([^<>]*)<\/\1>)/g;
const element = /<(\/?)([\w:-]{1,40})/g;

function replaceOne(xml: string, pattern: RegExp, next: Random, by: (match: RegExpMatchArray) => string): string {
  const match = pick([...xml.matchAll(pattern)], next);
  if (match?.index === undefined) return xml;
  return xml.slice(0, match.index) + by(match) + xml.slice(match.index + match[0].length);
}

const mutations: readonly Mutation[] = [
  (xml, next) => replaceOne(xml, attribute, next, ([, name]) => `${name}='${pick(hostile, next)}'`),
  (xml, next) => replaceOne(xml, attribute, next, ([, name]) => `${name}='${pick(hostile, next)}'`),
  // A value that another attribute of the document has.
  (xml, next) => {
    const other = pick([...xml.matchAll(attribute)], next);
    return replaceOne(xml, attribute, next, ([, name]) => `${name}='${other?.[3]}'`);
  },
  (xml, next) => replaceOne(xml, attribute, next, () => ""),
  (xml, next) =>
    replaceOne(xml, leaf, next, ([, name, rest = ""]) => `<${name}${rest}>${pick(hostile, next)}</${name}>`),
  (xml, next) => replaceOne(xml, leaf, next, () => ""),
  (xml, next) => replaceOne(xml, leaf, next, ([all]) => all + all),
  (xml, next) => replaceOne(xml, leaf, next, ([all]) => all.repeat(300)),
  // Somewhere else.
  (xml, next) => {
    const moved = pick([...xml.matchAll(leaf)], next)?.[0] ?? "";
    return replaceOne(xml, leaf, next, ([all]) => all + moved);
  },
  (xml, next) => replaceOne(xml, leaf, next, ([all]) => `${"<source>".repeat(900)}${all}${"</source>".repeat(900)}`),
  (xml, next) => replaceOne(xml, element, next, ([, close, name]) => `<${close}${name}x`),
  // Another name, at both ends.
  (xml, next) => {
    const names = [...new Set([...xml.matchAll(element)].map(([, , name]) => name ?? ""))];
    const [from, to] = [pick(names, next) ?? "", pick(names, next) ?? ""];
    return xml.replaceAll(new RegExp(`(</?)${from}\\b`, "g"), `$1${to}`);
  },
  (xml, next) => {
    const at = Math.floor(next() * xml.length);
    return (
      xml.slice(0, at) + pick(["\0", "\x1b", "&", "<", "]]>", "\ufffe", "<!--", "<![CDATA["], next) + xml.slice(at)
    );
  },
  (xml, next) => xml.slice(0, Math.floor(next() * xml.length)),
  // A whole block twice.
  (xml, next) => {
    const blocks = [
      ...xml.matchAll(/<(disk|interface|controller|hostdev|cpu|features|memory|os|devices)\b[\s\S]*?<\/\1>/g),
    ];
    const block = pick(blocks, next)?.[0] ?? "";
    return block === "" ? xml : xml.replace(block, () => block + block);
  },
];

/** Larger documents are not changed any more: that would take longer than reading them. */
const enough = 100_000;

/** One to three changes of a document. */
export function mutate(xml: string, next: Random): string {
  let changed = xml;
  for (let left = 1 + Math.floor(next() * 3); left > 0 && changed.length < enough; left--) {
    changed = pick(mutations, next)?.(changed, next) ?? changed;
  }
  return changed;
}
