/**
 * Programs in Python, Perl and Ruby, by libvirt's own bindings: each runs on tsvirtd and on the C libvirtd, and cannot
 * tell which of the two it talks to.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../helpers/project.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { withoutLibvirtd } from "../../remote/libvirtd.ts";
import { type Household, startCHousehold, startHousehold } from "./guest.ts";

const programs = join(projectRoot, "test/interop/clients/programs");

interface Binding {
  readonly name: string;
  readonly interpreter: string;
  /** Words that make the interpreter load the binding and do nothing. */
  readonly probe: readonly string[];
  readonly script: string;
  /** The Debian package of the binding. */
  readonly from: string;
  /** An answer by which one sees that the program has come to its end. */
  readonly last: readonly [string, unknown];
}

const bindings: readonly Binding[] = [
  {
    name: "Python",
    interpreter: "/usr/bin/python3",
    probe: ["-c", "import libvirt"],
    script: "python.py",
    from: "python3-libvirt",
    last: ["interfaces", ["eth1"]],
  },
  {
    name: "Python, lending files",
    interpreter: "/usr/bin/python3",
    probe: ["-c", "import libvirt"],
    script: "lent_files.py",
    from: "python3-libvirt",
    last: ["undefine", 0],
  },
  {
    name: "Perl",
    interpreter: "/usr/bin/perl",
    probe: ["-MSys::Virt", "-e", "1"],
    script: "perl.pl",
    from: "libsys-virt-perl",
    last: ["saved", 0],
  },
  {
    name: "Ruby",
    interpreter: "/usr/bin/ruby",
    probe: ["-rlibvirt", "-e", "1"],
    script: "ruby.rb",
    from: "ruby-libvirt",
    last: ["created", true],
  },
];

function missing({ interpreter, probe, from }: Binding): string | false {
  return spawnSync(interpreter, probe).status === 0 ? false : `${from} is not installed`;
}

async function answers({ interpreter, script }: Binding, { qemu, test: uri, image }: Household) {
  const { code, stdout, stderr } = await runClient(interpreter, [join(programs, script), qemu, uri, image]);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  return JSON.parse(stdout.replaceAll(qemu, "(the QEMU connection)")) as Record<string, unknown>;
}

test("libvirt's bindings cannot tell tsvirtd from libvirtd", { skip: withoutLibvirtd() }, async (t) => {
  const ours = await startHousehold(t);
  const theirs = await startCHousehold(t);
  for (const binding of bindings) {
    await t.test(binding.name, { skip: missing(binding) }, async () => {
      const got = await answers(binding, ours);
      const [key, value] = binding.last;
      assert.deepEqual(got[key], value);
      assert.deepEqual(got, await answers(binding, theirs));
    });
  }
});
