/** What is compared of the lines that libvirt's own driver and ours were told, and where they differ. */

/** What a line printed, errors included. */
export interface Outcome {
  readonly line: string;
  readonly printed: string;
}

/** What virsh says of a function that a driver does not have. */
export const unsupported = /this function is not supported by the connection driver/;

/** What is another in each life, or at each moment, for lines that match. */
const passing: readonly (readonly [lines: RegExp, what: RegExp, instead: string])[] = [
  [/^/, /^(Id|CPU time): +.*$/gm, "$1:"],
  [/^list/, /^ (?:\d+|-) +/gm, " "],
  [/^vcpuinfo/, /^State: .*$/gm, "State:"],
  [/^dumpxml/, /^(<domain [^>]*) id='\d+'/gm, "$1"],
  [/^dumpxml/, /vif\d+\./g, "vifN."],
  // libvirt's driver does not know what a card is called that was plugged in.
  [/^domiflist/, /^ (?:vif\d+\.\d+|-) +/gm, " card "],
  [/^(?:dumpxml|ttyconsole)/, /pts\/\d+/g, "pts/N"],
  [/^domxml-from-native/, /<uuid>.*<\/uuid>/, "<uuid/>"],
  [/^(?:domifstat|freecell)/, /\d[\d.]*/g, "N"],
  [/^cpu-stats/, / +[\d.]+/g, " N"],
  // libvirt's driver names the machine only in what it converts.
  [/^dumpxml/, / machine='xenpv'/, ""],
  [/Domain-0$/, /<type arch='x86_64'>/, "<type>"],
  // Both say that Domain-0 cannot be treated so, in words of their own.
  [/Domain-0/, /(error: Requested operation is not valid:).*$/gm, "$1"],
];

/** What a line printed that should be the same on either daemon. */
export function comparable({ line, printed }: Outcome): string {
  let text = printed;
  for (const [lines, what, instead] of passing) if (lines.test(line)) text = text.replace(what, instead);
  // The order of settings means nothing.
  return line.startsWith("domxml-to-native") ? text.split("\n").sort().join("\n") : text;
}

const moreThanHost = "libvirt's gives no guest more processors than the host has, which is one here";
const better = "ours says more of what is wrong";

/** Lines that do not do the same, and why. */
export const differences: Readonly<Record<string, string>> = {
  "domid twin": "each life has a number of its own",
  "domrename other twin": "libvirt's has not renamed it before",
  sysinfo: "libvirt's asks a program, which is not here, of what the kernel tells",
  "undefine Domain-0": "libvirt's undefines the host itself",
  uri: "each daemon has a socket of its own",
  "setvcpus twin 4 --config": moreThanHost,
  "setvcpus twin 2": moreThanHost,
  "setvcpus twin 3": moreThanHost,
  "vcpupin twin 7 0": better,
  "schedinfo twin --set weight=0": better,
  "restore /etc/hosts": "each has files of its own form",
  "domblkstat twin xvda": "libvirt's prints errors, which the host's kernel does not count",
  "numatune twin": "ours does not ask on which nodes a guest's memory is",
  "dommemstat twin": "libvirt's does not see that the most that a running guest may have was changed",
  version: "libvirt's does not tell the third number of the hypervisor's version",
  capabilities: "ours names no emulator, and the host's memory and processors as the hypervisor has them",
  domcapabilities: "ours tells what guests of that kind can have",
  "domcapabilities --machine xenfv": "ours tells what guests of that kind can have",
};
