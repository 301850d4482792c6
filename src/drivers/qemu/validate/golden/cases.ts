/** Definitions that are unsupported, contradictory or hostile, and some that only look so, by what is odd in them. */
import type { Difference } from "./guest.ts";

const q35 = { machine: "q35" } as const;
const disk = (rest: string, attributes = "type='file' device='disk'") => ({
  devices: `<disk ${attributes}>${rest}</disk>`,
});
const file = "<source file='/images/a.img'/>";
const vda = "<target dev='vda' bus='virtio'/>";
const sda = "<target dev='sda' bus='scsi'/>";
const card = (rest: string, attributes = "type='user'") => ({
  devices: `<interface ${attributes}><mac address='52:54:00:11:22:33'/>${rest}</interface>`,
});
const virtioCard = (rest: string, attributes = "type='user'") => card(`<model type='virtio'/>${rest}`, attributes);
const video = (rest: string) => ({ devices: `<graphics type='vnc'/><video>${rest}</video>` });
const serial = (target: string) => ({ devices: `<serial type='pty'>${target}</serial>` });
const nodes = "<cpu><numa><cell id='0' cpus='0-1' memory='1048576'/></numa></cpu>";
const hotplug = { cpu: nodes, top: "<maxMemory slots='16' unit='GiB'>4</maxMemory>" } as const;
const sharedMemory = "<memoryBacking><access mode='shared'/></memoryBacking>";
const hostdev = (rest: string, attributes = "") => ({
  devices: `<hostdev mode='subsystem' ${attributes}>${rest}</hostdev>`,
});
const mdev = "<source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source>";
const tpm = (model: string, backend: string) => ({ devices: `<tpm model='${model}'>${backend}</tpm>` });
const emulated = "<backend type='emulator' version='2.0'/>";

export const cases: Readonly<Record<string, Difference>> = {
  "disk-format-cow": disk(`<driver name='qemu' type='cow'/>${file}${vda}`),
  "disk-format-dir": disk(`<driver name='qemu' type='dir'/>${file}${vda}`),
  "disk-format-iso": disk(`<driver name='qemu' type='iso'/>${file}${vda}`),
  "disk-format-vhd": disk(`<driver name='qemu' type='vhd'/>${file}${vda}`),
  "disk-format-ploop": disk(`<driver name='qemu' type='ploop'/>${file}${vda}`),
  "disk-format-aio": disk(`<driver name='qemu' type='aio'/>${file}${vda}`),
  "disk-driver-name": disk(`<driver name='phy' type='raw'/>${file}${vda}`),
  "disk-shared-qcow2": disk(`<driver name='qemu' type='qcow2'/>${file}${vda}<shareable/>`),
  "disk-shared-qcow": disk(`<driver name='qemu' type='qcow'/>${file}${vda}<shareable/>`),
  "disk-partition": disk(`${file}<target dev='vda1' bus='virtio'/>`),
  "disk-target-strange": disk(`${file}<target dev='banana' bus='virtio'/>`),
  "disk-target-slash": disk(`${file}<target dev='vd/a' bus='virtio'/>`),
  "disk-usb-pci-address": disk(
    `${file}<target dev='sda' bus='usb'/><address type='pci' domain='0' bus='0' slot='9' function='0'/>`,
  ),
  "disk-virtio-drive-address": disk(`${file}${vda}<address type='drive' controller='0' bus='0' target='0' unit='0'/>`),
  "disk-virtio-usb-address": disk(`${file}${vda}<address type='usb' bus='0' port='1'/>`),
  "disk-bus-xen": disk(`${file}<target dev='xvda' bus='xen'/>`),
  "disk-bus-uml": disk(`${file}<target dev='ubda' bus='uml'/>`),
  "disk-bus-sd": disk(`${file}<target dev='sda' bus='sd'/>`),
  "disk-ide-unit-2": disk(
    `${file}<target dev='hda' bus='ide'/><address type='drive' controller='0' bus='0' target='0' unit='2'/>`,
  ),
  "disk-ide-bus-2": disk(
    `${file}<target dev='hda' bus='ide'/><address type='drive' controller='0' bus='2' target='0' unit='0'/>`,
  ),
  "disk-ide-target-1": disk(
    `${file}<target dev='hda' bus='ide'/><address type='drive' controller='0' bus='0' target='1' unit='0'/>`,
  ),
  "disk-ide-controller-1": disk(
    `${file}<target dev='hde' bus='ide'/><address type='drive' controller='1' bus='0' target='0' unit='0'/>`,
  ),
  "disk-ide-on-q35": { ...q35, ...disk(`${file}<target dev='hda' bus='ide'/>`) },
  "disk-fdc-bus-1": disk(
    `${file}<target dev='fda' bus='fdc'/><address type='drive' controller='0' bus='1' target='0' unit='0'/>`,
    "type='file' device='floppy'",
  ),
  "disk-fdc-target-1": disk(
    `${file}<target dev='fda' bus='fdc'/><address type='drive' controller='0' bus='0' target='1' unit='0'/>`,
    "type='file' device='floppy'",
  ),
  "disk-fdc-unit-2": disk(
    `${file}<target dev='fda' bus='fdc'/><address type='drive' controller='0' bus='0' target='0' unit='2'/>`,
    "type='file' device='floppy'",
  ),
  "disk-floppy-ide": disk(`${file}<target dev='hda' bus='ide'/>`, "type='file' device='floppy'"),
  "disk-disk-fdc": disk(`${file}<target dev='fda' bus='fdc'/>`),
  "disk-cdrom-virtio": disk(`${file}${vda}`, "type='file' device='cdrom'"),
  "disk-cdrom-rotation": disk(
    `${file}<target dev='sda' bus='sata' rotation_rate='7200'/>`,
    "type='file' device='cdrom'",
  ),
  "disk-virtio-rotation": disk(`${file}<target dev='vda' bus='virtio' rotation_rate='7200'/>`),
  "disk-rotation-zero": disk(`${file}<target dev='sda' bus='scsi' rotation_rate='0'/>`),
  "disk-rotation-odd": disk(`${file}<target dev='sda' bus='scsi' rotation_rate='800'/>`),
  "disk-sata-bus-1": disk(
    `${file}<target dev='sda' bus='sata'/><address type='drive' controller='0' bus='1' target='0' unit='0'/>`,
  ),
  "disk-sata-unit-6": disk(
    `${file}<target dev='sda' bus='sata'/><address type='drive' controller='0' bus='0' target='0' unit='6'/>`,
  ),
  "disk-scsi-unit-8-lsi": {
    devices: `${disk(`${file}${sda}<address type='drive' controller='0' bus='0' target='8' unit='0'/>`).devices}<controller type='scsi' model='lsilogic'/>`,
  },
  "disk-scsi-lsi-unit": {
    devices: `${disk(`${file}${sda}<address type='drive' controller='0' bus='0' target='0' unit='1'/>`).devices}<controller type='scsi' model='lsilogic'/>`,
  },
  "disk-scsi-virtio-target-256": {
    devices: `${disk(`${file}${sda}<address type='drive' controller='0' bus='0' target='256' unit='0'/>`).devices}<controller type='scsi' model='virtio-scsi'/>`,
  },
  "disk-scsi-virtio-lun-16384": {
    devices: `${disk(`${file}${sda}<address type='drive' controller='0' bus='0' target='0' unit='16384'/>`).devices}<controller type='scsi' model='virtio-scsi'/>`,
  },
  "disk-scsi-virtio-bus-1": {
    devices: `${disk(`${file}${sda}<address type='drive' controller='0' bus='1' target='0' unit='0'/>`).devices}<controller type='scsi' model='virtio-scsi'/>`,
  },
  "disk-scsi-lsisas1068": { devices: `${disk(`${file}${sda}`).devices}<controller type='scsi' model='lsisas1068'/>` },
  "disk-serial-odd": disk(`${file}${vda}<serial>a&amp;b*c</serial>`),
  "disk-serial-comma": disk(`${file}${vda}<serial>a,b</serial>`),
  "disk-wwn-virtio": disk(`${file}${vda}<wwn>5000c50015ea71ad</wwn>`),
  "disk-wwn-short": disk(`${file}<target dev='sda' bus='scsi'/><wwn>5000c500</wwn>`),
  "disk-vendor-virtio": disk(`${file}${vda}<vendor>SEAGATE</vendor>`),
  "disk-vendor-long": disk(`${file}${sda}<vendor>SEAGATE12</vendor>`),
  "disk-product-long": disk(`${file}${sda}<product>12345678901234567</product>`),
  "disk-io-native-cache": disk(`<driver name='qemu' type='raw' io='native' cache='writeback'/>${file}${vda}`),
  "disk-io-native-no-cache": disk(`<driver name='qemu' type='raw' io='native'/>${file}${vda}`),
  "disk-io-native-none": disk(`<driver name='qemu' type='raw' io='native' cache='none'/>${file}${vda}`),
  "disk-copy-on-read-readonly": disk(`<driver name='qemu' type='raw' copy_on_read='on'/>${file}${vda}<readonly/>`),
  "disk-copy-on-read-cdrom": disk(
    `<driver name='qemu' type='raw' copy_on_read='on'/>${file}<target dev='sda' bus='sata'/>`,
    "type='file' device='cdrom'",
  ),
  "disk-transient-readonly": disk(`${file}${vda}<readonly/><transient/>`),
  "disk-transient-raw": disk(`<driver name='qemu' type='raw'/>${file}${vda}<transient/>`),
  "disk-transient-shared-scsi": disk(`${file}<target dev='sda' bus='usb'/><transient shareBacking='yes'/>`),
  "disk-transient-cdrom": disk(`${file}<target dev='sda' bus='sata'/><transient/>`, "type='file' device='cdrom'"),
  "disk-event-idx-scsi": disk(`<driver name='qemu' event_idx='on'/>${file}${sda}`),
  "disk-ioeventfd-scsi": disk(`<driver name='qemu' ioeventfd='on'/>${file}${sda}`),
  "disk-queues-scsi": disk(`<driver name='qemu' queues='4'/>${file}${sda}`),
  "disk-queue-size-odd": disk(`<driver name='qemu' queue_size='100'/>${file}${vda}`),
  "disk-queue-size-2048": disk(`<driver name='qemu' queue_size='2048'/>${file}${vda}`),
  "disk-iothread-missing": disk(`<driver name='qemu' iothread='2'/>${file}${vda}`),
  "disk-iothread-zero": { ...disk(`<driver name='qemu' iothread='0'/>${file}${vda}`), top: "<iothreads>1</iothreads>" },
  "disk-iothread-ide": {
    ...disk(`<driver name='qemu' iothread='1'/>${file}<target dev='hda' bus='ide'/>`),
    top: "<iothreads>1</iothreads>",
  },
  "disk-iothread-scsi": { ...disk(`<driver name='qemu' iothread='1'/>${file}${sda}`), top: "<iothreads>1</iothreads>" },
  "disk-lun-file": disk(`${file}${sda}`, "type='file' device='lun'"),
  "disk-lun-ide": disk(`<source dev='/dev/sda'/><target dev='hda' bus='ide'/>`, "type='block' device='lun'"),
  "disk-lun-virtio": disk(`<source dev='/dev/sda'/>${vda}`, "type='block' device='lun'"),
  "disk-lun-qcow2": disk(
    `<driver name='qemu' type='qcow2'/><source dev='/dev/sda'/>${sda}`,
    "type='block' device='lun'",
  ),
  "disk-lun-serial": disk(`<source dev='/dev/sda'/>${sda}<serial>x</serial>`, "type='block' device='lun'"),
  "disk-lun-wwn": disk(`<source dev='/dev/sda'/>${sda}<wwn>5000c50015ea71ad</wwn>`, "type='block' device='lun'"),
  "disk-lun-vendor": disk(`<source dev='/dev/sda'/>${sda}<vendor>X</vendor>`, "type='block' device='lun'"),
  "disk-lun-lsi": {
    devices: `${disk(`<source dev='/dev/sda'/>${sda}`, "type='block' device='lun'").devices}<controller type='scsi' model='lsilogic'/>`,
  },
  "disk-geometry-usb": disk(`${file}<target dev='sda' bus='usb'/><geometry cyls='10' heads='5' secs='3'/>`),
  "disk-geometry-ide-heads": disk(`${file}<target dev='hda' bus='ide'/><geometry cyls='65536' heads='16' secs='63'/>`),
  "disk-geometry-ide-heads-17": disk(`${file}<target dev='hda' bus='ide'/><geometry cyls='10' heads='17' secs='63'/>`),
  "disk-geometry-scsi-heads": disk(`${file}${sda}<geometry cyls='10' heads='256' secs='63'/>`),
  "disk-geometry-virtio-secs": disk(`${file}${vda}<geometry cyls='10' heads='16' secs='256'/>`),
  "disk-geometry-trans": disk(`${file}${vda}<geometry cyls='10' heads='16' secs='63' trans='lba'/>`),
  "disk-geometry-no-secs": disk(`${file}${vda}<geometry cyls='10' heads='16'/>`),
  "disk-encryption-vdi": disk(
    `<driver name='qemu' type='vdi'/>${file}${vda}<encryption format='luks'><secret type='passphrase' usage='x'/></encryption>`,
  ),
  "disk-encryption-none": disk(`<driver name='qemu' type='qcow2'/>${file}${vda}<encryption format='luks'/>`),
  "disk-encryption-qcow-raw": disk(
    `<driver name='qemu' type='raw'/>${file}${vda}<encryption format='qcow'><secret type='passphrase' usage='x'/></encryption>`,
  ),
  "disk-encryption-default": disk(
    `<driver name='qemu' type='qcow2'/>${file}${vda}<encryption format='default'><secret type='passphrase' usage='x'/></encryption>`,
  ),
  "disk-encryption-luks2": disk(
    `<driver name='qemu' type='raw'/>${file}${vda}<encryption format='luks2'><secret type='passphrase' usage='x'/></encryption>`,
  ),
  "disk-encryption-librbd": disk(
    `<driver name='qemu' type='raw'/>${file}${vda}<encryption format='luks' engine='librbd'><secret type='passphrase' usage='x'/></encryption>`,
  ),
  "disk-removable-scsi": disk(`${file}<target dev='sda' bus='scsi' removable='on'/>`),
  "disk-removable-virtio": disk(`${file}<target dev='vda' bus='virtio' removable='on'/>`),
  "disk-tray-hard": disk(`${file}<target dev='vda' bus='virtio' tray='open'/>`),
  "disk-rawio": disk(`${file}${vda}`, "type='file' device='disk' rawio='yes'"),
  "disk-sgio-unfiltered": disk(`<source dev='/dev/sda'/>${sda}`, "type='block' device='lun' sgio='unfiltered'"),
  "disk-model-scsi": disk(`${file}${sda}`, "type='file' device='disk' model='virtio-transitional'"),
  "disk-nbd-no-host": disk(
    `<driver name='qemu' type='raw'/><source protocol='nbd'/>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-nbd-two-hosts": disk(
    `<driver name='qemu' type='raw'/><source protocol='nbd'><host name='a' port='1'/><host name='b' port='1'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-iscsi-unix": disk(
    `<driver name='qemu' type='raw'/><source protocol='iscsi' name='iqn.a/1'><host transport='unix' socket='/x'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-http-rw": disk(
    `<driver name='qemu' type='raw'/><source protocol='http' name='a'><host name='a' port='80'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-http-tls": disk(
    `<driver name='qemu' type='raw'/><source protocol='http' name='a' tls='yes'><host name='a' port='80'/></source>${vda}<readonly/>`,
    "type='network' device='disk'",
  ),
  "disk-ssh": disk(
    `<driver name='qemu' type='raw'/><source protocol='ssh' name='a'><host name='a' port='22'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-vxhs": disk(
    `<driver name='qemu' type='raw'/><source protocol='vxhs' name='eb90327c-8302-4725-9e1b-4e85ed4dc251'><host name='a' port='22'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-sheepdog": disk(
    `<driver name='qemu' type='raw'/><source protocol='sheepdog' name='image'><host name='a' port='22'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-nfs-no-name": disk(
    `<driver name='qemu' type='raw'/><source protocol='nfs'><host name='a'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-readahead-nbd": disk(
    `<driver name='qemu' type='raw'/><source protocol='nbd' name='x'><host name='a' port='1'/><readahead size='65536'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-cookies-nbd": disk(
    `<driver name='qemu' type='raw'/><source protocol='nbd' name='x'><host name='a' port='1'/><cookies><cookie name='a'>b</cookie></cookies></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-ssl-http": disk(
    `<driver name='qemu' type='raw'/><source protocol='http' name='x'><host name='a' port='1'/><ssl verify='no'/></source>${vda}<readonly/>`,
    "type='network' device='disk'",
  ),
  "disk-tlshostname-rbd": disk(
    `<driver name='qemu' type='raw'/><source protocol='rbd' name='p/x' tlsHostname='h'><host name='a' port='1'/></source>${vda}`,
    "type='network' device='disk'",
  ),
  "disk-slice-nvme": disk(
    `<driver name='qemu' type='raw'/><source type='pci' managed='yes' namespace='0'><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>${vda}`,
    "type='nvme' device='disk'",
  ),
  "disk-metadata-cache-raw": disk(
    `<driver name='qemu' type='raw'><metadata_cache><max_size>1024</max_size></metadata_cache></driver>${file}${vda}`,
  ),
  "disk-vhostuser-private": disk(
    `<driver name='qemu' type='raw'/><source type='unix' path='/x'/>${vda}`,
    "type='vhostuser' device='disk'",
  ),
  "disk-vhostuser-shared": {
    ...disk(
      `<driver name='qemu' type='raw'/><source type='unix' path='/x'/>${vda}`,
      "type='vhostuser' device='disk' snapshot='no'",
    ),
    top: sharedMemory,
  },
  "disk-iotune-total-read": disk(
    `${file}${vda}<iotune><total_bytes_sec>1</total_bytes_sec><read_bytes_sec>1</read_bytes_sec></iotune>`,
  ),
  "disk-iotune-iops": disk(
    `${file}${vda}<iotune><total_iops_sec>1</total_iops_sec><write_iops_sec>1</write_iops_sec></iotune>`,
  ),
  "disk-iotune-max-alone": disk(`${file}${vda}<iotune><total_bytes_sec_max>10</total_bytes_sec_max></iotune>`),
  "disk-iotune-max-small": disk(
    `${file}${vda}<iotune><total_bytes_sec>10</total_bytes_sec><total_bytes_sec_max>5</total_bytes_sec_max></iotune>`,
  ),
  "disk-iotune-length-alone": disk(
    `${file}${vda}<iotune><total_bytes_sec>10</total_bytes_sec><total_bytes_sec_max_length>5</total_bytes_sec_max_length></iotune>`,
  ),
  "disk-iotune-huge": disk(`${file}${vda}<iotune><total_bytes_sec>10000000000000000</total_bytes_sec></iotune>`),
  "disk-iotune-total-read-max": disk(
    `${file}${vda}<iotune><total_bytes_sec_max>10</total_bytes_sec_max><read_bytes_sec_max>10</read_bytes_sec_max></iotune>`,
  ),
  "disk-blockio-odd": disk(`${file}${vda}<blockio logical_block_size='777' physical_block_size='4096'/>`),
  "disk-discard-detect": disk(`<driver name='qemu' type='raw' discard='ignore' detect_zeroes='unmap'/>${file}${vda}`),
  "disk-queues-virtio": disk(`<driver name='qemu' type='raw' queues='4'/>${file}${vda}`),
  "disk-two-same-wwn": {
    devices:
      disk(`${file}${sda}<wwn>5000c50015ea71ad</wwn>`).devices +
      disk(`${file}<target dev='sdb' bus='scsi'/><wwn>5000c50015ea71ad</wwn>`).devices,
  },
  "disk-empty": disk(vda),
  "disk-empty-virtio-cdrom": disk("<target dev='sda' bus='usb'/>", "type='file' device='cdrom'"),
  "disk-block-format-luks": disk(`<driver name='qemu' type='luks'/>${file}${vda}`),

  "net-model-odd": card("<model type='e10_00;x'/>"),
  "net-queues-rtl": card("<model type='rtl8139'/><driver name='vhost' queues='2'/>"),
  "net-queues-user": virtioCard("<driver name='vhost' queues='2'/>"),
  "net-queues-bridge": virtioCard("<source bridge='br0'/><driver name='vhost' queues='2'/>", "type='bridge'"),
  "net-rx-queue-bridge": virtioCard("<source bridge='br0'/><driver rx_queue_size='500'/>", "type='bridge'"),
  "net-rx-queue-2048": virtioCard("<source bridge='br0'/><driver rx_queue_size='2048'/>", "type='bridge'"),
  "net-tx-queue-bridge": virtioCard("<source bridge='br0'/><driver tx_queue_size='512'/>", "type='bridge'"),
  "net-tx-queue-odd": virtioCard(
    "<source type='unix' path='/x' mode='client'/><driver tx_queue_size='500'/>",
    "type='vhostuser'",
  ),
  "net-vhostuser-private": virtioCard("<source type='unix' path='/x' mode='client'/>", "type='vhostuser'"),
  "net-vhostuser-target": {
    ...virtioCard("<source type='unix' path='/x' mode='server'/><target dev='vhost0'/>", "type='vhostuser'"),
    top: sharedMemory,
  },
  "net-vhostuser-rtl": card("<source type='unix' path='/x' mode='client'/><model type='rtl8139'/>", "type='vhostuser'"),
  "net-vhostuser-tap": virtioCard(
    "<source type='unix' path='/x' mode='client'/><backend tap='/dev/net/tun'/>",
    "type='vhostuser'",
  ),
  "net-user-tap": virtioCard("<backend tap='/dev/net/tun' vhost='/dev/vhost-net'/>"),
  "net-user-filter": virtioCard("<filterref filter='clean-traffic'/>"),
  "net-user-vlan": virtioCard("<vlan><tag id='42'/></vlan>"),
  "net-user-mtu": virtioCard("<mtu size='9000'/>"),
  "net-user-coalesce": virtioCard("<coalesce><rx><frames max='32'/></rx></coalesce>"),
  "net-user-bandwidth": virtioCard("<bandwidth><inbound average='1000'/></bandwidth>"),
  "net-user-rx-filters": card("<model type='virtio'/>", "type='user' trustGuestRxFilters='yes'"),
  "net-user-script": virtioCard("<script path='/etc/qemu-ifup'/>"),
  "net-bridge-script": virtioCard("<source bridge='br0'/><script path='/etc/qemu-ifup'/>", "type='bridge'"),
  "net-user-port-isolated": virtioCard("<port isolated='yes'/>"),
  "net-user-v6-prefix": virtioCard("<ip address='2001:db8::1' prefix='129'/>"),
  "net-user-v4-prefix": virtioCard("<ip address='10.0.2.0' prefix='28'/>"),
  "net-user-v4-twice": virtioCard(
    "<ip address='172.17.2.0' family='ipv4' prefix='24'/><ip address='172.17.3.0' family='ipv4' prefix='24'/>",
  ),
  "net-user-peer": virtioCard("<ip address='172.17.2.0' family='ipv4' prefix='24' peer='1.2.3.4'/>"),
  "net-bridge-ip": virtioCard(
    "<source bridge='br0'/><ip address='172.17.2.0' family='ipv4' prefix='24'/>",
    "type='bridge'",
  ),
  "net-bridge-route": virtioCard(
    "<source bridge='br0'/><route address='172.17.2.0' family='ipv4' prefix='24' gateway='1.2.3.4'/>",
    "type='bridge'",
  ),
  "net-internal": virtioCard("<source name='x'/>", "type='internal'"),
  "net-vds": virtioCard(
    "<source switchid='77913a29-4aa5-4a35-b8bf-7f86a90c87c2' portid='1' portgroupid='x' connectionid='2'/>",
    "type='vds'",
  ),
  "net-null": virtioCard("", "type='null'"),
  "net-vdpa-rtl": card("<source dev='/dev/vhost-vdpa-0'/><model type='rtl8139'/>", "type='vdpa'"),
  "net-vdpa": virtioCard("<source dev='/dev/vhost-vdpa-0'/>", "type='vdpa'"),
  "net-address-usb": virtioCard("<address type='usb' bus='0' port='1'/>"),
  "net-multicast-mac": { devices: "<interface type='user'><mac address='01:54:00:11:22:33'/></interface>" },
  "net-rss": virtioCard("<source bridge='br0'/><driver rss='on' rss_hash_report='on'/>", "type='bridge'"),
  "net-teaming-alone": virtioCard("<teaming type='transient'/>"),
  "net-teaming-rtl": card("<model type='rtl8139'/><teaming type='persistent'/>"),
  "net-mcast-no-address": virtioCard("", "type='mcast'"),
  "net-bridge-no-source": virtioCard("", "type='bridge'"),
  "net-acpi-index-twice": {
    devices: "<interface type='user'><acpi index='3'/></interface><interface type='user'><acpi index='3'/></interface>",
  },
  "net-sndbuf-huge": virtioCard(
    "<source bridge='br0'/><tune><sndbuf>18446744073709551615</sndbuf></tune>",
    "type='bridge'",
  ),
  "net-rom-disabled": virtioCard("<rom enabled='no' bar='on'/>"),
  "net-boot-and-os": { ...virtioCard("<boot order='1'/>"), os: "<boot dev='hd'/>" },
  "net-boot-twice": {
    devices: virtioCard("<boot order='1'/>").devices + disk(`${file}${vda}<boot order='1'/>`).devices,
  },
  "net-boot-zero": virtioCard("<boot order='0'/>"),

  "graphics-rdp": { devices: "<graphics type='rdp'/>" },
  "graphics-desktop": { devices: "<graphics type='desktop'/>" },
  "graphics-two-vnc": { devices: "<graphics type='vnc'/><graphics type='vnc'/>" },
  "graphics-two-spice": { devices: "<graphics type='spice'/><graphics type='spice'/>" },
  "graphics-two-sdl": { devices: "<graphics type='sdl'/><graphics type='sdl'/>" },
  "graphics-vnc-two-listens": {
    devices: "<graphics type='vnc'><listen type='address'/><listen type='socket'/></graphics>",
  },
  "graphics-vnc-none": { devices: "<graphics type='vnc'><listen type='none'/></graphics>" },
  "graphics-sdl-listen": { devices: "<graphics type='sdl'><listen type='address'/></graphics>" },
  "graphics-spice-listen-none-port": { devices: "<graphics type='spice' port='5900'><listen type='none'/></graphics>" },
  "graphics-vnc-connected": { devices: "<graphics type='vnc' passwd='x' connected='fail'/>" },
  "graphics-vnc-keymap": { devices: "<graphics type='vnc' keymap='banana'/>" },
  "graphics-vnc-port-huge": { devices: "<graphics type='vnc' port='99999'/>" },
  "graphics-vnc-port-low": { devices: "<graphics type='vnc' port='22'/>" },
  "graphics-vnc-websocket": { devices: "<graphics type='vnc' websocket='-2'/>" },
  "graphics-egl-alone": { devices: "<graphics type='egl-headless'/>" },
  "graphics-egl-sdl": { devices: "<graphics type='egl-headless'/><graphics type='sdl'/>" },
  "graphics-egl-spice-gl": {
    devices: "<graphics type='egl-headless'/><graphics type='spice'><gl enable='yes'/></graphics>",
  },
  "graphics-spice-gl-two": {
    devices: "<graphics type='spice'><gl enable='yes'/></graphics><graphics type='sdl'><gl enable='yes'/></graphics>",
  },
  "graphics-spice-gl-remote": {
    devices: "<graphics type='spice' autoport='yes'><gl enable='yes'/></graphics><video><model type='virtio'/></video>",
  },
  "graphics-spice-mode-no-tls": { devices: "<graphics type='spice' autoport='no' port='5901' defaultMode='secure'/>" },
  "graphics-dbus-address-p2p": { devices: "<graphics type='dbus' p2p='yes' address='unix:path=/x'/>" },
  "graphics-dbus-gl-rendernode": {
    devices: "<graphics type='dbus'><gl enable='no' rendernode='/dev/dri/x'/></graphics>",
  },
  "graphics-spice-password-time": { devices: "<graphics type='spice' passwd='x' passwdValidTo='never'/>" },
  "graphics-audio-missing": { devices: "<graphics type='vnc'><audio id='7'/></graphics>" },

  "video-none-and-vga": { devices: "<video><model type='none'/></video><video><model type='vga'/></video>" },
  "video-xen": video("<model type='xen'/>"),
  "video-vbox": video("<model type='vbox'/>"),
  "video-parallels": video("<model type='parallels'/>"),
  "video-gop": video("<model type='gop'/>"),
  "video-two-primary": {
    devices: "<video><model type='vga' primary='yes'/></video><video><model type='qxl' primary='yes'/></video>",
  },
  "video-secondary-cirrus": { devices: "<video><model type='vga'/></video><video><model type='cirrus'/></video>" },
  "video-secondary-virtio": { devices: "<video><model type='vga'/></video><video><model type='virtio'/></video>" },
  "video-secondary-bochs": { devices: "<video><model type='vga'/></video><video><model type='bochs'/></video>" },
  "video-vga-heads": video("<model type='vga' heads='2'/>"),
  "video-vga-vram-odd": video("<model type='vga' vram='9999'/>"),
  "video-vga-vram-small": video("<model type='vga' vram='512'/>"),
  "video-vmvga-vram-odd": video("<model type='vmvga' vram='9999'/>"),
  "video-qxl-vgamem-odd": video("<model type='qxl' vgamem='9999'/>"),
  "video-qxl-vram-huge": video("<model type='qxl' vram='4294967295' ram='65536'/>"),
  "video-qxl-ram-huge": video("<model type='qxl' ram='4294967295'/>"),
  "video-cirrus-ram": video("<model type='cirrus' ram='65536'/>"),
  "video-accel-vga": video("<model type='vga'><acceleration accel3d='yes'/></model>"),
  "video-accel-virtio": video("<model type='virtio'><acceleration accel3d='yes'/></model>"),
  "video-accel-no": video("<model type='vga'><acceleration accel3d='no'/></model>"),
  "video-resolution-zero": video("<model type='virtio'><resolution x='0' y='0'/></model>"),
  "video-ramfb-address": video("<model type='ramfb'/><address type='pci' domain='0' bus='0' slot='9' function='0'/>"),
  "video-blob": video("<model type='virtio' heads='17'/>"),
  "video-vhostuser-vga": video("<driver name='vhostuser'/><model type='vga'/>"),
  "video-vhostuser-private": video("<driver name='vhostuser'/><model type='virtio'/>"),
  "video-qemu-driver-iommu": video("<driver iommu='on'/><model type='vga'/>"),
  "video-vgaconf": video("<driver vgaconf='on'/><model type='vga'/>"),

  "serial-model-pl011": serial("<target type='system-serial'><model name='pl011'/></target>"),
  "serial-isa-usb-model": serial("<target type='isa-serial'><model name='usb-serial'/></target>"),
  "serial-isa-q35": { ...q35, ...serial("<target type='isa-serial'/>") },
  "serial-isa-aarch64": { arch: "aarch64", features: "", ...serial("<target type='isa-serial'/>") },
  "serial-spapr-pc": serial("<target type='spapr-vio-serial'/>"),
  "serial-sclp-pc": serial("<target type='sclp-serial'/>"),
  "serial-isa-five": { devices: "<serial type='pty'><target port='4'/></serial>" },
  "serial-usb-address": serial("<target type='usb-serial'/><address type='isa' iobase='0x3f8' irq='4'/>"),
  "serial-pci-address": serial("<target type='pci-serial'/><address type='usb' bus='0' port='2'/>"),
  "serial-isa-debug-address": serial("<target type='isa-debug'/><address type='usb' bus='0' port='2'/>"),
  "serial-isa-debug": serial("<target type='isa-debug'/>"),
  "serial-spicevmc": { devices: "<serial type='spicevmc'/>" },
  "serial-spiceport": { devices: "<serial type='spiceport'><source channel='org.x'/></serial>" },
  "serial-dbus": { devices: "<serial type='dbus'><source channel='org.x'/></serial>" },
  "serial-nmdm": { devices: "<serial type='nmdm'><source master='/a' slave='/b'/></serial>" },
  "serial-tcp-no-service": { devices: "<serial type='tcp'><source mode='bind' host='a'/></serial>" },
  "serial-tcp-telnets": {
    devices: "<serial type='tcp'><source mode='bind' host='a' service='1'/><protocol type='telnets'/></serial>",
  },
  "serial-tcp-tls": {
    devices: "<serial type='tcp'><source mode='bind' host='a' service='1'/><protocol type='tls'/></serial>",
  },
  "serial-reconnect-bind": {
    devices:
      "<serial type='tcp'><source mode='bind' host='a' service='1'><reconnect enabled='yes' timeout='10'/></source></serial>",
  },
  "serial-reconnect-zero": {
    devices:
      "<serial type='tcp'><source mode='connect' host='a' service='1'><reconnect enabled='yes' timeout='0'/></source></serial>",
  },
  "serial-reconnect-none": {
    devices:
      "<serial type='tcp'><source mode='connect' host='a' service='1'><reconnect enabled='yes'/></source></serial>",
  },
  "serial-file-no-path": { devices: "<serial type='file'/>" },
  "serial-unix-no-path": { devices: "<serial type='unix'/>" },
  "serial-two-sources": {
    devices:
      "<serial type='tcp'><source mode='bind' host='a' service='1'/><source mode='bind' host='a' service='1'/></serial>",
  },
  "serial-alias-bad": { devices: "<serial type='pty'><alias name='ua-ä'/></serial>" },
  "serial-label-none": {
    devices:
      "<serial type='file'><source path='/x'><seclabel model='dac' relabel='no'><label>x</label></seclabel></source></serial>",
  },
  "parallel-four": {
    devices: "<parallel type='pty'/><parallel type='pty'/><parallel type='pty'/><parallel type='pty'/>",
  },
  "parallel-s390": { arch: "s390x", features: "", devices: "<parallel type='pty'/>" },
  "console-xen": { devices: "<console type='pty'><target type='xen'/></console>" },
  "console-uml": { devices: "<console type='pty'><target type='uml'/></console>" },
  "console-sclp-pc": { devices: "<console type='pty'><target type='sclp'/></console>" },
  "console-lxc": { devices: "<console type='pty'><target type='lxc'/></console>" },
  "channel-xen": { devices: "<channel type='pty'><target type='xen' name='x'/></channel>" },
  "channel-none": { devices: "<channel type='pty'/>" },
  "channel-virtio-pci-address": {
    devices:
      "<channel type='pty'><target type='virtio' name='x'/><address type='pci' domain='0' bus='0' slot='9' function='0'/></channel>",
  },
  "channel-guestfwd-6": { devices: "<channel type='pty'><target type='guestfwd' address='::1' port='1'/></channel>" },
  "channel-guestfwd-no-port": { devices: "<channel type='pty'><target type='guestfwd' address='10.0.2.1'/></channel>" },
  "channel-spicevmc-name": {
    devices: "<graphics type='spice'/><channel type='spicevmc'><target type='virtio' name='org.x'/></channel>",
  },
  "channel-spicevmc-alone": { devices: "<channel type='spicevmc'><target type='virtio'/></channel>" },
  "channel-vdagent-mouse": { devices: "<channel type='qemu-vdagent'><target type='virtio' name='org.x'/></channel>" },
  "channel-same-name": {
    devices:
      "<channel type='pty'><target type='virtio' name='x'/></channel><channel type='pty'><target type='virtio' name='x'/></channel>",
  },
  "smartcard-two": { devices: "<smartcard mode='host'/><smartcard mode='host'/>" },
  "smartcard-certificates": { devices: "<smartcard mode='host-certificates'><certificate>a</certificate></smartcard>" },
  "smartcard-database-relative": {
    devices:
      "<smartcard mode='host-certificates'><certificate>a</certificate><certificate>b</certificate><certificate>c</certificate><database>x</database></smartcard>",
  },
  "smartcard-pci": {
    devices: "<smartcard mode='host'><address type='pci' domain='0' bus='0' slot='9' function='0'/></smartcard>",
  },
  "redirdev-none": { devices: "<controller type='usb' model='none'/><redirdev bus='usb' type='pty'/>" },
  "redirdev-pci": {
    devices: "<redirdev bus='usb' type='pty'><address type='pci' domain='0' bus='0' slot='9' function='0'/></redirdev>",
  },
  "redirfilter-version": {
    devices: "<redirdev bus='usb' type='pty'/><redirfilter><usbdev version='1.x' allow='yes'/></redirfilter>",
  },

  "input-xen": { devices: "<input type='mouse' bus='xen'/>" },
  "input-parallels": { devices: "<input type='mouse' bus='parallels'/>" },
  "input-ps2-tablet": { devices: "<input type='tablet' bus='ps2'/>" },
  "input-passthrough-usb": {
    devices: "<input type='passthrough' bus='usb'><source evdev='/dev/input/event1'/></input>",
  },
  "input-passthrough-no-path": { devices: "<input type='passthrough' bus='virtio'/>" },
  "input-evdev-bus": { devices: "<input type='evdev' bus='usb'><source dev='/dev/input/event1'/></input>" },
  "input-evdev-no-path": { devices: "<input type='evdev'/>" },
  "input-model-usb": { devices: "<input type='mouse' bus='usb' model='virtio'/>" },
  "input-transitional": { devices: "<input type='mouse' bus='virtio' model='virtio-transitional'/>" },
  "input-usb-pci": {
    devices: "<input type='mouse' bus='usb'><address type='pci' domain='0' bus='0' slot='9' function='0'/></input>",
  },
  "input-usb-off": { devices: "<controller type='usb' model='none'/><input type='mouse' bus='usb'/>" },
  "input-ps2-s390": { arch: "s390x", features: "", devices: "<input type='keyboard' bus='ps2'/>" },
  "input-ps2-aarch64": { arch: "aarch64", features: "", devices: "<input type='keyboard' bus='ps2'/>" },

  "controller-usb-qusb": { devices: "<controller type='usb' model='qusb1'/>" },
  "controller-usb-xhci-ports": { devices: "<controller type='usb' model='qemu-xhci' ports='16'/>" },
  "controller-usb-ports-ehci": { devices: "<controller type='usb' model='ehci' ports='4'/>" },
  "controller-usb-none-two": {
    devices: "<controller type='usb' index='0' model='none'/><controller type='usb' index='1'/>",
  },
  "controller-usb-master-missing": {
    devices: "<controller type='usb' index='3' model='ich9-uhci1'><master startport='0'/></controller>",
  },
  "controller-usb-vt82c": { devices: "<controller type='usb' model='vt82c686b-uhci'/>" },
  "controller-usb-drive-address": { devices: "<controller type='usb'><address type='drive'/></controller>" },
  "controller-usb-wrong-slot": {
    devices:
      "<controller type='usb' index='0' model='piix3-uhci'><address type='pci' domain='0' bus='0' slot='5' function='0'/></controller>",
  },
  "controller-scsi-buslogic": { devices: "<controller type='scsi' model='buslogic'/>" },
  "controller-scsi-vmpvscsi": { devices: "<controller type='scsi' model='vmpvscsi'/>" },
  "controller-scsi-ibm": { devices: "<controller type='scsi' model='ibmvscsi'/>" },
  "controller-scsi-ncr": { devices: "<controller type='scsi' model='ncr53c90'/>" },
  "controller-scsi-dc390": { devices: "<controller type='scsi' model='dc390'/>" },
  "controller-scsi-queues-lsi": {
    devices: "<controller type='scsi' model='lsilogic'><driver queues='4'/></controller>",
  },
  "controller-scsi-cmd-lsi": {
    devices: "<controller type='scsi' model='lsilogic'><driver cmd_per_lun='4'/></controller>",
  },
  "controller-scsi-sectors-lsi": {
    devices: "<controller type='scsi' model='lsilogic'><driver max_sectors='4'/></controller>",
  },
  "controller-scsi-ioeventfd-lsi": {
    devices: "<controller type='scsi' model='lsilogic'><driver ioeventfd='on'/></controller>",
  },
  "controller-scsi-iothread-lsi": {
    top: "<iothreads>1</iothreads>",
    devices: "<controller type='scsi' model='lsilogic'><driver iothread='1'/></controller>",
  },
  "controller-scsi-iothread-missing": {
    devices: "<controller type='scsi' model='virtio-scsi'><driver iothread='1'/></controller>",
  },
  "controller-scsi-iommu-lsi": {
    devices: "<controller type='scsi' model='lsilogic'><driver iommu='on'/></controller>",
  },
  "controller-sata-pc": { devices: "<controller type='sata'/>" },
  "controller-sata-s390": { arch: "s390x", features: "", devices: "<controller type='sata'/>" },
  "controller-ide-two": { devices: "<controller type='ide' index='0'/><controller type='ide' index='1'/>" },
  "controller-ide-q35": { ...q35, devices: "<controller type='ide'/>" },
  "controller-ide-address": {
    devices:
      "<controller type='ide' index='0'><address type='pci' domain='0' bus='0' slot='5' function='0'/></controller>",
  },
  "controller-fdc-s390": { arch: "s390x", features: "", devices: "<controller type='fdc'/>" },
  "controller-xenbus": { devices: "<controller type='xenbus'/>" },
  "controller-ccid": { devices: "<controller type='ccid'/>" },
  "controller-isa": { devices: "<controller type='isa'/>" },
  "controller-serial-ports": { devices: "<controller type='virtio-serial' ports='99'/>" },
  "controller-pci-wrong-root": { devices: "<controller type='pci' index='0' model='pcie-root'/>" },
  "controller-pci-root-address": {
    devices:
      "<controller type='pci' index='0' model='pci-root'><address type='pci' domain='0' bus='0' slot='5' function='0'/></controller>",
  },
  "controller-pci-root-index": { devices: "<controller type='pci' index='1' model='pci-root'/>" },
  "controller-pci-no-index": { devices: "<controller type='pci' model='pci-bridge'/>" },
  "controller-pci-twice": {
    devices:
      "<controller type='pci' index='1' model='pci-bridge'/><controller type='pci' index='1' model='pci-bridge'/>",
  },
  "controller-pci-gap": { devices: "<controller type='pci' index='3' model='pci-bridge'/>" },
  "controller-pci-port-on-pc": { devices: "<controller type='pci' index='1' model='pcie-root-port'/>" },
  "controller-pci-dmi-on-pc": { devices: "<controller type='pci' index='1' model='dmi-to-pci-bridge'/>" },
  "controller-pci-pxb-q35": { ...q35, devices: "<controller type='pci' index='1' model='pci-expander-bus'/>" },
  "controller-pci-pxbpcie-pc": { devices: "<controller type='pci' index='1' model='pcie-expander-bus'/>" },
  "controller-pci-pxb-node": {
    devices:
      "<controller type='pci' index='1' model='pci-expander-bus'><target busNr='254'><node>3</node></target></controller>",
  },
  "controller-pci-bridge-node": {
    devices: "<controller type='pci' index='1' model='pci-bridge'><target><node>0</node></target></controller>",
    cpu: nodes,
  },
  "controller-pci-bridge-busnr": {
    devices: "<controller type='pci' index='1' model='pci-bridge'><target busNr='3'/></controller>",
  },
  "controller-pci-bridge-chassis": {
    devices: "<controller type='pci' index='1' model='pci-bridge'><target chassis='3'/></controller>",
  },
  "controller-pci-bridge-port": {
    devices: "<controller type='pci' index='1' model='pci-bridge'><target port='0x3'/></controller>",
  },
  "controller-pci-bridge-index": {
    devices: "<controller type='pci' index='1' model='pci-bridge'><target index='3'/></controller>",
  },
  "controller-pci-bridge-hotplug": {
    devices: "<controller type='pci' index='1' model='pci-bridge'><target hotplug='off'/></controller>",
  },
  "controller-pci-bridge-chassisnr-0": {
    devices: "<controller type='pci' index='1' model='pci-bridge'><target chassisNr='0'/></controller>",
  },
  "controller-pci-port-chassisnr": {
    ...q35,
    devices: "<controller type='pci' index='1' model='pcie-root-port'><target chassisNr='3'/></controller>",
  },
  "controller-pci-port-model": {
    ...q35,
    devices: "<controller type='pci' index='1' model='pcie-root-port'><model name='pci-bridge'/></controller>",
  },
  "controller-pci-root-model": {
    devices: "<controller type='pci' index='0' model='pci-root'><model name='pci-bridge'/></controller>",
  },
  "controller-pci-root-target": {
    devices: "<controller type='pci' index='0' model='pci-root'><target chassisNr='3'/></controller>",
  },
  "controller-pci-root-hole": {
    devices: "<controller type='pci' index='0' model='pci-root'><pcihole64 unit='KiB'>1048576</pcihole64></controller>",
  },
  "controller-pci-bridge-hole": {
    devices:
      "<controller type='pci' index='1' model='pci-bridge'><pcihole64 unit='KiB'>1048576</pcihole64></controller>",
  },
  "controller-pci-root-hotplug": {
    devices: "<controller type='pci' index='0' model='pci-root'><target hotplug='off'/></controller>",
  },
  "controller-pcie-root-hotplug": {
    ...q35,
    devices: "<controller type='pci' index='0' model='pcie-root'><target hotplug='off'/></controller>",
  },
  "controller-pci-switch": {
    ...q35,
    devices:
      "<controller type='pci' index='1' model='pcie-switch-downstream-port'><address type='pci' domain='0' bus='0' slot='5' function='0'/></controller>",
  },

  "hostdev-usb-nothing": hostdev("<source/>", "type='usb'"),
  "hostdev-usb-policy": hostdev(
    "<source startupPolicy='banana'><vendor id='0x1234'/><product id='0xbeef'/></source>",
    "type='usb'",
  ),
  "hostdev-usb-zero": hostdev("<source><vendor id='0x0'/><product id='0xbeef'/></source>", "type='usb'"),
  "hostdev-pci-kvm": hostdev(
    "<driver name='kvm'/><source><address domain='0' bus='6' slot='2' function='0'/></source>",
    "type='pci' managed='yes'",
  ),
  "hostdev-pci-xen": hostdev(
    "<driver name='xen'/><source><address domain='0' bus='6' slot='2' function='0'/></source>",
    "type='pci' managed='yes'",
  ),
  "hostdev-pci-filtering": hostdev(
    "<driver name='vfio'/><source writeFiltering='no'><address domain='0' bus='6' slot='2' function='0'/></source>",
    "type='pci' managed='yes'",
  ),
  "hostdev-pci-twice": {
    devices: hostdev(
      "<source><address domain='0' bus='6' slot='2' function='0'/></source>",
      "type='pci'",
    ).devices.repeat(2),
  },
  "hostdev-pci-address-usb": hostdev(
    "<source><address domain='0' bus='6' slot='2' function='0'/></source><address type='usb' bus='0' port='1'/>",
    "type='pci'",
  ),
  "hostdev-pci-slot": hostdev("<source><address domain='0' bus='6' slot='0x20' function='0'/></source>", "type='pci'"),
  "hostdev-scsi-no-adapter": hostdev("<source><address bus='0' target='0' unit='0'/></source>", "type='scsi'"),
  "hostdev-scsi-iscsi-no-host": hostdev("<source protocol='iscsi' name='iqn.a/1'/>", "type='scsi'"),
  "hostdev-scsi-rawio": hostdev(
    "<source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>",
    "type='scsi' sgio='unfiltered'",
  ),
  "hostdev-scsi-lsi-unit": {
    devices: `<controller type='scsi' model='lsilogic'/>${hostdev("<source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source><address type='drive' controller='0' bus='0' target='0' unit='9'/>", "type='scsi'").devices}`,
  },
  "hostdev-scsi-host-wwpn": hostdev("<source protocol='vhost' wwpn='banana'/>", "type='scsi_host'"),
  "hostdev-mdev-ccw-pc": hostdev(mdev, "type='mdev' model='vfio-ccw'"),
  "hostdev-mdev-ap-pc": hostdev(mdev, "type='mdev' model='vfio-ap'"),
  "hostdev-mdev-ap-two": {
    arch: "s390x",
    features: "",
    devices:
      hostdev(mdev, "type='mdev' model='vfio-ap'").devices +
      hostdev("<source><address uuid='63764d0e-85a0-42b4-af5c-2046b460b1dc'/></source>", "type='mdev' model='vfio-ap'")
        .devices,
  },
  "hostdev-mdev-display": hostdev(mdev, "type='mdev' model='vfio-pci' display='on'"),
  "hostdev-mdev-ramfb": hostdev(mdev, "type='mdev' model='vfio-pci' ramfb='on'"),
  "hostdev-mdev-display-ccw": hostdev(mdev, "type='mdev' model='vfio-ccw' display='on'"),
  "hostdev-capabilities": {
    devices: "<hostdev mode='capabilities' type='misc'><source><char>/dev/x</char></source></hostdev>",
  },
  "hostdev-boot-scsi": hostdev(
    "<source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source><boot order='1'/>",
    "type='scsi'",
  ),
  "hostdev-rom-disabled": hostdev(
    "<source><address domain='0' bus='6' slot='2' function='0'/></source><rom enabled='no' file='/x'/>",
    "type='pci'",
  ),

  "fs-plan9-type": { devices: "<filesystem type='template'><source name='x'/><target dir='y'/></filesystem>" },
  "fs-file": { devices: "<filesystem type='file'><source file='/x'/><target dir='y'/></filesystem>" },
  "fs-block": { devices: "<filesystem type='block'><source dev='/x'/><target dir='y'/></filesystem>" },
  "fs-ram": { devices: "<filesystem type='ram'><source usage='10'/><target dir='y'/></filesystem>" },
  "fs-driver-loop": {
    devices: "<filesystem type='mount'><driver type='loop'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-driver-nbd": {
    devices: "<filesystem type='mount'><driver type='nbd'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-handle": {
    devices: "<filesystem type='mount'><driver type='handle'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-virtiofs-private": {
    devices: "<filesystem type='mount'><driver type='virtiofs'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-virtiofs-readonly": {
    top: sharedMemory,
    devices:
      "<filesystem type='mount'><driver type='virtiofs'/><source dir='/x'/><target dir='y'/><readonly/></filesystem>",
  },
  "fs-virtiofs-mapped": {
    top: sharedMemory,
    devices:
      "<filesystem type='mount' accessmode='mapped'><driver type='virtiofs'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-virtiofs-queue": {
    top: sharedMemory,
    devices:
      "<filesystem type='mount'><driver type='virtiofs' queue='1000'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-virtiofs-socket-binary": {
    top: sharedMemory,
    devices:
      "<filesystem type='mount'><driver type='virtiofs'/><binary path='/a'/><source socket='/x'/><target dir='y'/></filesystem>",
  },
  "fs-virtiofs-wrpolicy": {
    top: sharedMemory,
    devices:
      "<filesystem type='mount'><driver type='virtiofs' wrpolicy='immediate'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-virtiofs-multidevs": {
    top: sharedMemory,
    devices:
      "<filesystem type='mount' multidevs='remap'><driver type='virtiofs'/><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-fmode-passthrough": {
    devices:
      "<filesystem type='mount' accessmode='passthrough' fmode='0644'><source dir='/x'/><target dir='y'/></filesystem>",
  },
  "fs-no-source": { devices: "<filesystem type='mount'><target dir='y'/></filesystem>" },
  "fs-no-target": { devices: "<filesystem type='mount'><source dir='/x'/></filesystem>" },

  "tpm-tis-12-crb": tpm("tpm-crb", "<backend type='emulator' version='1.2'/>"),
  "tpm-spapr-pc": tpm("tpm-spapr", emulated),
  "tpm-proxy-pc": tpm("spapr-tpm-proxy", "<backend type='passthrough'><device path='/dev/tpmrm0'/></backend>"),
  "tpm-crb-arm": { arch: "aarch64", features: "", ...tpm("tpm-crb", emulated) },
  "tpm-two": { devices: tpm("tpm-tis", emulated).devices.repeat(2) },
  "tpm-no-backend": { devices: "<tpm model='tpm-tis'/>" },
  "tpm-external": tpm("tpm-tis", "<backend type='external'><source type='unix' mode='connect' path='/x'/></backend>"),
  "tpm-external-bind": tpm("tpm-tis", "<backend type='external'><source type='unix' mode='bind' path='/x'/></backend>"),
  "tpm-pcr-12": tpm(
    "tpm-tis",
    "<backend type='emulator' version='1.2'><active_pcr_banks><sha256/></active_pcr_banks></backend>",
  ),
  "tpm-passthrough-version": tpm(
    "tpm-tis",
    "<backend type='passthrough' version='2.0'><device path='/dev/tpm0'/></backend>",
  ),
  "tpm-s390": { arch: "s390x", features: "", ...tpm("tpm-tis", emulated) },

  "watchdog-ib700-q35-pci": {
    devices: "<watchdog model='ib700'><address type='pci' domain='0' bus='0' slot='9' function='0'/></watchdog>",
  },
  "watchdog-itco-pc": { devices: "<watchdog model='itco'/>" },
  "watchdog-itco-q35": { ...q35, devices: "<watchdog model='itco'/>" },
  "watchdog-diag288-pc": { devices: "<watchdog model='diag288'/>" },
  "watchdog-i6300-usb": { devices: "<watchdog model='i6300esb'><address type='usb' bus='0' port='1'/></watchdog>" },
  "watchdog-ib700-arm": { arch: "aarch64", features: "", devices: "<watchdog model='ib700'/>" },
  "watchdog-i6300-s390": { arch: "s390x", features: "", devices: "<watchdog model='i6300esb'/>" },
  "watchdog-unknown": { devices: "<watchdog model='banana'/>" },
  "balloon-xen": { devices: "<memballoon model='xen'/>" },
  "balloon-deflate-none": { devices: "<memballoon model='none' autodeflate='on'/>" },
  "balloon-usb": { devices: "<memballoon model='virtio'><address type='usb' bus='0' port='1'/></memballoon>" },
  "rng-period-zero": { devices: "<rng model='virtio'><rate bytes='0' period='1'/><backend model='random'/></rng>" },
  "rng-source-odd": { devices: "<rng model='virtio'><backend model='random'>/dev/banana</backend></rng>" },
  "rng-egd-no-path": {
    devices: "<rng model='virtio'><backend model='egd' type='unix'><source mode='connect'/></backend></rng>",
  },
  "rng-no-backend": { devices: "<rng model='virtio'/>" },
  "rng-usb": { devices: "<rng model='virtio'><backend model='random'/><address type='usb' bus='0' port='1'/></rng>" },
  "panic-s390-pc": { devices: "<panic model='s390'/>" },
  "panic-pseries-pc": { devices: "<panic model='pseries'/>" },
  "panic-isa-arm": { arch: "aarch64", features: "", devices: "<panic model='isa'/>" },
  "panic-two-isa": { devices: "<panic model='isa'/><panic model='isa'/>" },
  "panic-isa-pci": {
    devices: "<panic model='isa'><address type='pci' domain='0' bus='0' slot='9' function='0'/></panic>",
  },
  "panic-hyperv-address": { devices: "<panic model='hyperv'><address type='isa' iobase='0x505'/></panic>" },
  "panic-hyperv-s390": { arch: "s390x", features: "", devices: "<panic model='hyperv'/>" },
  "sound-pcspk-s390": { arch: "s390x", features: "", devices: "<sound model='sb16'/>" },
  "sound-ich7": { devices: "<sound model='ich7'/>" },
  "sound-codec-ac97": { devices: "<sound model='ac97'><codec type='duplex'/></sound>" },
  "sound-usb-pci": {
    devices: "<sound model='usb'><address type='pci' domain='0' bus='0' slot='9' function='0'/></sound>",
  },
  "sound-audio-missing": { devices: "<sound model='ac97'><audio id='9'/></sound>" },
  "sound-unknown": { devices: "<sound model='banana'/>" },
  "audio-two": { devices: "<audio id='1' type='none'/><audio id='1' type='none'/>" },
  "audio-spice-alone": { devices: "<audio id='1' type='spice'/>" },
  "audio-zero": { devices: "<audio id='0' type='none'/>" },
  "audio-settings": {
    devices: "<audio id='1' type='alsa'><input fixedSettings='no'><settings frequency='44100'/></input></audio>",
  },
  "audio-mixing": { devices: "<audio id='1' type='alsa'><input mixingEngine='no' fixedSettings='yes'/></audio>" },
  "hub-usb-none": { devices: "<controller type='usb' model='none'/><hub type='usb'/>" },
  "hub-pci": { devices: "<hub type='usb'><address type='pci' domain='0' bus='0' slot='9' function='0'/></hub>" },
  "hub-unknown": { devices: "<hub type='banana'/>" },
  "nvram-pc": { devices: "<nvram><address type='spapr-vio' reg='0x3000'/></nvram>" },
  "shmem-master": { devices: "<shmem name='x'><model type='ivshmem'/><size unit='M'>4</size></shmem>" },
  "shmem-plain-server": {
    devices: "<shmem name='x'><model type='ivshmem-plain'/><size unit='M'>4</size><server path='/x'/></shmem>",
  },
  "shmem-plain-msi": {
    devices: "<shmem name='x'><model type='ivshmem-plain'/><size unit='M'>4</size><msi vectors='4'/></shmem>",
  },
  "shmem-doorbell-size": {
    devices: "<shmem name='x'><model type='ivshmem-doorbell'/><size unit='M'>4</size><server path='/x'/></shmem>",
  },
  "shmem-doorbell-none": { devices: "<shmem name='x'><model type='ivshmem-doorbell'/></shmem>" },
  "shmem-role": { devices: "<shmem name='x' role='peer'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>" },
  "shmem-small": { devices: "<shmem name='x'><model type='ivshmem-plain'/><size unit='K'>4</size></shmem>" },
  "shmem-odd": { devices: "<shmem name='x'><model type='ivshmem-plain'/><size unit='M'>3</size></shmem>" },
  "shmem-usb": {
    devices:
      "<shmem name='x'><model type='ivshmem-plain'/><size unit='M'>4</size><address type='usb' bus='0' port='1'/></shmem>",
  },
  "shmem-slash": { devices: "<shmem name='a/b'><model type='ivshmem-plain'/></shmem>" },
  "shmem-dots": { devices: "<shmem name='..'><model type='ivshmem-plain'/></shmem>" },
  "iommu-intel-pc": { devices: "<iommu model='intel'/>" },
  "iommu-smmu-pc": { devices: "<iommu model='smmuv3'/>" },
  "iommu-virtio-pc": { devices: "<iommu model='virtio'/>" },
  "iommu-virtio-no-acpi": { ...q35, features: "", devices: "<iommu model='virtio'/>" },
  "iommu-virtio-driver": { ...q35, devices: "<iommu model='virtio'><driver intremap='on'/></iommu>" },
  "iommu-smmu-driver": {
    arch: "aarch64",
    features: "",
    devices: "<iommu model='smmuv3'><driver caching_mode='on'/></iommu>",
  },
  "iommu-intel-address": {
    ...q35,
    devices: "<iommu model='intel'><address type='pci' domain='0' bus='0' slot='9' function='0'/></iommu>",
  },
  "iommu-intremap": { ...q35, devices: "<iommu model='intel'><driver intremap='on'/></iommu>" },
  "iommu-eim": {
    ...q35,
    features: "<acpi/><ioapic driver='qemu'/>",
    devices: "<iommu model='intel'><driver eim='on'/></iommu>",
  },
  "vsock-no-cid": { devices: "<vsock model='virtio'/>" },
  "vsock-auto-no": { devices: "<vsock model='virtio'><cid auto='no'/></vsock>" },
  "vsock-cid-2": { devices: "<vsock model='virtio'><cid auto='no' address='2'/></vsock>" },
  "vsock-usb": { devices: "<vsock model='virtio'><cid auto='yes'/><address type='usb' bus='0' port='1'/></vsock>" },
  "lease-no-key": { devices: "<lease><lockspace>a</lockspace><target path='/x'/></lease>" },

  "memory-no-max": {
    devices: "<memory model='dimm'><target><size unit='KiB'>524288</size><node>0</node></target></memory>",
    cpu: nodes,
  },
  "memory-no-numa": { top: "<maxMemory slots='16' unit='GiB'>4</maxMemory>" },
  "memory-slots-zero": { cpu: nodes, top: "<maxMemory slots='0' unit='GiB'>4</maxMemory>" },
  "memory-slots-300": { cpu: nodes, top: "<maxMemory slots='300' unit='GiB'>4</maxMemory>" },
  "memory-max-small": { cpu: nodes, top: "<maxMemory slots='16' unit='KiB'>1024</maxMemory>" },
  "memory-too-many": {
    cpu: nodes,
    top: "<maxMemory slots='1' unit='GiB'>4</maxMemory>",
    devices: "<memory model='dimm'><target><size unit='KiB'>131072</size><node>0</node></target></memory>".repeat(2),
  },
  "memory-too-much": {
    ...hotplug,
    devices: "<memory model='dimm'><target><size unit='GiB'>8</size><node>0</node></target></memory>",
  },
  "memory-node-9": {
    ...hotplug,
    devices: "<memory model='dimm'><target><size unit='KiB'>131072</size><node>9</node></target></memory>",
  },
  "memory-no-node": {
    ...hotplug,
    devices: "<memory model='dimm'><target><size unit='KiB'>131072</size></target></memory>",
  },
  "memory-slot-twice": {
    ...hotplug,
    devices:
      "<memory model='dimm'><target><size unit='KiB'>131072</size><node>0</node></target><address type='dimm' slot='1'/></memory>".repeat(
        2,
      ),
  },
  "memory-slot-huge": {
    ...hotplug,
    devices:
      "<memory model='dimm'><target><size unit='KiB'>131072</size><node>0</node></target><address type='dimm' slot='99'/></memory>",
  },
  "memory-dimm-pci": {
    ...hotplug,
    devices:
      "<memory model='dimm'><target><size unit='KiB'>131072</size><node>0</node></target><address type='pci' domain='0' bus='0' slot='9' function='0'/></memory>",
  },
  "memory-dimm-uuid": {
    ...hotplug,
    devices:
      "<memory model='dimm'><uuid>53764d0e-85a0-42b4-af5c-2046b460b1dc</uuid><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-nvdimm-no-path": {
    ...hotplug,
    devices: "<memory model='nvdimm'><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-nvdimm-label": {
    ...hotplug,
    devices:
      "<memory model='nvdimm'><source><path>/x</path></source><target><size unit='KiB'>131072</size><node>0</node><label><size unit='KiB'>64</size></label></target></memory>",
  },
  "memory-nvdimm-label-big": {
    ...hotplug,
    devices:
      "<memory model='nvdimm'><source><path>/x</path></source><target><size unit='KiB'>131072</size><node>0</node><label><size unit='KiB'>131073</size></label></target></memory>",
  },
  "memory-nvdimm-no-slots": {
    cpu: nodes,
    devices:
      "<memory model='nvdimm'><source><path>/x</path></source><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-nvdimm-align": {
    ...hotplug,
    devices:
      "<memory model='nvdimm'><source><path>/x</path><alignsize unit='KiB'>3</alignsize></source><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-nvdimm-discard": {
    ...hotplug,
    devices:
      "<memory model='nvdimm' discard='yes'><source><path>/x</path></source><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-pmem-node": {
    ...hotplug,
    devices:
      "<memory model='virtio-pmem'><source><path>/x</path></source><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-pmem-label": {
    ...hotplug,
    devices:
      "<memory model='virtio-pmem'><source><path>/x</path></source><target><size unit='KiB'>131072</size><label><size unit='KiB'>128</size></label></target></memory>",
  },
  "memory-mem-block-odd": {
    ...hotplug,
    devices:
      "<memory model='virtio-mem'><target><size unit='KiB'>131072</size><node>0</node><block unit='KiB'>1000</block><requested unit='KiB'>0</requested></target></memory>",
  },
  "memory-mem-block-small": {
    ...hotplug,
    devices:
      "<memory model='virtio-mem'><target><size unit='KiB'>131072</size><node>0</node><block unit='KiB'>2</block><requested unit='KiB'>0</requested></target></memory>",
  },
  "memory-mem-requested-big": {
    ...hotplug,
    devices:
      "<memory model='virtio-mem'><target><size unit='KiB'>131072</size><node>0</node><block unit='KiB'>2048</block><requested unit='KiB'>262144</requested></target></memory>",
  },
  "memory-mem-requested-odd": {
    ...hotplug,
    devices:
      "<memory model='virtio-mem'><target><size unit='KiB'>131072</size><node>0</node><block unit='KiB'>2048</block><requested unit='KiB'>1024</requested></target></memory>",
  },
  "memory-mem-no-block": {
    ...hotplug,
    devices: "<memory model='virtio-mem'><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-sgx-pc": {
    ...hotplug,
    devices: "<memory model='sgx-epc'><target><size unit='KiB'>65536</size></target></memory>",
  },
  "memory-dimm-s390": {
    arch: "s390x",
    features: "",
    ...hotplug,
    devices: "<memory model='dimm'><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
  },
  "memory-zero": {
    ...hotplug,
    devices: "<memory model='dimm'><target><size unit='KiB'>0</size><node>0</node></target></memory>",
  },
  "hugepages-odd-size": { top: "<memoryBacking><hugepages><page size='3' unit='M'/></hugepages></memoryBacking>" },
  "hugepages-zero": { top: "<memoryBacking><hugepages><page size='0' unit='M'/></hugepages></memoryBacking>" },
  "hugepages-memfd-private": { top: "<memoryBacking><hugepages/><source type='file'/></memoryBacking>" },
  "hugepages-anonymous": {
    top: "<memoryBacking><hugepages/><source type='anonymous'/><allocation mode='ondemand'/></memoryBacking>",
  },
  "hugepages-discard-no-numa": { top: "<memoryBacking><discard/></memoryBacking>" },
  "memory-allocation-threads": { top: "<memoryBacking><allocation threads='4'/></memoryBacking>" },
  "memory-nosharepages": { top: "<memoryBacking><nosharepages/></memoryBacking>" },
  "memtune-locked": { top: "<memoryBacking><locked/></memoryBacking>" },
  "memory-zero-kib": { top: "<memory>0</memory>" },
  "memory-current-more": { top: "<currentMemory>99999999</currentMemory>" },

  "cpu-host-tcg": { cpu: "<cpu mode='host-passthrough'/>" },
  "cpu-host-model-tcg": { cpu: "<cpu mode='host-model'/>" },
  "cpu-maximum": { cpu: "<cpu mode='maximum'/>" },
  "cpu-unknown": { cpu: "<cpu mode='custom'><model>banana</model></cpu>" },
  "cpu-vendor": { cpu: "<cpu mode='custom'><model>Penryn</model><vendor>Banana</vendor></cpu>" },
  "cpu-feature-unknown": {
    cpu: "<cpu mode='custom'><model>Penryn</model><feature policy='require' name='banana'/></cpu>",
  },
  "cpu-feature-forbid": {
    cpu: "<cpu mode='custom' match='exact'><model>Penryn</model><feature policy='forbid' name='vmx'/></cpu>",
  },
  "cpu-feature-twice": {
    cpu: "<cpu mode='custom' match='exact'><model>Penryn</model><feature name='vmx'/><feature name='vmx'/></cpu>",
  },
  "cpu-topology-more": { cpu: "<cpu><topology sockets='1' cores='1' threads='1'/></cpu>" },
  "cpu-topology-fewer": { cpu: "<cpu><topology sockets='4' cores='1' threads='1'/></cpu>" },
  "cpu-topology-dies-old": {
    cpu: "<cpu><topology sockets='1' dies='2' cores='1' threads='1'/></cpu>",
    machine: "pc-i440fx-4.0",
  },
  "cpu-topology-zero": { cpu: "<cpu><topology sockets='0' cores='1' threads='1'/></cpu>" },
  "cpu-cache-level-4": { cpu: "<cpu mode='custom'><model>Penryn</model><cache level='4' mode='emulate'/></cpu>" },
  "cpu-cache-level-2": { cpu: "<cpu mode='custom'><model>Penryn</model><cache level='2' mode='emulate'/></cpu>" },
  "cpu-cache-emulate-none": { cpu: "<cpu mode='custom'><model>Penryn</model><cache mode='emulate'/></cpu>" },
  "cpu-cache-passthrough": { cpu: "<cpu mode='custom'><model>Penryn</model><cache mode='passthrough'/></cpu>" },
  "cpu-cache-passthrough-level": {
    type: "kvm",
    cpu: "<cpu mode='host-passthrough'><cache level='3' mode='passthrough'/></cpu>",
  },
  "cpu-cache-disable-level": { cpu: "<cpu mode='custom'><model>Penryn</model><cache level='3' mode='disable'/></cpu>" },
  "cpu-cache-s390": {
    arch: "s390x",
    features: "",
    cpu: "<cpu mode='custom'><model>z13</model><cache level='3' mode='emulate'/></cpu>",
  },
  "cpu-physbits-emulate": { cpu: "<cpu mode='custom'><model>Penryn</model><maxphysaddr mode='emulate'/></cpu>" },
  "cpu-physbits-passthrough": {
    cpu: "<cpu mode='custom'><model>Penryn</model><maxphysaddr mode='passthrough'/></cpu>",
  },
  "cpu-physbits-passthrough-bits": {
    type: "kvm",
    cpu: "<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' bits='42'/></cpu>",
  },
  "cpu-physbits-arm": {
    arch: "aarch64",
    features: "",
    cpu: "<cpu mode='custom'><model>cortex-a57</model><maxphysaddr mode='emulate' bits='42'/></cpu>",
  },
  "cpu-migratable-custom": { cpu: "<cpu mode='custom' migratable='off'><model>Penryn</model></cpu>" },
  "cpu-match-minimum-arm": {
    arch: "aarch64",
    features: "",
    cpu: "<cpu mode='custom' match='minimum'><model>cortex-a57</model></cpu>",
  },
  "cpu-host-model-fallback": { type: "kvm", cpu: "<cpu mode='host-model'><model fallback='forbid'/></cpu>" },
  "cpu-numa-gap": { cpu: "<cpu><numa><cell id='1' cpus='0-1' memory='1048576'/></numa></cpu>" },
  "cpu-numa-overlap": {
    cpu: "<cpu><numa><cell id='0' cpus='0-1' memory='524288'/><cell id='1' cpus='1' memory='524288'/></numa></cpu>",
  },
  "cpu-numa-more": { cpu: "<cpu><numa><cell id='0' cpus='0-9' memory='524288'/></numa></cpu>" },
  "cpu-numa-twice": {
    cpu: "<cpu><numa><cell id='0' cpus='0' memory='524288'/><cell id='0' cpus='1' memory='524288'/></numa></cpu>",
  },
  "cpu-numa-distance-low": {
    cpu: "<cpu><numa><cell id='0' cpus='0' memory='524288'><distances><sibling id='1' value='5'/></distances></cell><cell id='1' cpus='1' memory='524288'/></numa></cpu>",
  },
  "cpu-numa-distance-self": {
    cpu: "<cpu><numa><cell id='0' cpus='0' memory='524288'><distances><sibling id='0' value='20'/></distances></cell><cell id='1' cpus='1' memory='524288'/></numa></cpu>",
  },
  "cpu-numa-hmat-target": {
    cpu: "<cpu><numa><cell id='0' cpus='0-1' memory='1048576'/><interconnects><latency initiator='0' target='7' type='access' value='5'/></interconnects></numa></cpu>",
  },
  "cpu-numa-cache-twice": {
    cpu: "<cpu><numa><cell id='0' cpus='0-1' memory='1048576'><cache level='1' associativity='direct' policy='writeback'><size value='8' unit='KiB'/><line value='5' unit='B'/></cache><cache level='1' associativity='direct' policy='writeback'><size value='8' unit='KiB'/><line value='5' unit='B'/></cache></cell></numa></cpu>",
  },
  "cpu-feature-mode-s390": {
    arch: "s390x",
    features: "",
    cpu: "<cpu mode='custom'><model>z13</model><feature policy='optional' name='vx'/></cpu>",
  },
  "vcpu-too-many": { vcpu: "<vcpu>999</vcpu>" },
  "vcpu-zero": { vcpu: "<vcpu>0</vcpu>" },
  "vcpu-current-more": { vcpu: "<vcpu current='4'>2</vcpu>" },
  "vcpu-huge": { vcpu: "<vcpu>4294967295</vcpu>" },
  "vcpu-256-pc": { vcpu: "<vcpu>256</vcpu>" },
  "vcpu-256-q35": { ...q35, vcpu: "<vcpu>256</vcpu>" },
  "vcpu-255-q35-no-iommu": { ...q35, vcpu: "<vcpu>288</vcpu>" },
  "vcpu-256-iommu": {
    ...q35,
    features: "<acpi/><ioapic driver='qemu'/>",
    vcpu: "<vcpu>256</vcpu>",
    devices: "<iommu model='intel'><driver intremap='on'/></iommu>",
  },
  "vcpu-256-iommu-eim": {
    ...q35,
    type: "kvm",
    features: "<acpi/><ioapic driver='qemu'/>",
    vcpu: "<vcpu>256</vcpu>",
    devices: "<iommu model='intel'><driver intremap='on' eim='on'/></iommu>",
  },
  "vcpus-order-twice": {
    top: "<vcpus><vcpu id='0' enabled='yes' hotpluggable='no' order='1'/><vcpu id='1' enabled='yes' hotpluggable='no' order='1'/></vcpus>",
  },
  "vcpus-0-disabled": {
    vcpu: "<vcpu current='1'>2</vcpu>",
    top: "<vcpus><vcpu id='0' enabled='no' hotpluggable='yes'/><vcpu id='1' enabled='yes' hotpluggable='yes'/></vcpus>",
  },
  "vcpupin-9": { top: "<cputune><vcpupin vcpu='9' cpuset='0'/></cputune>" },
  "vcpupin-twice": { top: "<cputune><vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='0' cpuset='0'/></cputune>" },
  "cputune-period-low": { top: "<cputune><period>5</period></cputune>" },
  "cputune-quota-low": { top: "<cputune><quota>5</quota></cputune>" },
  "cputune-shares-low": { top: "<cputune><shares>1</shares></cputune>" },
  "iothreadpin-9": { top: "<iothreads>1</iothreads><cputune><iothreadpin iothread='9' cpuset='0'/></cputune>" },
  "iothread-id-zero": { top: "<iothreadids><iothread id='0'/></iothreadids>" },
  "iothread-id-twice": { top: "<iothreadids><iothread id='1'/><iothread id='1'/></iothreadids>" },
  "iothread-pool": {
    top: "<iothreads>1</iothreads><iothreadids><iothread id='1' thread_pool_min='10' thread_pool_max='5'/></iothreadids>",
  },
  "defaultiothread-pool": { top: "<defaultiothread thread_pool_min='10' thread_pool_max='5'/>" },
  "vcpusched-overlap": {
    top: "<cputune><vcpusched vcpus='0-1' scheduler='fifo' priority='1'/><vcpusched vcpus='1' scheduler='rr' priority='1'/></cputune>",
  },
  "vcpusched-no-priority": { top: "<cputune><vcpusched vcpus='0-1' scheduler='fifo'/></cputune>" },
  "numatune-node-9": { top: "<numatune><memory mode='strict' nodeset='9999'/></numatune>" },
  "numatune-memnode": { top: "<numatune><memnode cellid='0' mode='strict' nodeset='0'/></numatune>" },
  "numatune-memnode-cell": { top: "<numatune><memnode cellid='5' mode='strict' nodeset='0'/></numatune>", cpu: nodes },
  "numatune-auto-memnode": {
    cpu: nodes,
    top: "<numatune><memory mode='strict' placement='auto'/><memnode cellid='0' mode='strict' nodeset='0'/></numatune>",
  },
  "numatune-restrictive-mixed": {
    cpu: nodes,
    top: "<numatune><memory mode='restrictive' nodeset='0'/><memnode cellid='0' mode='strict' nodeset='0'/></numatune>",
  },
  "blkiotune-weight": { top: "<blkiotune><weight>5</weight></blkiotune>" },
  "blkiotune-device-weight": {
    top: "<blkiotune><device><path>/dev/sda</path><weight>5000</weight></device></blkiotune>",
  },
  "memtune-min": { top: "<memtune><min_guarantee>5</min_guarantee></memtune>" },
  "memtune-swap": { top: "<memtune><hard_limit>500000</hard_limit><swap_hard_limit>5</swap_hard_limit></memtune>" },
  "resource-partition": { top: "<resource><partition>banana</partition></resource>" },
  "resource-appid": { top: "<resource><fibrechannel appid='ä'/></resource>" },
  "resource-appid-long": { top: `<resource><fibrechannel appid='${"a".repeat(200)}'/></resource>` },

  "feature-hap": { features: "<acpi/><hap/>" },
  "feature-viridian": { features: "<acpi/><viridian/>" },
  "feature-privnet": { features: "<acpi/><privnet/>" },
  "feature-pvspinlock-arm": { arch: "aarch64", features: "<pvspinlock/>" },
  "feature-acpi-s390": { arch: "s390x", features: "<acpi/>" },
  "feature-acpi-ppc": { arch: "ppc64", features: "<acpi/>" },
  "feature-acpi-arm-no-uefi": { arch: "aarch64", features: "<acpi/>" },
  "feature-apic-arm": { arch: "aarch64", features: "<apic eoi='on'/>" },
  "feature-gic-pc": { features: "<acpi/><gic version='3'/>" },
  "feature-gic-host-tcg": { arch: "aarch64", features: "<gic version='host'/>" },
  "feature-hpt-pc": { features: "<acpi/><hpt resizing='enabled'/>" },
  "feature-htm-pc": { features: "<acpi/><htm state='on'/>" },
  "feature-nested-hv-pc": { features: "<acpi/><nested-hv state='on'/>" },
  "feature-ccf-pc": { features: "<acpi/><ccf-assist state='on'/>" },
  "feature-cfpc-pc": { features: "<acpi/><cfpc value='fixed'/>" },
  "feature-sbbc-pc": { features: "<acpi/><sbbc value='fixed'/>" },
  "feature-ibs-pc": { features: "<acpi/><ibs value='broken'/>" },
  "feature-hpt-page": { arch: "ppc64", features: "<hpt><maxpagesize unit='KiB'>3</maxpagesize></hpt>" },
  "feature-smm-pc": { features: "<acpi/><smm state='on'/>" },
  "feature-smm-arm": { arch: "aarch64", features: "<smm state='on'/>" },
  "feature-tseg-pc": { features: "<acpi/><smm state='on'><tseg unit='MiB'>8</tseg></smm>" },
  "feature-tseg-odd": { ...q35, features: "<acpi/><smm state='on'><tseg unit='KiB'>300</tseg></smm>" },
  "feature-tseg-off": { ...q35, features: "<acpi/><smm state='off'><tseg unit='MiB'>8</tseg></smm>" },
  "feature-tseg-zero": { ...q35, features: "<acpi/><smm state='on'><tseg unit='MiB'>0</tseg></smm>" },
  "feature-ioapic-arm": { arch: "aarch64", features: "<ioapic driver='qemu'/>" },
  "feature-ioapic-tcg": { features: "<acpi/><ioapic driver='kvm'/>" },
  "feature-vmport-arm": { arch: "aarch64", features: "<vmport state='on'/>" },
  "feature-vmcoreinfo": { features: "<acpi/><vmcoreinfo state='on'/>" },
  "feature-msrs-tcg": { features: "<acpi/><msrs unknown='ignore'/>" },
  "feature-msrs-fault": { type: "kvm", features: "<acpi/><msrs unknown='fault'/>" },
  "feature-kvm-tcg": { features: "<acpi/><kvm><hidden state='on'/></kvm>" },
  "feature-kvm-dirty-ring": { type: "kvm", features: "<acpi/><kvm><dirty-ring state='on' size='1000'/></kvm>" },
  "feature-kvm-arm": { arch: "aarch64", type: "kvm", features: "<kvm><poll-control state='on'/></kvm>" },
  "feature-kvm-dedicated": { type: "kvm", features: "<acpi/><kvm><hint-dedicated state='on'/></kvm>" },
  "feature-xen": { features: "<acpi/><xen><e820_host state='on'/></xen>" },
  "feature-capabilities": { features: "<acpi/><capabilities policy='deny'/>" },
  "feature-tcg-cache": { features: "<acpi/><tcg><tb-cache unit='MiB'>128</tb-cache></tcg>" },
  "feature-tcg-kvm": { type: "kvm", features: "<acpi/><tcg><tb-cache unit='MiB'>128</tb-cache></tcg>" },
  "feature-hyperv-arm": { arch: "aarch64", features: "<hyperv><relaxed state='on'/></hyperv>" },
  "feature-hyperv-s390": { arch: "s390x", features: "<hyperv><relaxed state='on'/></hyperv>" },
  "feature-hyperv-stimer": { features: "<acpi/><hyperv><stimer state='on'/></hyperv>" },
  "feature-hyperv-synic": { features: "<acpi/><hyperv><synic state='on'/></hyperv>" },
  "feature-hyperv-spinlocks": { features: "<acpi/><hyperv><spinlocks state='on' retries='100'/></hyperv>" },
  "feature-hyperv-vendor": { features: "<acpi/><hyperv><vendor_id state='on' value='1234567890123'/></hyperv>" },
  "feature-hyperv-passthrough": {
    type: "kvm",
    features: "<acpi/><hyperv mode='passthrough'><relaxed state='off'/></hyperv>",
  },
  "feature-unknown": { features: "<acpi/><banana/>" },
  "feature-pmu-tcg": { features: "<acpi/><pmu state='off'/>" },

  "timer-unknown": { top: "<clock offset='utc'><timer name='banana'/></clock>" },
  "timer-platform": { top: "<clock offset='utc'><timer name='platform'/></clock>" },
  "timer-tsc-s390": {
    arch: "s390x",
    features: "",
    top: "<clock offset='utc'><timer name='tsc' frequency='1'/></clock>",
  },
  "timer-hypervclock-s390": {
    arch: "s390x",
    features: "",
    top: "<clock offset='utc'><timer name='hypervclock' present='yes'/></clock>",
  },
  "timer-kvmclock-arm": {
    arch: "aarch64",
    features: "",
    top: "<clock offset='utc'><timer name='kvmclock' present='yes'/></clock>",
  },
  "timer-hpet-arm": {
    arch: "aarch64",
    features: "",
    top: "<clock offset='utc'><timer name='hpet' present='yes'/></clock>",
  },
  "timer-pit-arm": {
    arch: "aarch64",
    features: "",
    top: "<clock offset='utc'><timer name='pit' present='yes'/></clock>",
  },
  "timer-armvtimer-pc": { top: "<clock offset='utc'><timer name='armvtimer' tickpolicy='discard'/></clock>" },
  "timer-rtc-track": { top: "<clock offset='utc'><timer name='rtc' track='boot'/></clock>" },
  "timer-rtc-merge": { top: "<clock offset='utc'><timer name='rtc' tickpolicy='merge'/></clock>" },
  "timer-rtc-discard": { top: "<clock offset='utc'><timer name='rtc' tickpolicy='discard'/></clock>" },
  "timer-pit-merge": { top: "<clock offset='utc'><timer name='pit' tickpolicy='merge'/></clock>" },
  "timer-pit-catchup": { top: "<clock offset='utc'><timer name='pit' tickpolicy='catchup'/></clock>" },
  "timer-pit-absent": { top: "<clock offset='utc'><timer name='pit' present='no'/></clock>" },
  "timer-tsc-policy": { top: "<clock offset='utc'><timer name='tsc' tickpolicy='discard'/></clock>" },
  "timer-tsc-mode": { top: "<clock offset='utc'><timer name='tsc' mode='native'/></clock>" },
  "timer-hpet-policy": { top: "<clock offset='utc'><timer name='hpet' tickpolicy='delay'/></clock>" },
  "timer-catchup-alone": {
    top: "<clock offset='utc'><timer name='rtc' tickpolicy='delay'><catchup threshold='1'/></timer></clock>",
  },
  "clock-timezone": { top: "<clock offset='timezone' timezone='Europe/Paris'/>" },
  "clock-absolute-none": { top: "<clock offset='absolute'/>" },
  "clock-variable-utc": { top: "<clock offset='variable' adjustment='5' basis='banana'/>" },

  "os-xen": { os: "", top: "<os><type>xen</type></os>" },
  "os-bootloader": { top: "<bootloader>/usr/bin/pygrub</bootloader>" },
  "os-boot-menu-timeout": { os: "<bootmenu enable='yes' timeout='65536'/>" },
  "os-boot-menu-off-timeout": { os: "<bootmenu enable='no' timeout='3000'/>" },
  "os-reboot-timeout": { os: "<bios rebootTimeout='65536'/>" },
  "os-useserial": { os: "<bios useserial='yes'/>" },
  "os-initrd-alone": { os: "<initrd>/initrd</initrd>" },
  "os-cmdline-alone": { os: "<cmdline>root=/dev/sda</cmdline>" },
  "os-kernel-relative": { os: "<kernel>kernel</kernel>" },
  "os-dtb-pc": { os: "<kernel>/kernel</kernel><dtb>/dtb</dtb>" },
  "os-acpi-table": { os: "<acpi><table type='slic'>/table</table></acpi>", features: "" },
  "os-acpi-table-relative": { os: "<acpi><table type='slic'>table</table></acpi>" },
  "os-smbios-sysinfo": { os: "<smbios mode='sysinfo'/>" },
  "os-smbios-arm": {
    arch: "s390x",
    features: "",
    os: "<smbios mode='emulate'/>",
    top: "<sysinfo type='smbios'><bios><entry name='vendor'>x</entry></bios></sysinfo>",
  },
  "os-smbios-date": {
    os: "<smbios mode='sysinfo'/>",
    top: "<sysinfo type='smbios'><bios><entry name='date'>13/45/2020</entry></bios></sysinfo>",
  },
  "os-fwcfg-name": { top: "<sysinfo type='fwcfg'><entry name='banana'>x</entry></sysinfo>" },
  "os-fwcfg-etc": { top: "<sysinfo type='fwcfg'><entry name='etc/sercon-port'>x</entry></sysinfo>" },
  "os-fwcfg-empty": { top: "<sysinfo type='fwcfg'><entry name='opt/com.x/y'/></sysinfo>" },
  "os-fwcfg-both": { top: "<sysinfo type='fwcfg'><entry name='opt/com.x/y' file='/x'>z</entry></sysinfo>" },
  "os-fwcfg-unknown": { top: "<sysinfo type='fwcfg'><entry name='opt/ovmf/y'>z</entry></sysinfo>" },
  "os-loader-secure-no-smm": { ...q35, os: "<loader readonly='yes' secure='yes' type='pflash'>/f</loader>" },
  "os-loader-secure-pc": {
    features: "<acpi/><smm state='on'/>",
    os: "<loader readonly='yes' secure='yes' type='pflash'>/f</loader>",
  },
  "os-loader-secure-rom": {
    ...q35,
    features: "<acpi/><smm state='on'/>",
    os: "<loader readonly='yes' secure='yes' type='rom'>/f</loader>",
  },
  "os-loader-pflash-rw": { ...q35, os: "<loader readonly='no' type='pflash'>/f</loader>" },
  "os-loader-rom-rw": { ...q35, os: "<loader readonly='no' type='rom'>/f</loader>" },
  "os-loader-rom-nvram": { ...q35, os: "<loader readonly='yes' type='rom'>/f</loader><nvram>/n</nvram>" },
  "os-loader-pflash-no-acpi": { ...q35, features: "", os: "<loader readonly='yes' type='pflash'>/f</loader>" },
  "os-loader-relative": { ...q35, os: "<loader readonly='yes' type='pflash'>f</loader>" },
  "os-loader-stateless-rom": { ...q35, os: "<loader readonly='yes' type='rom' stateless='yes'>/f</loader>" },
  "os-firmware-bios-nvram": {
    os: "",
    top: "<os firmware='bios'><type arch='x86_64' machine='pc'>hvm</type><nvram>/x</nvram></os>",
  },
  "os-init": { os: "<init>/sbin/init</init>" },
  "os-nvram-type-dir": {
    ...q35,
    os: "<loader readonly='yes' type='pflash'>/f</loader><nvram type='dir'><source dir='/x'/></nvram>",
  },
  "os-type-unknown": { type: "qemu", arch: "banana" },
  "os-machine-unknown": { machine: "banana" },
  "os-arch-32-kvm": { type: "hvf" },
  "pm-arm": { arch: "s390x", features: "", top: "<pm><suspend-to-mem enabled='no'/></pm>" },
  "pm-q35": { ...q35, top: "<pm><suspend-to-mem enabled='no'/></pm>" },
  "lifecycle-preserve": { top: "<on_reboot>preserve</on_reboot>" },
  "lifecycle-poweroff-preserve": { top: "<on_poweroff>preserve</on_poweroff>" },
  "lifecycle-crash-rename": { top: "<on_crash>rename-restart</on_crash>" },
  "lifecycle-mixed": { top: "<on_poweroff>restart</on_poweroff><on_reboot>destroy</on_reboot>" },
  "lifecycle-reboot-destroy": { top: "<on_reboot>destroy</on_reboot>" },
  "lifecycle-lockfailure": { top: "<on_lockfailure>restart</on_lockfailure>" },
  "genid-arm": { arch: "aarch64", features: "", top: "<genid/>" },
  "launch-sev-pc": { top: "<launchSecurity type='sev'><policy>0x1</policy></launchSecurity>" },
  "launch-s390-pv-pc": { top: "<launchSecurity type='s390-pv'/>" },
  "launch-sev-no-policy": { ...q35, type: "kvm", top: "<launchSecurity type='sev'/>" },
  "launch-unknown": { top: "<launchSecurity type='banana'/>" },
  "keywrap-pc": { top: "<keywrap><cipher name='aes' state='on'/></keywrap>" },
  "keywrap-twice": {
    arch: "s390x",
    features: "",
    top: "<keywrap><cipher name='aes' state='on'/><cipher name='aes' state='on'/></keywrap>",
  },
  "perf-unknown": { top: "<perf><event name='banana' enabled='yes'/></perf>" },
  "perf-twice": { top: "<perf><event name='cmt' enabled='yes'/><event name='cmt' enabled='yes'/></perf>" },
  idmap: { top: "<idmap><uid start='0' target='1000' count='10'/><gid start='0' target='1000' count='10'/></idmap>" },
  "seclabel-twice": { top: "<seclabel type='none' model='dac'/><seclabel type='none' model='dac'/>" },
  "seclabel-static-empty": { top: "<seclabel type='static' model='dac'/>" },
  "seclabel-dynamic-norelabel": { top: "<seclabel type='dynamic' model='dac' relabel='no'/>" },
  "title-newline": { top: "<title>a\nb</title>" },
  "name-slash": { top: "", vcpu: "<vcpu>2</vcpu><name>a/b</name>" },
  "qemu-capability-unknown": {
    top: "<capabilities xmlns='http://libvirt.org/schemas/domain/qemu/1.0'><add capability='banana'/></capabilities>",
  },
  "qemu-env-bad": {
    top: "<commandline xmlns='http://libvirt.org/schemas/domain/qemu/1.0'><env name='1bad'/></commandline>",
  },
  "qemu-arg-empty": { top: "<commandline xmlns='http://libvirt.org/schemas/domain/qemu/1.0'><arg/></commandline>" },
  "pci-address-slot": {
    devices:
      "<memballoon model='virtio'><address type='pci' domain='0' bus='0' slot='0x20' function='0'/></memballoon>",
  },
  "pci-address-bus-missing": {
    devices: "<memballoon model='virtio'><address type='pci' domain='0' bus='9' slot='1' function='0'/></memballoon>",
  },
  "pci-address-domain": {
    devices: "<memballoon model='virtio'><address type='pci' domain='1' bus='0' slot='5' function='0'/></memballoon>",
  },
  "pci-address-taken": {
    devices:
      "<memballoon model='virtio'><address type='pci' domain='0' bus='0' slot='7' function='0'/></memballoon><rng model='virtio'><backend model='random'/><address type='pci' domain='0' bus='0' slot='7' function='0'/></rng>",
  },
  "pci-address-multifunction": {
    devices:
      "<memballoon model='virtio'><address type='pci' domain='0' bus='0' slot='7' function='0' multifunction='banana'/></memballoon>",
  },
  "pci-address-reserved": {
    devices: "<memballoon model='virtio'><address type='pci' domain='0' bus='0' slot='1' function='0'/></memballoon>",
  },
  "usb-address-bus": { devices: "<input type='mouse' bus='usb'><address type='usb' bus='7' port='1'/></input>" },
  "usb-address-port": { devices: "<input type='mouse' bus='usb'><address type='usb' bus='0' port='9'/></input>" },
  "usb-address-taken": {
    devices:
      "<input type='mouse' bus='usb'><address type='usb' bus='0' port='1'/></input><input type='tablet' bus='usb'><address type='usb' bus='0' port='1'/></input>",
  },
  "usb-address-bad": {
    devices: "<input type='mouse' bus='usb'><address type='usb' bus='0' port='1.2.3.4.5'/></input>",
  },
  "ccw-address-pc": {
    devices: "<memballoon model='virtio'><address type='ccw' cssid='0xfe' ssid='0' devno='0x0001'/></memballoon>",
  },
  "ccw-address-cssid": {
    arch: "s390x",
    features: "",
    devices: "<memballoon model='virtio'><address type='ccw' cssid='0xff' ssid='0' devno='0x0001'/></memballoon>",
  },
  "spapr-address-taken": {
    arch: "ppc64",
    features: "",
    devices:
      "<serial type='pty'><address type='spapr-vio' reg='0x30000000'/></serial><serial type='pty'><address type='spapr-vio' reg='0x30000000'/></serial>",
  },
  "alias-twice": {
    devices:
      "<serial type='pty'><alias name='ua-x'/></serial><channel type='pty'><target type='virtio' name='x'/><alias name='ua-x'/></channel>",
  },
  "mmio-pc": { devices: "<memballoon model='virtio'><address type='virtio-mmio'/></memballoon>" },
};
