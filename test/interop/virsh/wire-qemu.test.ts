/**
 * The same command lines about QEMU guests through virsh and through tsvirt, and asked of the C libvirtd and of tsvirtd:
 * both clients print the same of a daemon, and both daemons let virsh print the same.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Outcome, tsvirt, virshMissing } from "../../../src/cli/virsh.test.support.ts";
import { skipWithoutQemu } from "../../helpers/qemu.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { withoutLibvirtd } from "../../remote/libvirtd.ts";
import { betweenClients, betweenDaemons } from "./qemu-differences.ts";
import { guestLines } from "./qemu-guest.ts";
import { hostLines } from "./qemu-host.ts";
import { cDaemon, QemuSide, type Run, tsDaemon } from "./qemu-side.ts";
import { runningLines } from "./running.ts";
import { savingLines } from "./saving.ts";

const virsh: Run = (argv) => runClient("virsh", argv);

/** Each begins without a guest, and leaves none. */
const parts: Readonly<Record<string, readonly string[]>> = {
  "a running guest": runningLines,
  "saving a guest": savingLines,
  "definitions and devices of a guest": guestLines,
  "the host of the guests": hostLines,
};

/** Lines whose answers are meant to differ do, all others do not. */
function compare(reasons: Readonly<Record<string, readonly string[]>>, line: string, ours: Outcome, libvirts: Outcome) {
  const [reason] = Object.entries(reasons).find(([, lines]) => lines.includes(line)) ?? [];
  if (reason === undefined) assert.deepEqual(ours, libvirts);
  else assert.notDeepEqual(ours, libvirts, `no difference any more: ${reason}`);
}

async function compareAll(t: TestContext, lines: readonly string[]): Promise<void> {
  const missing = await virshMissing();
  if (missing) return t.skip(missing);
  const asked = [cDaemon, tsDaemon].flatMap((daemon) => [virsh, tsvirt].map((run) => QemuSide.create(t, run, daemon)));
  const sides = await Promise.all(asked);
  for (const line of lines) {
    await t.test(line, async () => {
      const outcomes = await Promise.all(sides.map((side) => side.outcome(line)));
      const [virshOnC, tsvirtOnC, virshOnTs, tsvirtOnTs] = outcomes as [Outcome, Outcome, Outcome, Outcome];
      compare(betweenClients, line, tsvirtOnC, virshOnC);
      compare(betweenClients, line, tsvirtOnTs, virshOnTs);
      compare(betweenDaemons, line, virshOnTs, virshOnC);
    });
  }
}

const skip = withoutLibvirtd() || skipWithoutQemu;
for (const [name, lines] of Object.entries(parts)) test(name, { skip }, (t) => compareAll(t, lines));

test("every difference is of a line", () => {
  const all = Object.values(parts).flat();
  const told = [betweenClients, betweenDaemons].flatMap((reasons) => Object.values(reasons).flat());
  assert.deepEqual(
    told.filter((line) => !all.includes(line)),
    [],
  );
});
