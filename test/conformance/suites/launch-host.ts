/** The host that libvirt's tests of command lines assume: `fixtures/environment.json`, and what a case has otherwise. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { QemuCapabilities } from "../../../src/drivers/qemu/capabilities/capabilities.ts";
import { type Firmware, firmwareFolders, readFirmware } from "../../../src/drivers/qemu/firmware/descriptor.ts";
import type { Tap, TlsCredentials } from "../../../src/drivers/qemu/launch/devices/context.ts";
import type {
  HostCpu,
  LaunchContext,
  LaunchFacts,
  LaunchSettings,
  PrepareContext,
} from "../../../src/drivers/qemu/launch/index.ts";
import { LibvirtError } from "../../../src/errors.ts";
import type { Domain, Storage, StorageOf } from "../../../src/model/domain/index.ts";
import { poolDocument } from "../../../src/model/storage/index.ts";
import { parseCpuset } from "../../../src/xml/index.ts";
import { dataFolder } from "../data.ts";
import type { Request } from "../protocol.ts";
import { recordedTree } from "../recorded-tree.ts";

type Words = Readonly<Record<string, string | undefined>>;
type Conf = Readonly<Record<string, string | number | boolean | undefined>>;

const fixture = (name: string) => JSON.parse(readFileSync(join(dataFolder, "fixtures", name), "utf8"));
const host = fixture("environment.json") as {
  readonly host: {
    readonly arch: string;
    readonly numa: { readonly availableNodes: string };
    readonly pageSizeBytes: number;
    readonly now: number;
    readonly drmRenderNode: string;
    readonly scsiGenericNode: string;
  };
  readonly driver: {
    readonly libDir: string;
    readonly channelTargetDir: string;
    readonly memoryBackingDir: string;
    readonly nvramDir: string;
    readonly vncListen: string;
    readonly spiceListen: string;
    readonly spice_password: string;
    readonly hugetlbfs: readonly { readonly dir: string; readonly sizeKiB: number; readonly default?: true }[];
  } & Words;
  readonly processEnvironment: Words;
  readonly fakes: { readonly tpmEmulatorSocket: string; readonly vsockAutoCid: number };
};
const cpus = (
  fixture("host-cpus.json") as {
    readonly cpus: Readonly<
      Record<string, { readonly model: string; readonly vendor: string | null; readonly features: readonly string[] }>
    >;
  }
).cpus;

let firmware: Promise<readonly Firmware[]> | undefined;

function installedFirmware(): Promise<readonly Firmware[]> {
  const tree = recordedTree(readFileSync(join(dataFolder, "fixtures", "qemufirmware.tree.json"), "utf8"));
  firmware ??= readFirmware(tree, firmwareFolders());
  return firmware;
}

const confOf = (request: Request): Conf => (request.qemuConf ?? {}) as Conf;

/** `domain-ID-NAME`: a domain that does not run has the id -1. */
function runName({ name }: Domain): string {
  return `domain--1-${[...name].slice(0, 20).join("")}`;
}

export async function prepareContext(
  request: Request,
  domain: Domain,
  capabilities: QemuCapabilities,
): Promise<PrepareContext> {
  const run = runName(domain);
  const { emulatorArch } = capabilities;
  const hostCpu = hostCpuOf(request, domain);
  return {
    capabilities,
    ...(hostCpu === undefined ? {} : { hostCpu }),
    settings: settingsOf(confOf(request)),
    firmware: { installed: await installedFirmware(), emulatorArch, nvramFolder: host.driver.nvramDir },
    folder: join(host.driver.libDir, run),
    channelFolder: join(host.driver.channelTargetDir, run),
    ports: portsFrom(5900, 5700, 5901),
    networkAddress: (network) => {
      throw new LibvirtError("NO_NETWORK", "NETWORK", `no network '${network}'`);
    },
    busAddress: () => `unix:path=${runtimeFolder}/dbus/-1-${domain.name}-dbus.sock`,
    renderNode: () => host.host.drmRenderNode,
    restored: request.incoming !== undefined,
    newUuid: () => "00010203-0405-4607-8809-0a0b0c0d0e0f",
  };
}

function portsFrom(vnc: number, websocket: number, spice: number): PrepareContext["ports"] {
  const counter = (first: number) => {
    let next = first;
    return () => next++;
  };
  return { vnc: counter(vnc), websocket: counter(websocket), spice: counter(spice) };
}

export function launchContext(request: Request, domain: Domain, capabilities: QemuCapabilities): LaunchContext {
  const folder = join(host.driver.libDir, runName(domain));
  const incoming = incomingOf(request);
  return {
    capabilities,
    folder,
    settings: settingsOf(confOf(request)),
    facts: factsOf(request, domain),
    monitor: { kind: "listen", path: join(folder, "monitor.sock") },
    masterKey: new Uint8Array(32),
    descriptors: [],
    environment: { ...host.processEnvironment, ...(request.environment as Words | undefined) },
    ownHome: true,
    hostArch: String(request.hostArch ?? host.host.arch),
    hostNodes: parseCpuset(host.host.numa.availableNodes),
    pageSize: host.host.pageSizeBytes,
    advisedNodes: [0, 1, 2, 3],
    ...(incoming === undefined ? {} : { incoming }),
    now: host.host.now,
    utcOffset: -30 * 60,
  };
}

/** `stdio`: the state of the guest comes through a descriptor. */
function incomingOf({ incoming }: Request): string | undefined {
  const { uri, fd } = (incoming ?? {}) as { readonly uri?: string; readonly fd?: string };
  return uri === "stdio" ? `fd:${fd}` : uri;
}

function hostCpuOf(request: Request, { os }: Domain): HostCpu | undefined {
  const usual: Words = { x86_64: "DEFAULT", i686: "DEFAULT", ppc64: "POWER8" };
  const cpu = cpus[String(request.hostCPU ?? usual[os.type.arch ?? ""])];
  if (cpu === undefined) return undefined;
  return {
    model: cpu.model,
    ...(cpu.vendor === null ? {} : { vendor: cpu.vendor }),
    features: cpu.features,
  };
}

function settingsOf(conf: Conf): LaunchSettings {
  const { driver } = host;
  const credentials = (kind: string): TlsCredentials => {
    const secret = conf[`${kind}_tls_x509_secret_uuid`];
    return {
      folder: String(conf[`${kind}_tls_x509_cert_dir`] ?? driver[`${kind}_tls_x509_cert_dir`]),
      verifyPeer: Boolean(conf[`${kind}_tls_x509_verify`]),
      ...(secret === undefined ? {} : { secret: String(secret) }),
    };
  };
  const sasl = (kind: string) => ({
    sasl: Boolean(conf[`${kind}_sasl`]),
    ...(conf[`${kind}_sasl_dir`] === undefined ? {} : { saslFolder: String(conf[`${kind}_sasl_dir`]) }),
  });
  return {
    chardevTls: Boolean(conf.chardev_tls),
    chardevCredentials: credentials("chardev"),
    nbdTls: Boolean(conf.nbd_tls),
    nbdCredentials: credentials("nbd"),
    vxhsTls: Boolean(conf.vxhs_tls),
    vxhsCredentials: credentials("vxhs"),
    glusterDebug: 4,
    dumpGuestCore: Boolean(conf.dump_guest_core),
    setProcessName: Boolean(conf.set_process_name),
    logTimestamp: true,
    seccompSandbox: true,
    deprecationBehavior: (conf.deprecation_behavior ?? "none") as LaunchSettings["deprecationBehavior"],
    memoryBackingFolder: driver.memoryBackingDir,
    hugepageMounts: driver.hugetlbfs.map(({ dir, sizeKiB, default: isDefault }) => ({
      folder: dir,
      size: BigInt(sizeKiB),
      isDefault: isDefault === true,
    })),
    vnc: {
      listen: String(conf.vnc_listen ?? driver.vncListen),
      autoUnixSocket: Boolean(conf.vnc_auto_unix_socket),
      ...(conf.vnc_tls ? { tls: credentials("vnc") } : {}),
      ...(conf.vnc_password === undefined ? {} : { password: String(conf.vnc_password) }),
      ...sasl("vnc"),
    },
    spice: {
      listen: String(conf.spice_listen ?? driver.spiceListen),
      autoUnixSocket: Boolean(conf.spice_auto_unix_socket),
      tls: credentials("spice"),
      password: String(conf.spice_password ?? driver.spice_password),
      ...sasl("spice"),
    },
  };
}

/** Where the runtime folder of libvirt's tests would be: it must never be used. */
const runtimeFolder = "/bad-test-used-env-xdg-runtime-dir/libvirt/qemu/run";
const sealed = { data: "", iv: "" };

function factsOf(request: Request, domain: Domain): LaunchFacts {
  const { fakes } = host;
  const groups = (request.fdGroups ?? []) as readonly { readonly name: string; readonly fds: readonly number[] }[];
  return {
    secret: () => sealed,
    seal: () => sealed,
    volume: volumeAt,
    fdSet: (name) => {
      const set = groups.findIndex((group) => group.name === name);
      return { set, descriptors: groups[set]?.fds.length ?? 0 };
    },
    isHostCdrom: (path) => path === "/dev/cdrom",
    scsiGeneric: () => host.host.scsiGenericNode,
    vhostNet: true,
    tap: (alias) => tapOf(alias, domain),
    outputFile: () => "/dev/fdset/0",
    vdpa: (path) => path,
    vsockCid: () => fakes.vsockAutoCid,
    passtSocket: (alias) => `${runtimeFolder}/passt/-1-${domain.name}-${alias}.socket`,
    tpmCancelPath: () => "/sys/class/tpm/tpm0/device/cancel",
    tpmSocket: () => fakes.tpmEmulatorSocket,
  };
}

/** Descriptors by their number among all that are passed; what matters of them is how many there are. */
function tapOf(alias: string, { devices }: Domain): Tap | undefined {
  const card = devices.interfaces.find((one) => one.alias === alias);
  const queues = card?.driver?.queues ?? 1;
  const numbered = (first: number) => Array.from({ length: queues }, (_, at) => String(first + at));
  return { fds: numbered(3), vhostFds: numbered(44) };
}

/** A pool's volumes: `TYPE+PATH`, or the path of a block device alone. */
type Kept = Pick<NonNullable<StorageOf<"file">["source"]>, "index" | "seclabels">;

function volumeAt(source: NonNullable<StorageOf<"volume">["source"]>): Storage {
  const { pool, volume = "", mode } = source;
  const kept = { index: source.index ?? 0, seclabels: source.seclabels };
  if (mode === "direct") return directVolume(pool ?? "", volume, kept);
  const [, type = "block", path = volume] = /^(\w+)\+(.*)$/.exec(volume) ?? [];
  const place = `/some/${type}/device/${path}`;
  if (type === "file") return { type: "file", source: { ...kept, file: place } };
  if (type === "dir") return { type: "dir", source: { ...kept, dir: place } };
  return { type: "block", source: { ...kept, dev: place } };
}

/** A volume of an iSCSI pool (`unit:0:0:LUN`) that the emulator reaches by itself. */
function directVolume(pool: string, volume: string, kept: Kept): Storage {
  const path = join(dataFolder, "storagepoolxml2xml", "storagepoolxml2xmlout", `${pool}.xml`);
  const { source } = poolDocument.parse(readFileSync(path, "utf8"), {});
  const name = `${source?.devices?.[0]?.path ?? ""}/${volume.split(":").at(-1) ?? ""}`;
  const hosts = (source?.hosts ?? []).map((one) => ({ name: one.name }));
  return { type: "network", source: { ...kept, protocol: "iscsi", name, hosts } };
}
