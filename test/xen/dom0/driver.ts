/** The suite that describes every driver, against the Xen driver with real guests, in process. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { Router } from "../../../src/driver/router.ts";
import { Session } from "../../../src/driver/session.ts";
import { parseConnectionUri } from "../../../src/driver/uri.ts";
import { xenDriver } from "../../../src/drivers/xen/index.ts";
import { describeDriver } from "../../drivers/suite/all.ts";
import { xenSubject } from "../inside/xen-subject.ts";

const root = await mkdtemp(join(tmpdir(), "xen-suite-"));
after(() => rm(root, { recursive: true }));

describeDriver({
  ...xenSubject,
  name: "xen",
  async open({ readOnly = false, sink = () => {} }) {
    const session = new Session({ uri: parseConnectionUri(`xen:///embed?root=${root}`), readOnly, sink });
    return new Router(session, await xenDriver.open(session, {}));
  },
});
