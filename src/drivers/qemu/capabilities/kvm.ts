/**
 * Whether guests can run in hardware here, and if not, why and what to do about it.
 *
 * An emulator only tells whether it got hold of /dev/kvm. libvirt believes it and lets a guest hang where KVM is there
 * but cannot run it; here the host is looked at as well.
 */
import { constants } from "node:fs";
import { open, readdir, readFile } from "node:fs/promises";

/** `restricted`: KVM starts guests, but ordinary operating systems do not run in them. */
export type KvmState = "usable" | "restricted" | "unusable";

export interface KvmVerdict {
  readonly state: KvmState;
  /** Why it is not usable and the remedy, "" when it is. */
  readonly reason: string;
}

/** What the verdict rests on. */
export interface KvmHost {
  /** Error code of opening /dev/kvm for reading and writing, null when that works. */
  readonly deviceError: string | null;
  /** The CPU's feature flags as /proc/cpuinfo has them; empty where an architecture lists none. */
  readonly cpuFlags: ReadonlySet<string>;
  /** Loaded kernel modules whose name begins with kvm. */
  readonly modules: readonly string[];
  /** Node's name of the host's architecture. */
  readonly arch: string;
}

/** Looks at this host, with the rights of this process. */
export async function inspectKvm(): Promise<KvmHost> {
  const [deviceError, cpuinfo, modules] = await Promise.all([
    open("/dev/kvm", constants.O_RDWR).then(
      (device) => device.close().then(() => null),
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    ),
    readFile("/proc/cpuinfo", "utf8").catch(() => ""),
    readdir("/sys/module").catch(() => []),
  ]);
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/) ?? [];
  return {
    deviceError,
    cpuFlags: new Set(flags),
    modules: modules.filter((name) => name.startsWith("kvm")),
    arch: process.arch,
  };
}

/** @param enabled whether the emulator itself runs with KVM (query-kvm). */
export function judgeKvm(host: KvmHost, enabled: boolean): KvmVerdict {
  if (host.deviceError !== null) return unusable(deviceReason(host));
  if (!enabled) {
    return unusable(
      "QEMU runs without KVM although /dev/kvm is there: the user it runs as may not open it, or it was built without KVM",
    );
  }
  const x86 = host.arch === "x64" || host.arch === "ia32";
  if (x86 && host.cpuFlags.size > 0 && !hasVirtualization(host)) {
    const backEnd = host.modules.find((name) => name !== "kvm") ?? "kvm";
    return {
      state: "restricted",
      reason:
        `the processor offers no virtualization here (neither vmx nor svm), KVM works by '${backEnd}', ` +
        "in which ordinary operating systems do not run; use <domain type='qemu'>, " +
        "or turn on virtualization (nested, if this is itself a virtual machine)",
    };
  }
  return { state: "usable", reason: "" };
}

function deviceReason(host: KvmHost): string {
  switch (host.deviceError) {
    case "EACCES":
    case "EPERM":
      return "no permission to open /dev/kvm; add the user to the group that owns it, usually 'kvm', and log in again";
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return hasVirtualization(host)
        ? "/dev/kvm is missing; load the kernel module kvm_intel or kvm_amd"
        : "/dev/kvm is missing and the processor offers no virtualization; turn it on in the firmware, " +
            "or nested virtualization if this is itself a virtual machine";
    default:
      return `/dev/kvm cannot be opened (${host.deviceError})`;
  }
}

function hasVirtualization({ cpuFlags }: KvmHost): boolean {
  return cpuFlags.has("vmx") || cpuFlags.has("svm");
}

function unusable(reason: string): KvmVerdict {
  return { state: "unusable", reason };
}
