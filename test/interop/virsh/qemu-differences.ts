/**
 * Command lines about QEMU guests whose answer is meant to differ, by the reason: a heading of docs/differences.md, or
 * what SPECIFICATION.md says is not there. That they still differ is tested.
 */

/** Between virsh and tsvirt, whatever daemon they ask. */
export const betweenClients: Readonly<Record<string, readonly string[]>> = {
  "A command that fails has the exit code of one that failed": [
    "net-port-dumpxml inner nosuch",
    "net-port-dumpxml inner c0de0000-0000-4000-8000-000000000099",
  ],
  "Nothing is printed of a command that fails": ["schedinfo guest"],
};

/** Between what virsh prints of the C libvirtd and of tsvirtd. */
export const betweenDaemons: Readonly<Record<string, readonly string[]>> = {
  "The QEMU driver has no such function yet": [
    "blockjob guest vda --abort",
    "blockcopy guest vda {}/copy.qcow2 --wait --finish --transient-job",
    "blockcopy guest nosuch {}/copy.qcow2",
    "blockpull guest vda --wait",
    "blockcommit guest vda --active --pivot",
    "blockcommit guest vda --active --pivot --wait; domblklist guest",
    "snapshot-create-as guest first --disk-only --no-metadata --diskspec vda,file={}/over.qcow2; domblklist guest",
    "snapshot-create guest {not.xml}",
    "checkpoint-create-as guest one; checkpoint-list guest; checkpoint-info guest one; checkpoint-parent guest one",
    "checkpoint-create-as guest two 'the second'; checkpoint-list guest --tree; checkpoint-list guest --parent",
    "checkpoint-dumpxml guest two --no-domain; checkpoint-dumpxml guest nosuch",
    "checkpoint-delete guest one; checkpoint-list guest --topological",
    "checkpoint-create guest {not.xml}",
    "checkpoint-delete guest two; checkpoint-list guest --name",
    "backup-dumpxml guest",
    "backup-begin guest {not.xml}",
    "qemu-monitor-event guest --timeout 1 --event NOSUCH",
    "dompmsuspend guest mem; dompmwakeup guest",
    "migrate-getmaxdowntime guest; migrate-getspeed guest; migrate-setspeed guest 10; migrate-getspeed guest",
    "migrate-setmaxdowntime guest 100; migrate-compcache guest; migrate-postcopy guest",
    "restore {}/saved; domstate guest --reason; domjobinfo guest --completed",
    "nodesuspend mem 1",
    "nodedev-create {nodedev.xml}",
  ],
  "What a device clashes with is found before its storage is": ["attach-device guest {disk.xml} --live --config"],
  "A group of disks that nobody named is nobody's": [
    "blkdeviotune guest vda --total-iops-sec 100; blkdeviotune guest vda",
  ],
  "An answer of QEMU's monitor comes without libvirt's number": [
    'qemu-monitor-command guest --pretty \'{"execute":"query-status"}\'',
    'qemu-monitor-command guest \'{"execute":"nosuch"}\'',
  ],
  "A message says more, or names the function that was called": [
    "pool-define-as x bogus",
    "define {nameless.xml}",
    "domxml-to-native qemu-argv {nameless.xml}",
    "save-image-dumpxml {guest.xml}",
    "restore {guest.xml}",
    "domcapabilities --arch nosuch",
    "cpu-models nosuch",
  ],
  "Malformed XML is described in other words than libxml2's": [
    "net-define {not.xml}",
    "vol-create images {not.xml}",
    "pool-define {not.xml}",
    "secret-define {not.xml}",
    "nwfilter-define {not.xml}",
    "define {not.xml}",
  ],
  "What takes an ioctl or udev is not told of node devices": ["nodedev-dumpxml net_lo_00_00_00_00_00_00"],
  "The live definition leaves the processor as it was asked for": ["start guest; dumpxml guest", "dumpxml guest"],
};
