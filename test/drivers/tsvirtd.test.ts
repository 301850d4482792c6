/** The suite against the drivers that tsvirtd serves, over the wire. */
import { after } from "node:test";
import "../../src/api/drivers.ts";
import { connect } from "../../src/driver/router.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";
import { describeDriver } from "./suite/all.ts";
import { qemuSubject } from "./suite/qemu-subject.ts";
import { testSubject } from "./suite/test-subject.ts";

const daemon = await Tsvirtd.start({ after });
const subject = { ...testSubject, name: "test through tsvirtd" };
describeDriver({ ...subject, open: (options) => connect(daemon.uri("test"), options) });

if (skipWithoutQemu) {
  console.log(`# skipped: ${skipWithoutQemu}`);
} else {
  const qemu = { ...qemuSubject(daemon.root), name: "QEMU through tsvirtd" };
  describeDriver({ ...qemu, open: (options) => connect(daemon.uri("qemu"), options) });
}
