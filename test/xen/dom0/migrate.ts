/** Guests that move to another host: the same one, reached by a stand-in for ssh, for the lab has no second. */
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { stringParam } from "../../../src/driver/typed-parameters.ts";
import { DomainState } from "../../../src/protocol/index.ts";
import { fails, stateOf } from "../../drivers/suite/subject.ts";
import { Tsvirtd } from "../../helpers/tsvirtd.ts";
import { watchedXen } from "../inside/open.ts";
import { guestXml } from "../inside/xen-subject.ts";
import { guestUp, xl } from "../inside/xl.ts";

const standIn = await mkdtemp(join(tmpdir(), "ssh-stand-in-"));
after(() => rm(standIn, { recursive: true }));
const script = `#!/bin/sh
[ "$1" = here ] || { echo "ssh: no host is called $1" >&2; exit 255; }
shift
exec sh -c "$*"
`;
await writeFile(join(standIn, "ssh"), script);
await chmod(join(standIn, "ssh"), 0o755);
process.env.PATH = `${standIn}:${process.env.PATH}`;

/** Without shadow page tables, which Debian's hypervisor lacks, only a guest with hardware virtualization can move. */
const movableXml = guestXml("moves").replace("<type>linux<", "<type>xenpvh<");

const lines = async (): Promise<string[]> => (await xl("list")).split("\n").filter((line) => /^moves/.test(line));

test("a guest moves, and goes on there; one that cannot goes on here", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const { dom } = await router.call("domainCreateXml", { xmlDesc: movableXml, flags: 0 });
  t.after(() => xl("destroy", "moves").catch(() => {}));
  await guestUp("moves");
  await connection.events();
  const move = (uri: string, flags = 1) => {
    const params = [stringParam("migrate_uri", uri)];
    return router.call("domainMigratePerform3Params", {
      dom,
      dconnuri: null,
      params,
      cookieIn: new Uint8Array(),
      flags,
    });
  };
  await fails(() => move("qemu:///system"), "INVALID_ARG", /'xenmigr:\/\/HOST\/', which 'qemu:\/\/\/system' is not/);
  await fails(() => move("xenmigr://-oProxyCommand=x/"), "INVALID_ARG");
  await fails(() => move("xenmigr://here/", 3), "INVALID_ARG", /unsupported flags \(0x2\)/);
  await fails(() => move("xenmigr://nowhere/"), "OPERATION_FAILED", /cannot migrate domain/);
  assert.equal((await stateOf(router, dom))[0], DomainState.RUNNING);
  assert.equal((await lines()).length, 1);
  assert.deepEqual(await connection.events(), []);

  await move("xenmigr://here/");
  assert.deepEqual(await connection.events(), ["domain Lifecycle moves 5 3", "domain Lifecycle moves 2 0"]);
  const { dom: there } = await router.call("domainLookupByUuid", { uuid: dom.uuid });
  assert.ok(there.id > dom.id);
  assert.equal((await stateOf(router, there))[0], DomainState.RUNNING);
  assert.equal((await lines()).length, 1);
  await router.call("domainShutdown", { dom: there });
  await connection.hears("domain Lifecycle moves 5 1");
});

test("virsh moves a guest directly", async (t) => {
  const daemon = await Tsvirtd.start(t);
  const file = join(daemon.root, "moves.xml");
  await writeFile(file, movableXml);
  t.after(() => xl("destroy", "moves").catch(() => {}));
  const virsh = async (...args: string[]) => {
    const { code, stdout, stderr } = await daemon.virsh(args, daemon.uri("xen"));
    assert.equal(code, 0, `virsh ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  await virsh("create", file);
  await guestUp("moves");
  const id = Number((await virsh("domid", "moves")).trim());
  await virsh("migrate", "--direct", "--live", "moves", "xenmigr://here/", "xenmigr://here/");
  assert.ok(Number((await virsh("domid", "moves")).trim()) > id);
  const p2p = await daemon.virsh(["migrate", "--p2p", "moves", "xen+ssh://here/"], daemon.uri("xen"));
  assert.match(p2p.stderr, /p2p migration is not supported/);
});
