/** Connections to the Xen driver on roots of their own, in process. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Router } from "../../../src/driver/router.ts";
import { type EventSink, Session } from "../../../src/driver/session.ts";
import { parseConnectionUri } from "../../../src/driver/uri.ts";
import { xenDriver } from "../../../src/drivers/xen/index.ts";
import { type Subject, type Watched, watch } from "../../drivers/suite/subject.ts";
import { xenSubject } from "./xen-subject.ts";

export interface XenOptions {
  readonly readOnly?: boolean;
  readonly sink?: EventSink;
}

/** Opens a connection to a root. */
export async function openXen(root: string, { readOnly = false, sink = () => {} }: XenOptions = {}): Promise<Router> {
  const session = new Session({ uri: parseConnectionUri(`xen:///embed?root=${root}`), readOnly, sink });
  return new Router(session, await xenDriver.open(session, {}));
}

/** The driver on a root, as the suite and its helpers take it. */
export function xenOn(root: string): Subject {
  return { ...xenSubject, name: "xen", open: (options) => openXen(root, options) };
}

/** A root for one test, gone with it. */
export async function xenRoot(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "xen-"));
  t.after(() => rm(root, { recursive: true }));
  return root;
}

/** A connection that listens, on a root of the test's own. */
export async function watchedXen(t: TestContext): Promise<Watched & { readonly root: string }> {
  const root = await xenRoot(t);
  return { ...(await watch(xenOn(root))), root };
}
