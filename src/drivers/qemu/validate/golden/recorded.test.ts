/** What libvirt's own daemon refuses we refuse, when it does and with its code; what it takes we take. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { haveData, missingData } from "../../../../../test/conformance/data.ts";
import { projectRoot } from "../../../../../test/helpers/project.ts";
import { recordedCapabilities } from "../../../../../test/helpers/qemu-capabilities.ts";
import { isLibvirtError } from "../../../../errors.ts";
import { finishDomain, readParsedDomain } from "../../../../model/domain/index.ts";
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";
import { completionFor } from "../../definition/index.ts";
import { validateDefine, validateStart } from "../index.ts";
import { cases } from "./cases.ts";
import { guest } from "./guest.ts";

/** Code, domain and message of an error. */
type Refusal = readonly [code: number, domain: number, message: string];

/** A line that `record/record.py` wrote. */
interface Verdict {
  readonly id: string;
  readonly define?: Refusal;
  readonly start?: Refusal;
  /** The definition ended the daemon. */
  readonly crash?: true;
}

/** The emulators that the recorder's daemon had. */
const emulators = { x86_64: "8.0.0", aarch64: "7.0.0", s390x: "6.0.0", ppc64: "7.1.0", riscv64: "5.2.0" } as const;
type Arch = keyof typeof emulators;

/** Where we say something else, and why. */
const different: Readonly<Record<string, string>> = {
  // Refused for a reason that says what is wrong, where libvirt stumbles over a consequence of it.
  "balloon-xen": "libvirt looks for a PCI bus",
  "fs-driver-loop": "libvirt looks for a PCI bus",
  "fs-driver-nbd": "libvirt looks for a PCI bus",
  "sound-ich7": "libvirt looks for a PCI bus",
  "os-machine-unknown": "libvirt looks for a PCI bus",
  "os-type-unknown": "the emulator is asked first",
  "disk-ide-controller-1": "the controller is looked at first",
  "controller-pci-no-index": "the bridge is looked at first",
  "controller-pci-pxb-q35": "places are given before checks",
  "controller-pci-pxbpcie-pc": "places are given before checks",
  "hostdev-mdev-display-ccw": "the document is looked at first",
  "serial-usb-address": "one rule for all kinds of serial ports",
  "cpu-numa-twice": "one rule for gaps and repetitions",
  "input-evdev-no-path": "refused when it is defined already",
  // The reader knows more of the document than libvirt's.
  "ccw-address-cssid": "malformed for the reader",
  "graphics-spice-password-time": "malformed for the reader",
  "usb-address-bad": "malformed for the reader",
  "watchdog-unknown": "malformed for the reader",
  "hub-unknown": "malformed for the reader",
  "clock-absolute-none": "malformed for the reader",
  "clock-variable-utc": "malformed for the reader",
  "qemu-arg-empty": "malformed for the reader",
  // Newer than the libvirt that was recorded.
  "tpm-external": "newer than the recording",
  "watchdog-itco-pc": "newer than the recording",
  "watchdog-itco-q35": "newer than the recording",
  // The recording turns cards into simpler ones before it looks at them, and knows no second device of a name.
  "net-user-tap": "not looked at when recorded",
  "net-vhostuser-tap": "not looked at when recorded",
  "alias-twice": "not looked at when recorded",
  "tpm-tis-12-crb": "the model is looked at first",
  // What only the host can say: its nodes, its devices, its CPU.
  "channel-xen": "decided where the device is made",
  "hostdev-boot-scsi": "the host's device",
  "hostdev-scsi-lsi-unit": "the host's device",
  "numatune-node-9": "the host's nodes",
  "video-vhostuser-private": "the host's programs",
  // Left to QEMU, which refuses them itself.
  "controller-isa": "no rule yet",
  "controller-xenbus": "no rule yet",
  "cpu-feature-mode-s390": "no rule yet",
  "cpu-feature-unknown": "no rule yet",
  "cpu-unknown": "no rule yet",
  "feature-kvm-arm": "no rule yet",
  "pci-address-reserved": "no rule yet",
  "qemu-capability-unknown": "no rule yet",
  "vcpu-zero": "no rule yet",
};

const recorded = readFileSync(join(projectRoot, "src/drivers/qemu/validate/golden/recorded.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Verdict);

const capabilities = new Map<string, QemuCapabilities>();

function judge(xml: string, arch: string): { readonly define?: Refusal; readonly start?: Refusal } {
  const known = capabilities.get(arch) ?? capabilities.get("x86_64");
  assert.ok(known);
  const context = { capabilities: known, hostArch: "x86_64", spiceTls: true, tpmVersions: [], hugepageSizes: [] };
  const completion = completionFor({
    ...context,
    emulatorFor: (name) => `/usr/bin/qemu-system-${name}`,
    channelFolder: "/var/lib/libvirt/qemu/channel/target",
    abiUpdate: true,
  });
  let stage: "define" | "start" = "define";
  try {
    const domain = finishDomain(readParsedDomain(xml, { inactive: true }), completion);
    validateDefine(domain, context);
    stage = "start";
    validateStart(domain, context);
    return {};
  } catch (error) {
    if (!isLibvirtError(error)) throw error;
    return { [stage]: [error.code, error.domain, error.message] };
  }
}

/** Our reader says more than libvirt's: which values there are, and where in the document it is. */
function agrees(ours: Refusal | undefined, theirs: Refusal | undefined): boolean {
  if (ours === undefined || theirs === undefined) return ours === theirs;
  return ours[0] === theirs[0] && (ours[2].startsWith(theirs[2].replace(/\.$/, "")) || isMissing(ours[2]));
}

/** An element or attribute that is missing is reported in one form for all documents. */
const isMissing = (message: string): boolean =>
  /(Missing required (element|attribute)|Invalid value for)/.test(message);

describe("verdicts of libvirt's daemon", { skip: haveData ? false : missingData }, () => {
  before(async () => {
    for (const [arch, version] of Object.entries(emulators)) {
      capabilities.set(arch, await recordedCapabilities(arch as Arch, version));
    }
  });

  it("there is a verdict on every case", () => {
    assert.deepEqual(recorded.map(({ id }) => id).sort(), Object.keys(cases).sort());
    for (const id of Object.keys(different)) assert.ok(Object.hasOwn(cases, id), id);
  });

  for (const { id, define, start, crash } of recorded) {
    it(id, () => {
      const difference = cases[id];
      assert.ok(difference);
      const ours = judge(guest(difference), difference.arch ?? "x86_64");
      if (crash) assert.ok(ours.define, "what ends libvirt's daemon is refused");
      else if (!Object.hasOwn(different, id)) {
        assert.ok(
          agrees(ours.define, define) && agrees(ours.start, start),
          `libvirt: ${JSON.stringify({ define, start })}, we: ${JSON.stringify(ours)}`,
        );
      }
    });
  }
});
