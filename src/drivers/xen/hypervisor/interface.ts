/** The hypervisor's interface for hosts and domains, in the version that it speaks. */
import { NativeError } from "../../../host/native/index.ts";
import type { Members, Structure, ValuesOf } from "./layout.ts";
import type { Allocate, Piece, Privcmd } from "./privcmd.ts";
import { Domctl, domctl, Hypercall, Sysctl, schedulerId, sysctl, vcpuInfo, versionTextLength } from "./structures.ts";

/** The hypervisor speaks no version that is known here. */
export class UnknownInterface extends Error {
  override readonly name = "UnknownInterface";
}

/** Versions whose structures are known, the one that was measured first. */
const sysctlVersions = [0x15, 0x14, 0x13, 0x12];
const domctlVersions = [0x15, 0x17, 0x16, 0x14, 0x13, 0x12];

/** Writes what an operation wants, with memory that lasts as long as the call. */
export type Prepare = (operation: Buffer, allocate: Allocate) => void;
/** Reads what an operation answers. */
export type Finish<T> = (operation: Buffer) => T;

/**
 * The first version with which an attempt is not refused. The hypervisor does not tell which one it speaks: calls of
 * another one fail with EACCES before they do anything.
 */
function acceptedVersion(what: string, versions: readonly number[], attempt: (version: number) => void): number {
  for (const version of versions) {
    try {
      attempt(version);
      return version;
    } catch (error) {
      if (!(error instanceof NativeError) || error.code !== "EACCES") throw error;
    }
  }
  const known = versions.map((version) => `0x${version.toString(16)}`).join(", ");
  throw new UnknownInterface(`the hypervisor speaks none of the versions of its ${what} that are known here: ${known}`);
}

export interface VersionChoice {
  readonly sysctl?: readonly number[];
  readonly domctl?: readonly number[];
}

export class HypervisorInterface {
  readonly sysctlVersion: number;
  readonly domctlVersion: number;
  readonly #privcmd: Privcmd;

  /** @param choice the versions to try, for tests */
  constructor(privcmd: Privcmd, choice: VersionChoice = {}) {
    this.#privcmd = privcmd;
    const nothing = () => {};
    this.sysctlVersion = acceptedVersion("sysctl", choice.sysctl ?? sysctlVersions, (version) =>
      this.#sysctl(version, Sysctl.SCHEDULER, nothing, (operation) => schedulerId.read(operation)),
    );
    this.domctlVersion = acceptedVersion("domctl", choice.domctl ?? domctlVersions, (version) =>
      this.#domctl(version, Domctl.VCPU_INFO, 0, (operation) => vcpuInfo.write(operation, { vcpu: 0 }), nothing),
    );
  }

  /** A number about the hypervisor itself. */
  number(question: number): number {
    return this.#privcmd.call(
      Hypercall.XEN_VERSION,
      () => [BigInt(question)],
      (result) => result,
    );
  }

  /** A text about the hypervisor itself. */
  text(question: number): string {
    let answer: Piece | undefined;
    return this.#privcmd.call(
      Hypercall.XEN_VERSION,
      (allocate) => {
        answer = allocate(versionTextLength);
        return [BigInt(question), answer.address];
      },
      () => (answer?.bytes.toString("latin1") ?? "").replace(/\0.*$/s, "").trim(),
    );
  }

  sysctl<T>(command: number, prepare: Prepare, finish: Finish<T>): T {
    return this.#sysctl(this.sysctlVersion, command, prepare, finish);
  }

  domctl<T>(command: number, domain: number, prepare: Prepare, finish: Finish<T>): T {
    return this.#domctl(this.domctlVersion, command, domain, prepare, finish);
  }

  /** An operation on the host that is one structure, with these values before; the structure after it. */
  askHost<M extends Members>(command: number, layout: Structure<M>, values: Partial<ValuesOf<M>> = {}): ValuesOf<M> {
    return this.sysctl(
      command,
      (operation) => layout.write(operation, values),
      (operation) => layout.read(operation),
    );
  }

  /** The same about a domain. */
  askDomain<M extends Members>(
    command: number,
    domain: number,
    layout: Structure<M>,
    values: Partial<ValuesOf<M>> = {},
  ): ValuesOf<M> {
    return this.domctl(
      command,
      domain,
      (operation) => layout.write(operation, values),
      (operation) => layout.read(operation),
    );
  }

  close(): void {
    this.#privcmd.close();
  }

  #sysctl<T>(version: number, command: number, prepare: Prepare, finish: Finish<T>): T {
    return this.#call(Hypercall.SYSCTL, sysctl, { command, version }, prepare, finish);
  }

  #domctl<T>(version: number, command: number, domain: number, prepare: Prepare, finish: Finish<T>): T {
    return this.#call(Hypercall.DOMCTL, domctl, { command, version, domain }, prepare, finish);
  }

  #call<M extends Members, T>(
    hypercall: number,
    layout: Structure<M>,
    values: Partial<ValuesOf<M>>,
    prepare: Prepare,
    finish: Finish<T>,
  ): T {
    let operation: Buffer = Buffer.alloc(0);
    return this.#privcmd.call(
      hypercall,
      (allocate) => {
        const whole = allocate(layout.size);
        layout.write(whole.bytes, values);
        operation = whole.bytes.subarray(layout.offsets.operation);
        prepare(operation, allocate);
        return [whole.address];
      },
      () => finish(operation),
    );
  }
}
