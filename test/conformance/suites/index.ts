/**
 * Which code answers which suite. A suite plugs in here with one line; its file is loaded when its first case comes, so
 * one that does not load harms no other. Suites that are not listed are skipped.
 */
import type { Handler } from "../protocol.ts";

export const suites: { readonly [suite: string]: () => Promise<Handler> } = {
  genericxml2xml: async () => (await import("./domain.ts")).genericDomain,
  qemuhotplug: async () => (await import("./hotplug.ts")).hotplug,
  qemuxml2xml: async () => (await import("./domain-qemu.ts")).qemuDomain,
  "qemuxml2xml-otherarch": async () => (await import("./domain-qemu.ts")).qemuDomain,
  "backingstore-parse": async () => (await import("./backing-reference.ts")).backingReference,
  qemublock: async () => (await import("./qemublock.ts")).blockNodes,
  networkxml2xml: async () => (await import("./network.ts")).networkToNetwork,
  networkupdate: async () => (await import("./network.ts")).updatedNetwork,
  networkxml2conf: async () => (await import("./network.ts")).dnsmasqConfiguration,
  networkxml2firewall: async () => (await import("./network.ts")).firewall,
  networkportxml2xml: async () => (await import("./network.ts")).portToPort,
  nwfilterxml2xml: async () => (await import("./nwfilter.ts")).filterToFilter,
  nwfilterbindingxml2xml: async () => (await import("./nwfilter.ts")).bindingToBinding,
  nwfilterxml2firewall: async () => (await import("./nwfilter-firewall.ts")).filterToFirewall,
  nodedevxml2xml: async () => (await import("./node-device.ts")).deviceToDevice,
  interfacexml2xml: async () => (await import("./interface.ts")).interfaceToInterface,
  storagepoolxml2xml: async () => (await import("./storage.ts")).poolToPool,
  storagevolxml2xml: async () => (await import("./storage.ts")).volumeToVolume,
  storagepoolxml2argv: async () => (await import("./storage.ts")).poolToCommand,
  storagevolxml2argv: async () => (await import("./storage.ts")).volumeToCommands,
  secretxml2xml: async () => (await import("./secret.ts")).secretToSecret,
  vircaps2xml: async () => (await import("./host-capabilities.ts")).hostCapabilities,
  virconf: async () => (await import("./configuration.ts")).configuration,
  qemucaps: async () => (await import("./qemucaps.ts")).qemuCapabilities,
  "qemuxml2argv-reject": async () => (await import("./launch.ts")).launch,
  qemuxml2argv: async () => (await import("./launch.ts")).launch,
  "qemuxml2argv-versions": async () => (await import("./launch.ts")).launch,
  "qemuxml2argv-fakecaps": async () => (await import("./launch.ts")).launch,
  libxlxml2domconfig: async () => (await import("./xen.ts")).libxlDescription,
  xlconfig: async () => (await import("./xen.ts")).xlConfiguration,
  xmconfig: async () => (await import("./xen.ts")).xmConfiguration,
  virhostcpu: async () => (await import("./host.ts")).hostCpu,
};
