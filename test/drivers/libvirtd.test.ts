/** The suite against libvirt's own drivers, through the C libvirtd: what it says of drivers is what libvirt's do. */
import { chmod } from "node:fs/promises";
import { after } from "node:test";
import "../../src/api/drivers.ts";
import { connect } from "../../src/driver/router.ts";
import { Libvirtd, withoutLibvirtd } from "../remote/libvirtd.ts";
import { describeDriver } from "./suite/all.ts";
import { qemuSubject } from "./suite/qemu-subject.ts";
import type { Feature } from "./suite/subject.ts";
import { testSubject } from "./suite/test-subject.ts";

const reason = withoutLibvirtd();
if (reason) {
  console.log(`# skipped: ${reason}`);
} else {
  const daemon = await Libvirtd.start();
  after(() => daemon.stop());
  await chmod(daemon.folder, 0o711);
  // Its volumes are names without bytes, and it knows no secrets.
  const lacking: readonly Feature[] = [
    "start-flags",
    "revert-to-running",
    "volume-content",
    "volume-resize",
    "bounded-volumes",
    "secrets",
  ];
  const features = new Set([...testSubject.features].filter((feature) => !lacking.includes(feature)));
  const subject = { ...testSubject, features, name: "libvirtd's test driver" };
  describeDriver({ ...subject, open: (options) => connect(daemon.uri(), options) });
  const qemu = { ...qemuSubject(daemon.folder), name: "libvirtd's QEMU driver" };
  describeDriver({ ...qemu, open: (options) => connect(daemon.uri("qemu", "/system"), options) });
}
