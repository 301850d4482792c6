/** From a definition to the plan of its launch: what of this host and of this start the plan depends on is found here. */
import { createCipheriv, randomBytes, randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { LibvirtError } from "../../../errors.ts";
import { hostTree } from "../../../host/node/file-tree.ts";
import { hostArch } from "../../../host/node/processor.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import { firmwareFolders, readFirmware } from "../firmware/descriptor.ts";
import type { QemuHost } from "../host.ts";
import type { LaunchFacts, LaunchSettings } from "../launch/context.ts";
import type { SealedSecret } from "../launch/device-context.ts";
import { planLaunch } from "../launch/index.ts";
import type { LaunchPlan } from "../launch/plan.ts";
import { prepareLaunch } from "../launch/prepare.ts";
import { defaultSettings } from "../launch/settings.ts";
import { validateStart } from "../validate/index.ts";
import type { GivenPorts } from "./ports.ts";
import { monitorPath } from "./process.ts";

export interface PlanOptions {
  readonly capabilities: QemuCapabilities;
  /** The guest's own folder. */
  readonly folder: string;
  /** The guest's own folder for sockets of channels. */
  readonly channelFolder: string;
  readonly ports: GivenPorts;
  /** Makes the host's end of a network card, and gives its name; null for cards that need none. */
  readonly tapOf: (definition: Definition, alias: string) => string | undefined;
  /** Where the guest comes from when it is not booted. */
  readonly incoming?: string;
}

/** Decides what each start decides anew; the definition, which is this run's own, says it afterwards. */
export async function prepareRun(host: QemuHost, definition: Definition, options: PlanOptions): Promise<void> {
  const { capabilities, folder, channelFolder, ports } = options;
  const { os } = definition;
  if (options.incoming === undefined) validateStart(definition, { capabilities, hostArch });
  const wantsFirmware = os.firmware !== undefined || os.loader !== undefined;
  const configuration = process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
  prepareLaunch(definition, {
    settings: settingsOf(host),
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
    renderNode: () => "/dev/dri/renderD128",
    newUuid: randomUUID,
  });
}

/** The plan of a prepared run. */
export function planRun(host: QemuHost, definition: Definition, options: PlanOptions): LaunchPlan {
  const { capabilities, folder, incoming } = options;
  const masterKey = randomBytes(32);
  return planLaunch(definition, {
    capabilities,
    folder,
    settings: settingsOf(host),
    facts: factsOf(definition, masterKey, options),
    monitor: { kind: "listen", path: monitorPath(folder) },
    masterKey,
    descriptors: [],
    environment: process.env,
    ownHome: host.settings.identity !== null,
    hostArch,
    pageSize: 4096,
    ...(incoming !== undefined && { incoming }),
    now: Math.floor(Date.now() / 1000),
    utcOffset: -new Date().getTimezoneOffset() * 60,
  });
}

function factsOf(definition: Definition, masterKey: Uint8Array, { folder, tapOf }: PlanOptions): LaunchFacts {
  return {
    secret: ({ uuid, usage }) => unsupported(`no secret is known with uuid or usage '${uuid ?? usage}'`),
    seal: (value) => seal(value, masterKey),
    volume: ({ pool, volume }) => unsupported(`no storage pool '${pool}' is known, where volume '${volume}' would be`),
    fdSet: (group) => unsupported(`no file descriptors were passed as group '${group}'`),
    isHostCdrom: (path) => /^sr\d+$/.test(basename(path)),
    scsiGeneric: ({ adapter }) => unsupported(`SCSI devices of adapter '${adapter}' cannot be passed to guests yet`),
    vhostNet: false,
    tap: (alias) => {
      const name = tapOf(definition, alias);
      return name === undefined ? undefined : { name };
    },
    outputFile: (path) => path,
    vdpa: (path) => path,
    vsockCid: () =>
      unsupported("context ids of vsock cannot be chosen by the host yet: give one in <cid address=.../>"),
    passtSocket: (alias) => join(folder, `passt-${alias}.sock`),
    tpmCancelPath: (device) => `/sys/class/tpm/${basename(device)}/device/cancel`,
    tpmSocket: (alias) => unsupported(`the emulated TPM '${alias}' cannot be started yet`),
  };
}

function unsupported(detail: string): never {
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}

/** A secret as QEMU reads it: AES-256 in CBC mode with the guest's own key. */
function seal(value: Uint8Array, masterKey: Uint8Array): SealedSecret {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", masterKey, iv);
  const data = Buffer.concat([cipher.update(value), cipher.final()]);
  return { data: data.toString("base64"), iv: iv.toString("base64") };
}

/** What libvirt does when its qemu.conf says nothing. */
function settingsOf({ layout }: QemuHost): LaunchSettings {
  return defaultSettings({ memoryBackingFolder: layout.memory });
}
