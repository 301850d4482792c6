/** What devices are told for a launch, for tests of single devices: a host that has everything. */
import type { QemuCapabilities } from "../../src/drivers/qemu/capabilities/capabilities.ts";
import type { DeviceContext, DeviceFacts, SealedSecret } from "../../src/drivers/qemu/launch/devices/context.ts";
import type { Domain } from "../../src/model/domain/index.ts";
import { fakeCapabilities } from "./qemu-capabilities.ts";

/** Secrets are shown as they are, so that tests can see them. */
const shown = (value: string): SealedSecret => ({ data: value, iv: "iv" });

const facts: DeviceFacts = {
  secret: ({ uuid, usage }) => shown(uuid ?? usage ?? ""),
  seal: (value) => shown(Buffer.from(value).toString()),
  volume: ({ pool, volume }) => ({
    type: "block",
    source: { dev: `/dev/${pool}/${volume}`, index: 0, seclabels: [] },
  }),
  fdSet: () => ({ set: 0, descriptors: 1 }),
  isHostCdrom: (path) => path === "/dev/cdrom",
  scsiGeneric: () => "/dev/sg0",
  vhostNet: true,
  tap: () => ({ name: "vnet0" }),
  outputFile: (path) => path,
  vdpa: (path) => path,
  vsockCid: () => 42,
  passtSocket: (alias) => `/run/passt/${alias}.socket`,
};

const credentials = (kind: string) => ({ folder: `/etc/pki/libvirt-${kind}`, verifyPeer: true });

export interface Deviations {
  readonly capabilities?: QemuCapabilities;
  readonly settings?: Partial<DeviceContext["settings"]>;
  readonly facts?: Partial<DeviceFacts>;
}

export function deviceContext(domain: Domain, deviations: Deviations = {}): DeviceContext {
  return {
    domain,
    capabilities: deviations.capabilities ?? fakeCapabilities([]),
    folder: "/run/guest",
    settings: {
      chardevTls: false,
      chardevCredentials: credentials("chardev"),
      nbdTls: false,
      nbdCredentials: credentials("nbd"),
      vxhsTls: false,
      vxhsCredentials: credentials("vxhs"),
      ...deviations.settings,
    },
    facts: { ...facts, ...deviations.facts },
  };
}
