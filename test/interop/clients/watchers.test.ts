/** Programs that watch a host's guests: Cockpit by libvirt-dbus, collectd, the Prometheus exporter, virt-admin. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { listening } from "../../helpers/listening.ts";
import { projectRoot } from "../../helpers/project.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { freePort } from "../../remote/libvirtd.ts";
import { startHousehold } from "./guest.ts";

const programs = join(projectRoot, "test/interop/clients/programs");

/** Why a test cannot be run: the first file that is missing. */
function lacking(...files: readonly string[]): string | false {
  const missing = files.find((file) => !existsSync(file));
  return missing === undefined ? false : `${missing} is not installed`;
}

/** A program that runs until the test ends. */
function background(t: TestContext, program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.resume();
  const gone = once(child, "close");
  t.after(async () => {
    child.kill();
    await gone;
  });
  return child;
}

test("Cockpit's calls, by libvirt-dbus", {
  skip:
    lacking("/usr/sbin/libvirt-dbus", "/usr/bin/dbus-daemon", "/usr/lib/python3/dist-packages/dbus/__init__.py") ||
    (process.getuid?.() !== 0 && "namespaces need root"),
}, async (t) => {
  const { daemon } = await startHousehold(t);
  const folder = join(daemon.root, "bus");
  await mkdir(folder);
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const words = [join(programs, "cockpit.sh"), join(daemon.root, "run"), folder, join(programs, "cockpit.py")];
  const { code, stdout, stderr } = await runClient("unshare", [...namespaces, "sh", ...words]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    version: 9_000_000,
    capabilities: true,
    domains: [
      {
        name: "guest",
        active: true,
        persistent: true,
        osType: "hvm",
        state: [1, 1],
        stats: true,
        xml: true,
        snapshots: 0,
      },
    ],
    nodeMemory: true,
    networks: 0,
    pools: 0,
    listsDevices: true,
    listsInterfaces: true,
    suspended: 3,
    resumed: 1,
  });
});

test("collectd's virt plugin", { skip: lacking("/usr/sbin/collectd", "/usr/lib/collectd/virt.so") }, async (t) => {
  const { daemon, qemu } = await startHousehold(t);
  const folder = join(daemon.root, "collectd");
  const told = join(folder, "csv", "guest", "virt");
  await mkdir(told, { recursive: true });
  const configuration = join(folder, "collectd.conf");
  await writeFile(
    configuration,
    `BaseDir "${folder}"
PIDFile "${folder}/pid"
Interval 1
Hostname "host"
TypesDB "/usr/share/collectd/types.db"
LoadPlugin csv
LoadPlugin virt
<Plugin csv>
  DataDir "${folder}/csv"
</Plugin>
<Plugin virt>
  Connection "${qemu}"
  HostnameFormat name
  ExtraStats "cpu_util disk disk_err domain_state job_stats_background pcpu vcpupin vcpu memory"
</Plugin>
`,
  );
  const expected = ["virt_vcpu-0", "memory-total", "disk_octets-vda", "domain_state", "virt_cpu_total"];
  const files = watch(told);
  const child = background(t, "/usr/sbin/collectd", ["-C", configuration, "-f"]);
  const words: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => words.push(text));
  const missing = async () => {
    const there = await readdir(told);
    return expected.filter((name) => !there.some((file) => file.startsWith(name)));
  };
  while ((await missing()).length > 0) await Promise.race([once(files, "change"), once(child, "close")]);
  files.close();
  assert.doesNotMatch(words.join(""), /libvirt: .* error/);
  const [state = ""] = (await readdir(told)).filter((name) => name.startsWith("domain_state"));
  assert.match(await readFile(join(told, state), "utf8"), /^epoch,/);
});

function page(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text));
    }).on("error", reject);
  });
}

test("the Prometheus exporter", { skip: lacking("/usr/bin/prometheus-libvirt-exporter") }, async (t) => {
  const { qemu } = await startHousehold(t);
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = background(t, "/usr/bin/prometheus-libvirt-exporter", [
    `--web.listen-address=${address}`,
    `--libvirt.uri=${qemu}`,
  ]);
  const ended = new AbortController();
  child.once("exit", () => ended.abort(new Error("the exporter has ended")));
  await listening(port, AbortSignal.any([ended.signal, AbortSignal.timeout(60_000)]));
  const text = await page(`http://${address}/metrics`);
  assert.match(text, /^libvirt_up 1$/m);
  assert.match(text, /^libvirt_domains_number 1$/m);
  assert.match(text, /^libvirt_domain_info_maximum_memory_bytes\{domain="guest",.*\} 3\.3554432e\+07$/m);
  assert.match(text, /^libvirt_domain_block_stats_read_bytes_total\{domain="guest",.*target_device="vda".*\} \d+$/m);
  assert.match(text, /^libvirt_domain_state_code\{domain="guest",.*\} 1$/m);
});
