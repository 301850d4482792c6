/**
 * tsvirt and the real virsh, given the same command lines on real storage: tsvirt's own driver here, libvirt's daemon
 * there, each with pools in a folder of its own. The same output, the same errors, the same exit code, but for times,
 * UUIDs and how full the disk is.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Outcome, tsvirt, virsh, virshMissing } from "../../../src/cli/virsh.test.support.ts";
import type { Router } from "../../../src/driver/router.ts";
import { openComposed } from "../../helpers/composed.ts";
import { Libvirtd, withoutLibvirtd } from "../../remote/libvirtd.ts";

const noQemuImg = spawnSync("qemu-img", ["--version"]).error ? "qemu-img is not installed" : false;
const skip = withoutLibvirtd() || noQemuImg || (await virshMissing());

const uuid = (last: number) => `0a81f5b2-8403-7b23-c8d6-21ccc2f80d${String(last).padStart(2, "0")}`;
const pool = (name: string, path: string, last: number) =>
  `<pool type='dir'><name>${name}</name><uuid>${uuid(last)}</uuid><target><path>{}/${path}</path></target></pool>`;
const volume = (name: string, inside: string, target = "") =>
  `<volume><name>${name}</name>${inside}<target>${target}</target></volume>`;
const capacity = "<capacity unit='MiB'>4</capacity>";
const qcow2 = "<format type='qcow2'/>";
const encryption = `<encryption format='luks'><secret type='passphrase' uuid='${uuid(1)}'/></encryption>`;
const secret = (attributes: string, last: number, usage: string, rest = "") =>
  `<secret ${attributes}><uuid>${uuid(last)}</uuid>${rest}<usage type='volume'><volume>${usage}</volume></usage></secret>`;

/** Documents that lines name: `{}/perm.xml`; in them, `{}` is the folder as well. */
const documents: Readonly<Record<string, string>> = {
  "q1.xml": pool("q", "q1", 20),
  "q2.xml": pool("q", "q2", 20),
  "q3.xml": pool("other", "q3", 20),
  "same.xml": pool("same", "p/", 21),
  "perm.xml": volume(
    "perm.raw",
    capacity,
    "<permissions><mode>0644</mode><owner>1000</owner><group>1001</group></permissions>",
  ),
  "noback.xml": volume(
    "nb.qcow2",
    `${capacity}<backingStore><path>/nosuch/b</path><format type='raw'/></backingStore>`,
    qcow2,
  ),
  "rawback.xml": volume("rb", `${capacity}<backingStore><path>{}/p/a.raw</path><format type='raw'/></backingStore>`),
  "nocap.xml": volume("nocap.qcow2", "<backingStore><path>{}/p/a.raw</path><format type='raw'/></backingStore>", qcow2),
  "none.xml": volume("none", ""),
  "key.xml": volume(
    "k.raw",
    "<key>mine</key><capacity>1000</capacity><allocation>2000</allocation>",
    "<path>/elsewhere</path>",
  ),
  "features.xml": volume(
    "features.qcow2",
    capacity,
    `${qcow2}<compat>1.1</compat><clusterSize unit='KiB'>128</clusterSize><features><lazy_refcounts/></features>`,
  ),
  "big.raw.xml": volume("big.raw", "<capacity unit='MiB'>8</capacity><allocation>0</allocation>"),
  "small.xml": volume("small.qcow2", "<capacity>100</capacity>", qcow2),
  "luks.xml": volume("l.luks", capacity, `<format type='raw'/>${encryption}`),
  "nosecret.xml": volume("n.luks", capacity, "<format type='raw'/><encryption format='luks'/>"),
  "s1.xml": secret("", 1, "{}/p/l.luks", "<description>of a disk</description>"),
  "s1private.xml": secret("private='yes'", 1, "{}/p/l.luks"),
  "s1other.xml": secret("", 1, "other"),
  "s2taken.xml": secret("", 2, "{}/p/l.luks"),
  "s3.xml": secret("ephemeral='yes' private='yes'", 3, "three"),
  "f1.xml": "<filter name='f1'><rule action='accept' direction='in'><ip srcipaddr='10.0.0.1'/></rule></filter>",
  "f2.xml": `<filter name='f2' chain='ipv4-x'><uuid>${uuid(5)}</uuid><filterref filter='f1'/></filter>`,
  "f1loop.xml": "<filter name='f1' chain='root'><filterref filter='f2'/></filter>",
  "f3.xml": "<filter name='f3'><filterref filter='nowhere'/></filter>",
};

/** What is done, in this order: later lines see what earlier ones did. */
const lines: readonly string[] = [
  "pool-define-as p dir --target {}/p",
  "pool-list --all --details",
  "pool-dumpxml p; pool-info p",
  "pool-start p",
  "pool-build p; pool-start p; pool-start p; pool-build p",
  "pool-dumpxml p; pool-dumpxml p --inactive; pool-info p",
  "pool-define-as p dir --target {}/elsewhere",
  "pool-define {}/same.xml",
  "pool-create-as t dir --target {}/t",
  "pool-create-as t dir --target {}/t --build; pool-autostart t; pool-list --all; pool-undefine t",
  "pool-destroy t; pool-destroy t; pool-list",
  "pool-autostart p; pool-list --autostart; pool-autostart p --disable; pool-list --autostart",
  "pool-undefine p; pool-delete p",
  "pool-build p --overwrite",
  "pool-define {}/q1.xml; pool-build q; pool-start q; pool-define {}/q2.xml; pool-dumpxml q; pool-dumpxml q --inactive",
  "pool-define {}/q3.xml; pool-destroy q; pool-dumpxml q; pool-start q; pool-build q --overwrite --no-overwrite",
  "pool-build q; pool-delete q; pool-undefine q; pool-undefine q",
  "pool-define-as a/b dir --target {}/ab; pool-define-as nt dir",
  "find-storage-pool-sources dir; find-storage-pool-sources bogus",
  "find-storage-pool-sources netfs",
  "vol-list p; vol-list p --details",
  "vol-create-as p a.raw 1M; vol-create-as p a.raw 1M",
  "vol-dumpxml a.raw p; vol-info a.raw p; vol-info a.raw p --bytes --physical",
  "vol-create-as p thin.raw 10M --allocation 0; vol-dumpxml thin.raw p",
  "vol-create-as p part.raw 10M --allocation 3M; vol-dumpxml part.raw p",
  "vol-create-as p a.qcow2 10M --format qcow2; vol-dumpxml a.qcow2 p",
  "vol-create-as p full.qcow2 4M --format qcow2 --prealloc-metadata; vol-info full.qcow2 p",
  "vol-create-as p over.qcow2 10M --format qcow2 --backing-vol a.qcow2 --backing-vol-format qcow2; vol-dumpxml over.qcow2 p",
  "vol-create-as p o 10M --format qcow2 --backing-vol nosuch --backing-vol-format qcow2",
  "vol-create-as p o 10M --format bogus",
  "vol-create-as p a.iso 1M --format iso; vol-info a.iso p --bytes",
  "vol-create-as p a.vmdk 10M --format vmdk; vol-dumpxml a.vmdk p",
  "vol-create-as p a.vdi 10M --format vdi; vol-dumpxml a.vdi p",
  "vol-create-as p a.vpc 10M --format vpc; vol-dumpxml a.vpc p",
  "vol-create-as p a.qed 10M --format qed; vol-dumpxml a.qed p",
  "vol-create-as p a.qcow 10M --format qcow; vol-dumpxml a.qcow p",
  "vol-create-as p x 10M --format cow; vol-create-as p x 10M --format dmg",
  "vol-create-as p x 10M --format fat; vol-create-as p x 10M --format ploop",
  "vol-create-as p a/b 1M; vol-create-as p . 1M; vol-create-as p huge 100P",
  "vol-create-as p zero 0; vol-dumpxml zero p; vol-create-as p b.raw 1M --prealloc-metadata",
  "vol-create p {}/perm.xml; vol-dumpxml perm.raw p",
  "vol-create p {}/nocap.xml; vol-dumpxml nocap.qcow2 p; vol-create p {}/none.xml",
  "vol-create p {}/noback.xml; vol-create p {}/rawback.xml",
  "vol-create p {}/key.xml; vol-dumpxml k.raw p",
  "vol-create p {}/features.xml; vol-dumpxml features.qcow2 p",
  "vol-key a.raw p; vol-path a.raw p; vol-name {}/p/a.raw; vol-pool {}/p/a.raw; vol-pool a.raw",
  "vol-info nosuch p; vol-info nosuch; vol-path a.raw nosuch",
  "vol-clone a.raw clone.raw --pool p; vol-dumpxml clone.raw p; vol-clone a.raw clone.raw --pool p",
  "vol-clone a.qcow2 clone.qcow2 --pool p; vol-info clone.qcow2 p; vol-clone over.qcow2 c.qcow2 --pool p; vol-dumpxml c.qcow2 p",
  "vol-create-from p {}/big.raw.xml a.raw --inputpool p; vol-info big.raw p",
  "vol-create-from p {}/small.xml a.raw --inputpool p; vol-info small.qcow2 p",
  "vol-clone small.qcow2 refl.qcow2 --pool p --reflink; vol-clone a.raw pre --pool p --prealloc-metadata",
  "vol-resize a.raw 2M --pool p; vol-info a.raw p; vol-resize a.raw 1M --pool p",
  "vol-resize a.raw 1M --pool p --shrink; vol-info a.raw p; vol-resize a.raw 1M --delta --pool p --allocate; vol-info a.raw p",
  "vol-resize a.raw 1M --pool p --shrink; vol-resize a.raw 100T --pool p --delta --allocate",
  "vol-resize a.qcow2 20M --pool p; vol-resize a.qcow2 5M --pool p --shrink; vol-info a.qcow2 p",
  "vol-resize a.qcow2 40M --pool p --allocate; vol-resize a.vmdk 40M --pool p; vol-resize a.raw 100P --pool p",
  "vol-wipe a.raw --pool p; vol-wipe a.raw --pool p --algorithm trim",
  "vol-wipe a.qcow2 --pool p; vol-dumpxml a.qcow2 p",
  "vol-upload a.raw {}/f1.xml --pool p; vol-info a.raw p; vol-download a.raw {}/down --pool p; vol-create-as p u 1M; vol-upload u {}/down --pool p; vol-dumpxml u p",
  "vol-upload a.raw {}/down --pool p --offset 1000000; vol-info a.raw p --bytes",
  "vol-download a.raw {}/down2 --pool p --offset 10 --length 20; vol-upload u {}/down2 --pool p --sparse; vol-info u p --bytes",
  "vol-create-as p d 0 --format dir; vol-upload d {}/down --pool p; vol-delete d p; vol-info d p",
  "vol-delete zero p; vol-delete zero p; vol-delete k.raw p --delete-snapshots",
  "pool-refresh p; vol-list p; pool-refresh nosuch",
  "vol-dumpxml over.qcow2 p; vol-dumpxml features.qcow2 p; vol-dumpxml a.vmdk p; vol-dumpxml a.iso p",
  "vol-create p {}/luks.xml; vol-create p {}/nosecret.xml",
  `secret-define {}/s1.xml; vol-create p {}/luks.xml; secret-get-value ${uuid(1)}`,
  `secret-set-value ${uuid(1)} MTIzNDU2; secret-get-value ${uuid(1)}; secret-dumpxml ${uuid(1)}`,
  "secret-define {}/s1other.xml; secret-define {}/s2taken.xml; secret-define {}/s3.xml; secret-list",
  "secret-list --ephemeral; secret-list --no-ephemeral; secret-list --private; secret-list --no-private",
  `secret-define {}/s1private.xml; secret-get-value ${uuid(1)}; secret-define {}/s1.xml`,
  `secret-undefine ${uuid(1)}; secret-undefine ${uuid(1)}; secret-undefine ${uuid(3)}; secret-list`,
  "nwfilter-define {}/f1.xml; nwfilter-define {}/f2.xml; nwfilter-dumpxml f1; nwfilter-dumpxml f2",
  "nwfilter-define {}/f1.xml; nwfilter-define {}/f1loop.xml; nwfilter-define {}/f3.xml",
  "nwfilter-undefine f1; nwfilter-undefine f2; nwfilter-undefine f3; nwfilter-undefine f1; nwfilter-dumpxml f1",
  "nwfilter-binding-list; nwfilter-binding-dumpxml vnet0; nwfilter-binding-delete vnet0",
  "pool-destroy p; vol-list p; pool-refresh p; pool-delete p",
  "pool-undefine p; pool-info p",
];

/** Takes out what no two runs have in common. */
function settled({ stdout, stderr, code }: Outcome, folder: string): Outcome {
  const plain = (text: string) =>
    text
      .replaceAll(folder, "{}")
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "(uuid)")
      .replace(/<([a-z]time)>[0-9.]+</g, "<$1>(time)<")
      // How large and how full the disk is.
      .replace(/(unit='bytes'>)\d{10,}</g, "$1(much)<")
      .replace(/\d+\.\d\d (?:GiB|TiB)/g, "(much)")
      .replace(/\/(?:usr\/)?s?bin\/(qemu-img)/g, "$1");
  return { stdout: plain(stdout), stderr: plain(stderr), code };
}

/** A folder with the documents of the lines in it. */
async function prepared(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-pools-"));
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(documents)) {
    await writeFile(join(folder, name), text.replaceAll("{}", folder));
  }
  return folder;
}

describe("on real storage", { skip }, () => {
  let daemon: Libvirtd;
  let folders: readonly [string, string];
  let open: Router;

  before(async () => {
    folders = [await prepared(), await prepared()];
    daemon = await Libvirtd.start({ network: true });
    // Somebody has the root open all the while, as a daemon has.
    open = await openComposed(join(folders[0], "root"));
  });
  after(async () => {
    await open?.close();
    await daemon?.stop();
    for (const folder of folders ?? []) await rm(folder, { recursive: true, force: true });
  });

  for (const line of lines) {
    test(line, async () => {
      const [here, there] = folders;
      const ours = await tsvirt(["-c", `qemu:///embed?root=${join(here, "root")}`, line.replaceAll("{}", here)]);
      const theirs = await virsh(["-c", daemon.uri("qemu", "/system"), line.replaceAll("{}", there)]);
      assert.deepEqual(settled(ours, here), settled(theirs, there));
    });
  }
});
