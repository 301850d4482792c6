/** A real libvirtd that asks a real polkitd about its clients: ours is let in, and told why not, as libvirt's is. */
import assert from "node:assert/strict";
import { chmod, cp } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { runAs, startBus, startPolkitd, withoutPolkit } from "../helpers/polkit.ts";
import { projectRoot } from "../helpers/project.ts";
import { shortFolder } from "../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "./libvirtd.ts";

const rules = `polkit.addRule(function(action, subject) {
  if (action.id == "org.libvirt.unix.manage" && subject.user == "daemon") return polkit.Result.YES;
  if (action.id == "org.libvirt.unix.manage" && subject.user == "bin") return polkit.Result.NO;
  if (action.id == "org.libvirt.unix.monitor" && subject.user == "games") return polkit.Result.NO;
});`;

const conf = ["rw", "ro"].flatMap((kind) => [`auth_unix_${kind} = "polkit"`, `unix_sock_${kind}_perms = "0777"`]);

test("polkit decides about our client as about libvirt's", {
  skip: withoutPolkit() || withoutLibvirtd(),
}, async (t) => {
  const bus = await startBus(t);
  const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${bus}` };
  await using daemon = await Libvirtd.start({ env, conf: conf.join("\n") });
  await chmod(daemon.folder, 0o755);
  // polkit is told the client's process: it, the daemon and the clients have to be in the same namespace.
  const around = ["nsenter", "--target", `${await daemon.pid()}`, "--mount", "--pid"];
  await startPolkitd(t, bus, rules, around);
  // Other users may be unable to read the project itself.
  const copy = await shortFolder(t);
  await chmod(copy, 0o755);
  await cp(join(projectRoot, "dist", "shell"), copy, { recursive: true });
  await cp(join(projectRoot, "package.json"), join(copy, "package.json"));

  const readOnly = `${daemon.uri()}-ro`;
  for (const [user, uri, message] of [
    ["root", daemon.uri(), null],
    ["daemon", daemon.uri(), null],
    ["daemon", `${daemon.uri()}&auth=polkit`, null],
    ["bin", daemon.uri(), /access denied by policy/],
    ["nobody", daemon.uri(), /no polkit agent available .*'org\.libvirt\.unix\.manage'/],
    ["nobody", readOnly, null],
    ["games", readOnly, /access denied by policy/],
  ] as const) {
    const words = ["-c", uri, "list", "--name", "--all"];
    const theirs = await runAs(user, ["virsh", ...words], around);
    const ours = await runAs(user, [process.execPath, join(copy, "program.js"), ...words], around);
    assert.deepEqual(ours, theirs, `${user} at ${uri}`);
    if (message === null) assert.equal(theirs.stdout, "test\n\n");
    else assert.match(theirs.stderr, message);
  }
});
