/** Definitions that differ in one thing each from a guest that nobody refuses. */

/** What a definition has besides, or instead of, what every guest here has. Texts are XML. */
export interface Difference {
  readonly devices?: string;
  readonly features?: string;
  readonly cpu?: string;
  /** Inside `<os>`. */
  readonly os?: string;
  /** Inside `<domain>`. */
  readonly top?: string;
  readonly type?: "qemu" | "kvm" | "hvf";
  readonly arch?: string;
  readonly machine?: string;
  readonly vcpu?: string;
}

/** Machines that guests of an architecture have here. */
const machines: Readonly<Record<string, string>> = {
  x86_64: "pc",
  aarch64: "virt",
  ppc64: "pseries",
  s390x: "s390-ccw-virtio",
  riscv64: "virt",
};

export function guest(difference: Difference): string {
  const {
    devices = "",
    features = "<acpi/>",
    cpu = "",
    os = "",
    top = "",
    type = "qemu",
    arch = "x86_64",
  } = difference;
  const { machine = machines[arch] ?? "", vcpu = "<vcpu>2</vcpu>" } = difference;
  return `<domain type='${type}'>
  <name>guest</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <memory unit='KiB'>1048576</memory>
  ${vcpu}${top}
  <os><type arch='${arch}' machine='${machine}'>hvm</type>${os}</os>
  <features>${features}</features>
  ${cpu}
  <devices><emulator>/usr/bin/qemu-system-${arch}</emulator>${devices}</devices>
</domain>
`;
}
