/** The node of `test:///default`: libvirt's own, object by object. */
import { DomainRunningReason } from "../../../protocol/index.ts";
import { defineDomain } from "../domain/define.ts";
import { start } from "../domain/state.ts";
import { defineNetwork } from "../network/networks.ts";
import { TestNode } from "../state.ts";
import { definePool } from "../storage/pools.ts";
import { addNodeDevice } from "./devices.ts";
import { defineInterface } from "./interfaces.ts";
import { defaultSettings } from "./settings.ts";

const domainXml = `
<domain type='test'>
  <name>test</name>
  <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
  <memory>8388608</memory>
  <currentMemory>2097152</currentMemory>
  <vcpu>2</vcpu>
  <os><type>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/guest/diskimage1'/>
      <target dev='vda' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
    </disk>
    <interface type='network'>
      <mac address='aa:bb:cc:dd:ee:ff'/>
      <source network='default'/>
      <target dev='testnet0'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>
    </interface>
    <memballoon model='virtio'>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
    </memballoon>
  </devices>
</domain>`;

const networkXml = `
<network>
  <name>default</name>
  <uuid>dd8fe884-6c02-601e-7551-cca97df1c5df</uuid>
  <bridge name='virbr0'/>
  <forward/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp>
  </ip>
</network>`;

const interfaceXml = `
<interface type='ethernet' name='eth1'>
  <start mode='onboot'/>
  <mac address='aa:bb:cc:dd:ee:ff'/>
  <mtu size='1492'/>
  <protocol family='ipv4'>
    <ip address='192.168.0.5' prefix='24'/>
    <route gateway='192.168.0.1'/>
  </protocol>
</interface>`;

const poolXml = `
<pool type='dir'>
  <name>default-pool</name>
  <uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid>
  <target><path>/default-pool</path></target>
</pool>`;

const computerXml = `
<device>
  <name>computer</name>
  <capability type='system'>
    <hardware>
      <vendor>Libvirt</vendor>
      <version>Test driver</version>
      <serial>123456</serial>
      <uuid>11111111-2222-3333-4444-555555555555</uuid>
    </hardware>
    <firmware>
      <vendor>Libvirt</vendor>
      <version>Test Driver</version>
      <release_date>01/22/2007</release_date>
    </firmware>
  </capability>
</device>`;

/** Two host bus adapters that can have virtual ports, and one such port. */
const scsiHosts = [
  { host: 1, parent: "computer", unique: 0, wwn: "12341234", fabric: "43214321", ports: true },
  { host: 2, parent: "computer", unique: 1, wwn: "56785678", fabric: "87658765", ports: true },
  { host: 11, parent: "scsi_host1", unique: 10, wwn: "34563456", fabric: "43214321", ports: false },
];

function scsiHostXml({ host, parent, unique, wwn, fabric, ports }: (typeof scsiHosts)[number]): string {
  const portOperations = ports
    ? "<capability type='vport_ops'><max_vports>0</max_vports><vports>0</vports></capability>"
    : "";
  return `
<device>
  <name>scsi_host${host}</name>
  <parent>${parent}</parent>
  <capability type='scsi_host'>
    <host>${host}</host>
    <unique_id>${unique}</unique_id>
    <capability type='fc_host'>
      <wwnn>20000000${wwn}</wwnn>
      <wwpn>10000000${wwn}</wwpn>
      <fabric_wwn>20000000${fabric}</fabric_wwn>
    </capability>
    ${portOperations}
  </capability>
</device>`;
}

export function makeDefaultNode(): TestNode {
  const node = new TestNode(defaultSettings);
  start(node, defineDomain(node, domainXml), DomainRunningReason.UNKNOWN);
  const network = defineNetwork(node, networkXml);
  network.live = network.config;
  defineInterface(node, interfaceXml).active = true;
  definePool(node, poolXml).active = true;
  for (const xml of [computerXml, ...scsiHosts.map(scsiHostXml)]) addNodeDevice(node, xml);
  return node;
}
