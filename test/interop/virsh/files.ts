/** The definitions that the compared command lines read. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const uuid = (n: number) => `c0de0000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const guest = (name: string, n: number, devices = "") => `<domain type='test'>
  <name>${name}</name>
  <uuid>${uuid(n)}</uuid>
  <title>the ${name}</title>
  <memory unit='MiB'>64</memory>
  <currentMemory unit='MiB'>32</currentMemory>
  <vcpu current='2'>4</vcpu>
  <os><type>hvm</type><boot dev='hd'/></os>
  <devices>
    <disk type='file' device='disk'><source file='/images/${name}.img'/><target dev='vda' bus='virtio'/></disk>
    <disk type='block' device='cdrom'><source dev='/dev/sr0'/><target dev='hda' bus='ide'/><readonly/></disk>
    <interface type='network'><mac address='52:54:00:00:00:0${n}'/><source network='default'/></interface>
    <interface type='bridge'><mac address='52:54:00:00:00:1${n}'/><source bridge='br0'/><model type='virtio'/></interface>
    ${devices}
  </devices>
</domain>
`;

const contents = {
  "guest.xml": guest("guest", 1),
  "other.xml": guest("other", 2, "<graphics type='vnc' port='5901'/><serial type='pty'/>"),
  "clash.xml": guest("test", 3),
  "same-uuid.xml": guest("elsewhere", 1),
  "not.xml": "this is no XML",
  "open.xml": "<domain type='test'><name>x</name>",
  "nameless.xml": "<domain type='test'><memory>1024</memory><os><type>hvm</type></os></domain>",
  "wrong-root.xml": "<domaine type='test'><name>x</name></domaine>",
  "wrong-type.xml": "<domain type='vax'><name>x</name><memory>1024</memory><os><type>hvm</type></os></domain>",
  "disk.xml":
    "<disk type='file' device='disk'><source file='/images/more.img'/><target dev='vdb' bus='virtio'/></disk>",
  "nic.xml": "<interface type='network'><mac address='52:54:00:00:00:99'/><source network='default'/></interface>",
  "net.xml": `<network><name>inner</name><uuid>${uuid(21)}</uuid><bridge name='virbr7' stp='on' delay='0'/><ip address='10.7.0.1' netmask='255.255.255.0'><dhcp><range start='10.7.0.2' end='10.7.0.9'/></dhcp></ip></network>`,
  "isolated.xml": `<network><name>alone</name><uuid>${uuid(22)}</uuid><bridge name='virbr8'/></network>`,
  "host.xml": "<host mac='52:54:00:00:00:77' name='seven' ip='10.7.0.7'/>",
  "pool.xml": `<pool type='dir'><name>images</name><uuid>${uuid(31)}</uuid><target><path>/images</path></target></pool>`,
  "vol.xml":
    "<volume><name>disk.img</name><capacity unit='MiB'>10</capacity><allocation unit='MiB'>1</allocation><target><format type='qcow2'/></target></volume>",
  "iface.xml":
    "<interface type='ethernet' name='eth9'><start mode='none'/><mac address='52:54:00:00:00:55'/><mtu size='1492'/></interface>",
  "secret.xml": `<secret ephemeral='no' private='no'><uuid>${uuid(41)}</uuid><usage type='volume'><volume>/images/x</volume></usage></secret>`,
  "snap.xml": "<domainsnapshot><name>one</name><description>the first</description></domainsnapshot>",
  "nodedev.xml":
    "<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'><wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn></capability></capability></device>",
  "filter.xml": `<filter name='mine' chain='root'><uuid>${uuid(51)}</uuid><rule action='drop' direction='in' priority='500'><tcp dstportstart='22'/></rule></filter>`,
  "cpu.xml": "<cpu><arch>x86_64</arch><model>qemu64</model></cpu>",
} as const;

/** A folder of definitions; `expand` puts a file's path where a command line has `{file}`. */
export class DefinitionFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<DefinitionFolder> {
    const folder = new DefinitionFolder(await mkdtemp(join(tmpdir(), "tsvirt-twin-")));
    for (const [name, text] of Object.entries(contents)) await writeFile(join(folder.path, name), text);
    return folder;
  }

  /** `{guest.xml}` -> its path; `{}` -> the folder's own. */
  expand(line: string): string {
    return line.replace(/\{([a-z.-]*)\}/g, (_, name: string) => (name === "" ? this.path : join(this.path, name)));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
