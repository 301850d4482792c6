/** From a definition to the plan of its launch: what of this host and of this start the plan depends on is found here. */
import { createCipheriv, randomBytes, randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { LibvirtError } from "../../../errors.ts";
import { hostTree } from "../../../host/node/file-tree.ts";
import { hostArch } from "../../../host/node/processor.ts";
import type { Identity } from "../../../host/users.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import { type BorrowedFiles, notLent } from "../domain/lent-files.ts";
import { firmwareFolders, readFirmware } from "../firmware/descriptor.ts";
import type { QemuHost } from "../host.ts";
import type { LaunchFacts } from "../launch/context.ts";
import type { DeviceContext, SealedSecret, SecretName } from "../launch/devices/context.ts";
import { planLaunch } from "../launch/index.ts";
import { capabilitiesFor } from "../launch/namespaces.ts";
import type { LaunchPlan } from "../launch/plan.ts";
import { prepareLaunch } from "../launch/prepare.ts";
import type { ValidationContext } from "../validate/context.ts";
import { validateStart } from "../validate/index.ts";
import { type KernelDescriptors, type KernelOptions, kernelDescriptors } from "./files/kernel-descriptors.ts";
import { type HostFacts, scsiKey } from "./host/facts.ts";
import type { GivenPorts } from "./host/graphics-ports.ts";
import { freeVsockId } from "./host/vsock-ids.ts";
import { type LentSets, lentSets } from "./images/lent-disks.ts";
import { type Passphrases, secretKey } from "./images/passphrases.ts";
import { volumeStorage } from "./images/volumes.ts";
import { monitorPath } from "./process.ts";
import { tpmSocket } from "./tpm/tpm.ts";

export interface PlanOptions extends KernelOptions {
  readonly capabilities: QemuCapabilities;
  /** The guest's own folder. */
  readonly folder: string;
  /** The guest's own folder for sockets of channels. */
  readonly channelFolder: string;
  readonly ports: GivenPorts;
  /** Files that clients have lent, by the names of their groups. */
  readonly lent: BorrowedFiles["groups"];
  /** Where the guest comes from when it is not booted. */
  readonly incoming?: string;
}

/** Decides what each start decides anew; the definition, which is this run's own, says it afterwards. */
export async function prepareRun(host: QemuHost, definition: Definition, options: PlanOptions): Promise<void> {
  const { capabilities, folder, channelFolder, ports, found } = options;
  const { os } = definition;
  if (options.incoming === undefined) validateStart(definition, validationFor(capabilities, found));
  const wantsFirmware = os.firmware !== undefined || os.loader !== undefined;
  const configuration = process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
  prepareLaunch(definition, {
    settings: found.settings,
    firmware: {
      installed: wantsFirmware ? await readFirmware(hostTree("/"), firmwareFolders(configuration)) : [],
      emulatorArch: capabilities.emulatorArch,
      nvramFolder: host.layout.nvram,
    },
    capabilities,
    folder,
    channelFolder,
    ports,
    restored: options.incoming !== undefined,
    networkAddress: (network) => unsupported(`no address is known of virtual network '${network}'`),
    busAddress: () => unsupported("graphics on D-Bus need an address, or p2p='yes'"),
    renderNode: () => found.renderNodes[0] ?? unsupported("the host has no graphics card to render with (/dev/dri)"),
    newUuid: randomUUID,
  });
  labelGuest(definition, host);
  const { vsock } = definition.devices;
  if (vsock && !vsock.cid?.address) vsock.cid = { ...vsock.cid, auto: true, address: await freeVsockId(host) };
}

/** Says whom a guest runs as, where that is not us: libvirt's label of the model `dac`. */
function labelGuest(definition: Definition, { settings: { identity, dynamicOwnership } }: QemuHost): void {
  if (identity === null || definition.seclabels.some(({ type }) => type !== "dynamic")) return;
  const label = `+${identity.uid}:+${identity.gid}`;
  const [own] = definition.seclabels;
  const relabel = own?.type === "dynamic" ? own.relabel && dynamicOwnership : dynamicOwnership;
  definition.seclabels = [{ type: "dynamic", model: "dac", relabel, label, imagelabel: label }];
}

/** What checking a definition that is about to start depends on. */
export function validationFor(capabilities: QemuCapabilities, { settings, tpmVersions }: HostFacts): ValidationContext {
  return {
    capabilities,
    hostArch,
    spiceTls: settings.spice.tls !== undefined,
    hugepageSizes: settings.hugepageMounts.map(({ size }) => size),
    ...(tpmVersions && { tpmVersions }),
  };
}

/** The plan of a prepared run. */
export function planRun(host: QemuHost, definition: Definition, options: PlanOptions): LaunchPlan {
  const { capabilities, folder, incoming, found } = options;
  const masterKey = randomBytes(32);
  const kernel = kernelDescriptors(definition, options);
  const lent = lentSets(options.lent);
  return planLaunch(definition, {
    capabilities,
    folder,
    settings: found.settings,
    facts: factsOf(definition, masterKey, kernel, lent, options, host.settings.identity),
    monitor: { kind: "listen", path: monitorPath(folder) },
    masterKey,
    descriptors: [...kernel.descriptors, ...lent.descriptors],
    environment: process.env,
    ownHome: host.settings.identity !== null,
    hostArch,
    hostNodes: found.nodes,
    pageSize: found.pageSize,
    ...(found.sysinfo && { hostSysinfo: found.sysinfo }),
    ...(incoming !== undefined && { incoming }),
    now: Math.floor(Date.now() / 1000),
    utcOffset: -new Date().getTimezoneOffset() * 60,
  });
}

/** What parts are made from of devices that are plugged into a guest, which inherits nothing any more. */
export function plugContext(
  host: QemuHost,
  definition: Definition,
  options: Pick<PlanOptions, "capabilities" | "folder" | "found" | "tapOf">,
  masterKey: Uint8Array,
): DeviceContext {
  const { capabilities, folder, found } = options;
  const nothing: KernelDescriptors = { descriptors: [], byAlias: new Map(), vsock: undefined };
  return {
    domain: definition,
    capabilities: capabilitiesFor(definition, capabilities),
    folder,
    settings: found.settings,
    facts: factsOf(definition, masterKey, nothing, lentSets(new Map()), options, host.settings.identity),
  };
}

function factsOf(
  definition: Definition,
  masterKey: Uint8Array,
  kernel: KernelDescriptors,
  lent: LentSets,
  { folder, tapOf, found }: Pick<PlanOptions, "folder" | "tapOf" | "found">,
  identity: Identity | null,
): LaunchFacts {
  return {
    secret: (name) => seal(passphrase(found.passphrases, name), masterKey),
    seal: (value) => seal(value, masterKey),
    volume: volumeStorage,
    fdSet: (group) => {
      const set = lent.byGroup.get(group);
      if (set === undefined) throw notLent(group);
      return set;
    },
    isHostCdrom: (path) => found.cdroms.has(path),
    scsiGeneric: (place) => found.scsi.get(scsiKey(place)) ?? unsupported(`no SCSI device at '${scsiKey(place)}'`),
    // Where QEMU runs as somebody else, it gets what we opened.
    vhostNet: found.vhostNet && identity === null,
    tap: (alias) => {
      const name = tapOf(definition, alias);
      const vhostFd = kernel.byAlias.get(alias);
      if (name === undefined) return undefined;
      return vhostFd === undefined ? { name } : { name, vhostFds: [vhostFd] };
    },
    outputFile: (path) => path,
    vdpa: (path) => path,
    vsockCid: () => unsupported("a guest has no number on the host's vsock: give one in <cid address='...'/>"),
    vsockFd: kernel.vsock,
    passtSocket: (alias) => join(folder, `passt-${alias}.sock`),
    tpmCancelPath: (device) => `/sys/class/tpm/${basename(device)}/device/cancel`,
    tpmSocket: (alias) => tpmSocket(folder, alias),
  };
}

function unsupported(detail: string): never {
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}

function passphrase(known: Passphrases, name: SecretName): Uint8Array {
  const value = known.get(secretKey(name));
  if (value === undefined) return unsupported(`no secret is known with uuid or usage '${name.uuid ?? name.usage}'`);
  if (value instanceof LibvirtError) throw value;
  return value;
}

/** A secret as QEMU reads it: AES-256 in CBC mode with the guest's own key. */
function seal(value: Uint8Array, masterKey: Uint8Array): SealedSecret {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", masterKey, iv);
  const data = Buffer.concat([cipher.update(value), cipher.final()]);
  return { data: data.toString("base64"), iv: iv.toString("base64") };
}
