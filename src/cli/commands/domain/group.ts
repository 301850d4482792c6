/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const agent = () => import("./agent.ts");
const block = () => import("./block.ts");
const blockjob = () => import("./blockjob.ts");
const console = () => import("./console.ts");
const describe = () => import("./describe.ts");
const device = () => import("./device.ts");
const disk = () => import("./disk.ts");
const dumpxml = () => import("./dumpxml.ts");
const identity = () => import("./identity.ts");
const iothread = () => import("./iothread.ts");
const job = () => import("./job.ts");
const keys = () => import("./keys.ts");
const memory = () => import("./memory.ts");
const migrate = () => import("./migrate.ts");
const misc = () => import("./misc.ts");
const nic = () => import("./nic.ts");
const pin = () => import("./pin.ts");
const power = () => import("./power.ts");
const qemu = () => import("./qemu.ts");
const save = () => import("./save.ts");
const saveImage = () => import("./save-image.ts");
const start = () => import("./start.ts");
const tune = () => import("./tune.ts");
const vcpu = () => import("./vcpu.ts");

export const domain = group("domain", "Domain Management", {
  "attach-device": device,
  "attach-disk": disk,
  "attach-interface": nic,
  autostart: identity,
  blkdeviotune: () => import("./blkdeviotune.ts"),
  blkiotune: tune,
  blockcommit: blockjob,
  blockcopy: blockjob,
  blockjob,
  blockpull: blockjob,
  blockresize: block,
  "change-media": () => import("./media.ts"),
  console,
  "cpu-stats": misc,
  create: start,
  define: start,
  desc: describe,
  destroy: power,
  "detach-device": device,
  "detach-device-alias": device,
  "detach-disk": disk,
  "detach-interface": nic,
  domdisplay: console,
  domfsfreeze: agent,
  domfsthaw: agent,
  domfsinfo: agent,
  domfstrim: agent,
  domhostname: identity,
  domid: identity,
  "domif-setlink": nic,
  domiftune: nic,
  domjobabort: job,
  domjobinfo: job,
  domlaunchsecinfo: misc,
  domsetlaunchsecstate: misc,
  domname: identity,
  domrename: identity,
  dompmsuspend: agent,
  dompmwakeup: agent,
  domuuid: identity,
  "domxml-from-native": dumpxml,
  "domxml-to-native": dumpxml,
  dump: () => import("./dump.ts"),
  dumpxml,
  edit: () => import("./edit.ts"),
  "get-user-sshkeys": agent,
  "inject-nmi": power,
  iothreadinfo: iothread,
  iothreadpin: pin,
  iothreadadd: iothread,
  iothreadset: iothread,
  iothreaddel: iothread,
  "send-key": keys,
  "send-process-signal": keys,
  "lxc-enter-namespace": qemu,
  managedsave: save,
  "managedsave-remove": save,
  "managedsave-edit": saveImage,
  "managedsave-dumpxml": saveImage,
  "managedsave-define": saveImage,
  memtune: memory,
  perf: tune,
  metadata: describe,
  migrate,
  "migrate-setmaxdowntime": migrate,
  "migrate-getmaxdowntime": migrate,
  "migrate-compcache": migrate,
  "migrate-setspeed": migrate,
  "migrate-getspeed": migrate,
  "migrate-postcopy": migrate,
  numatune: tune,
  "qemu-attach": qemu,
  "qemu-monitor-command": qemu,
  "qemu-monitor-event": qemu,
  "qemu-agent-command": qemu,
  "guest-agent-timeout": agent,
  reboot: power,
  reset: power,
  restore: save,
  resume: power,
  save,
  "save-image-define": saveImage,
  "save-image-dumpxml": saveImage,
  "save-image-edit": saveImage,
  schedinfo: tune,
  screenshot: () => import("./screenshot.ts"),
  "set-lifecycle-action": misc,
  "set-user-sshkeys": agent,
  "set-user-password": agent,
  setmaxmem: memory,
  setmem: memory,
  setvcpus: vcpu,
  shutdown: power,
  start,
  suspend: power,
  ttyconsole: console,
  undefine: () => import("./undefine.ts"),
  "update-device": device,
  "update-memory-device": memory,
  vcpucount: vcpu,
  vcpuinfo: vcpu,
  vcpupin: pin,
  emulatorpin: pin,
  vncdisplay: console,
  guestvcpus: vcpu,
  setvcpu: vcpu,
  domblkthreshold: block,
  guestinfo: agent,
  "domdirtyrate-calc": misc,
  "dom-fd-associate": misc,
});
