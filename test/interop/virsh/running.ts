/**
 * Command lines about a guest that runs, one after the other: each finds what those before it have
 * done. Without save, dump and their like: virsh's own wait for them now and then never ends.
 */
export const runningLines: readonly string[] = [
  "define {guest.xml}; start guest; list --all",
  "dominfo guest; domstate guest --reason; domid guest",
  "domblklist guest --details; domblkinfo guest vda; domiflist guest",
  "domstats guest --state --vcpu",
  "vcpucount guest; vcpuinfo guest; vcpupin guest; emulatorpin guest",
  "dommemstat guest",
  "domcontrol guest; domjobinfo guest; domblkerror guest",
  "ttyconsole guest; domdisplay guest; vncdisplay guest",

  // Devices
  "attach-disk guest {}/extra.qcow2 vdb --driver qemu --subdriver qcow2 --targetbus virtio; domblklist guest",
  "attach-disk guest {}/extra.qcow2 vdb --subdriver qcow2",
  "detach-disk guest vdz",
  "attach-interface guest user x --model virtio",
  "attach-device guest {disk.xml} --live --config",
  "update-device guest {disk.xml}",
  "detach-device guest {disk.xml} --config",
  "detach-device-alias guest nosuch",
  "change-media guest vda --eject",
  "domif-setlink guest 52:54:00:00:00:01 down; domif-getlink guest 52:54:00:00:00:01; domif-setlink guest 52:54:00:00:00:01 up",
  "domif-setlink guest 52:54:00:00:00:99 down",
  "blkdeviotune guest vda --total-iops-sec 100; blkdeviotune guest vda",
  "domblkthreshold guest vda 1M; domblkthreshold guest vdz 1M",
  "set-lifecycle-action guest crash destroy",
  "iothreadinfo guest; iothreadadd guest 1; iothreadinfo guest; iothreaddel guest 1",
  "setmem guest 32M; setmem guest 64M --live",
  "setvcpus guest 9",

  // Blocks
  "blockresize guest vda 16M; domblkinfo guest vda",
  "blockjob guest vda",
  "blockjob guest vda --abort",
  "blockcopy guest vda {}/copy.qcow2 --wait --finish --transient-job",
  "blockcopy guest nosuch {}/copy.qcow2",
  "blockpull guest vda --wait",
  "blockcommit guest vda --active --pivot",
  "snapshot-create-as guest first --disk-only --no-metadata --diskspec vda,file={}/over.qcow2; domblklist guest",
  "blockcommit guest vda --active --pivot --wait; domblklist guest",

  // Checkpoints, backups, snapshots
  "checkpoint-create-as guest one; checkpoint-list guest; checkpoint-info guest one; checkpoint-parent guest one",
  "checkpoint-create-as guest two 'the second'; checkpoint-list guest --tree; checkpoint-list guest --parent",
  "checkpoint-dumpxml guest two --no-domain; checkpoint-dumpxml guest nosuch",
  "checkpoint-delete guest one; checkpoint-list guest --topological",
  "checkpoint-delete guest nosuch",
  "checkpoint-create guest {not.xml}",
  "backup-dumpxml guest",
  "backup-begin guest {not.xml}",
  "snapshot-list guest; snapshot-current guest",
  "snapshot-create guest {not.xml}",
  "checkpoint-delete guest two; checkpoint-list guest --name",

  // QEMU's own
  "qemu-monitor-command guest --hmp info status",
  'qemu-monitor-command guest --pretty \'{"execute":"query-status"}\'',
  'qemu-monitor-command guest \'{"execute":"nosuch"}\'',
  'qemu-monitor-command guest --return-value \'{"execute":"query-name"}\'',
  "qemu-monitor-event guest --timeout 1 --event NOSUCH",
  'qemu-agent-command guest \'{"execute":"guest-ping"}\'',
  "qemu-attach 1",
  "lxc-enter-namespace guest /bin/true",

  // The guest's agent, which it does not have
  "domtime guest; domfsinfo guest; domfsfreeze guest; domfsthaw guest; domfstrim guest; guestvcpus guest; guestinfo guest",
  "domhostname guest; domifaddr guest --source agent; set-user-password guest root x; get-user-sshkeys guest root",
  "dompmsuspend guest mem; dompmwakeup guest",

  // Keys, screens, signals
  "send-key guest KEY_A; send-key guest --codeset linux 30 31 --holdtime 10",
  "inject-nmi guest",
  "send-process-signal guest 1 sigterm",
  "screenshot guest {}/screen",

  // Moving
  "migrate guest qemu+unix:///nosuch?socket=/nonexistent",
  "migrate-getmaxdowntime guest; migrate-getspeed guest; migrate-setspeed guest 10; migrate-getspeed guest",
  "migrate-setmaxdowntime guest 100; migrate-compcache guest; migrate-postcopy guest",
  "suspend guest; domstate guest --reason; resume guest; domstate guest --reason",
  "domjobinfo guest --completed",
  "reset guest; reboot guest --mode acpi",
  "domdirtyrate-calc guest --seconds 1",
  "domsetlaunchsecstate guest; domlaunchsecinfo guest",
  "perf guest",
  "destroy guest; domstate guest --reason; undefine guest; list --all",
];
