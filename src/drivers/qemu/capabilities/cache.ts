/**
 * Capabilities of emulators, kept between programs: probing takes 0.15 s, reading the cache 2 ms.
 *
 *     FOLDER/HASH.json    one emulator, HASH is that of its path
 *
 * An entry holds as long as everything that a probe's answers depend on is what it was: the binary, the host's kernel
 * and processor, access to KVM, and the code that evaluates the answers.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { release, version } from "node:os";
import { join } from "node:path";
import { systemError } from "../../../errors.ts";
import { writeDurably } from "../../../host/durable.ts";
import { makeFolder, readBounded } from "../../../host/files.ts";
import { isJsonObject } from "../monitor/json.ts";
import { type CapabilitiesData, QemuCapabilities } from "./capabilities.ts";
import { type ProbeOptions, probeEmulator } from "./probe.ts";

/** To be raised with every change of flags, of {@link CapabilitiesData}, or of how answers are read. */
const FORMAT = 2;

/** Larger files are not ours; an entry has about 120 kB. */
const MAX_ENTRY = 4 * 1024 * 1024;

/** What an entry depends on, as text that is compared whole. */
type Fingerprint = string;

interface Known {
  readonly fingerprint: Fingerprint;
  readonly capabilities: Promise<QemuCapabilities>;
}

interface Look {
  readonly at: number;
  readonly fingerprint: Promise<Fingerprint>;
}

/** How long a look at a binary counts, in ms. */
const lookLifetime = 100;

export class CapabilitiesCache {
  readonly #folder: string;
  readonly #options: ProbeOptions;
  readonly #known = new Map<string, Known>();
  readonly #looks = new Map<string, Look>();

  /**
   * @param folder where entries are kept; made when the first one is written.
   * @param options of the probes; one cache serves guests of one user.
   */
  constructor(folder: string, options: Pick<ProbeOptions, "identity"> = {}) {
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * The capabilities of the emulator at `binary`, probed when nothing valid is known. Callers at the same time share
   * one probe.
   * @throws LibvirtError SYSTEM_ERROR when there is no such binary, INTERNAL_ERROR when it cannot be probed.
   */
  async get(binary: string): Promise<QemuCapabilities> {
    const fingerprint = await this.#fingerprintOf(binary);
    const known = this.#known.get(binary);
    if (known?.fingerprint === fingerprint) return known.capabilities;
    const capabilities = this.#load(binary, fingerprint);
    this.#known.set(binary, { fingerprint, capabilities });
    // What failed may work next time: a missing library comes with the next package.
    capabilities.catch(() => {
      if (this.#known.get(binary)?.capabilities === capabilities) this.#known.delete(binary);
    });
    return capabilities;
  }

  /** Callers within a moment share one look at the binary: nobody replaces an emulator and uses it that soon. */
  #fingerprintOf(binary: string): Promise<Fingerprint> {
    const known = this.#looks.get(binary);
    if (known !== undefined && performance.now() - known.at < lookLifetime) return known.fingerprint;
    const fingerprint = fingerprintOf(binary, this.#options);
    const look = { at: performance.now(), fingerprint };
    this.#looks.set(binary, look);
    fingerprint.catch(() => {
      if (this.#looks.get(binary) === look) this.#looks.delete(binary);
    });
    return fingerprint;
  }

  async #load(binary: string, fingerprint: Fingerprint): Promise<QemuCapabilities> {
    const path = join(this.#folder, `${createHash("sha256").update(binary).digest("hex")}.json`);
    const stored = await readEntry(path, fingerprint);
    if (stored !== null) return new QemuCapabilities(stored);
    const capabilities = await probeEmulator(binary, this.#options);
    await this.#store(path, { format: FORMAT, binary, fingerprint, data: capabilities.data });
    return capabilities;
  }

  /** A cache that cannot be written costs time and nothing else. */
  async #store(path: string, entry: object): Promise<void> {
    try {
      await makeFolder(this.#folder, 0o700, "QEMU");
      await writeDurably(path, JSON.stringify(entry), { domain: "QEMU" });
    } catch (error) {
      process.emitWarning(`cannot cache the capabilities of an emulator: ${String(error)}`, "TsvirtWarning");
    }
  }
}

/** Null for an entry that is missing, broken, or of another time. */
async function readEntry(path: string, fingerprint: Fingerprint): Promise<CapabilitiesData | null> {
  try {
    const text = await readBounded(path, MAX_ENTRY, "QEMU");
    const entry: unknown = text === null ? null : JSON.parse(text);
    if (!isJsonObject(entry) || entry.format !== FORMAT || entry.fingerprint !== fingerprint) return null;
    return isCapabilitiesData(entry.data) ? entry.data : null;
  } catch {
    return null;
  }
}

/** Whether it is what we wrote; the fingerprint and the atomic write speak for its insides. */
function isCapabilitiesData(data: unknown): data is CapabilitiesData {
  return isJsonObject(data) && Array.isArray(data.flags) && isJsonObject(data.accelerators) && Array.isArray(data.gic);
}

async function fingerprintOf(binary: string, { identity }: ProbeOptions): Promise<Fingerprint> {
  const [file, processor, kvm] = await Promise.all([
    stat(binary, { bigint: true }).catch((error) => {
      throw systemError("QEMU", `cannot check QEMU binary ${binary}`, error);
    }),
    processorOf(),
    access("/dev/kvm", constants.R_OK | constants.W_OK).then(
      () => "kvm",
      () => "no kvm",
    ),
  ]);
  const parts = [file.dev, file.ino, file.size, file.mtimeNs, file.ctimeNs, release(), version(), processor, kvm];
  return [...parts, identity?.uid, identity?.gid].join("|");
}

let processor: Promise<string> | undefined;

/** The lines of /proc/cpuinfo that change with the processor, its microcode and what the kernel makes of it. */
function processorOf(): Promise<string> {
  processor ??= readFile("/proc/cpuinfo", "utf8").then(
    (text) => {
      const first = text.slice(0, text.indexOf("\n\n"));
      const stable = first.split("\n").filter((line) => /^(model name|microcode|flags|Features)\s/.test(line));
      return createHash("sha256").update(stable.join("\n")).digest("hex").slice(0, 16);
    },
    () => "",
  );
  return processor;
}
