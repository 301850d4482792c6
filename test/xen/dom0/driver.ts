/** The suite that describes every driver, against the Xen driver with real guests, in process. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { describeDriver } from "../../drivers/suite/all.ts";
import { openXen } from "../inside/open.ts";
import { xenSubject } from "../inside/xen-subject.ts";

const root = await mkdtemp(join(tmpdir(), "xen-suite-"));
after(() => rm(root, { recursive: true }));

describeDriver({ ...xenSubject, name: "xen", open: (options) => openXen(root, options) });
