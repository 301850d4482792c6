/** Launch plans for tests: whole definitions on a host that has what they need, and real QEMUs started by their plans. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { QemuCapabilities } from "../../src/drivers/qemu/capabilities/capabilities.ts";
import { completionFor } from "../../src/drivers/qemu/definition/index.ts";
import {
  type LaunchContext,
  type LaunchPlan,
  type LaunchSettings,
  planLaunch,
  prepareLaunch,
} from "../../src/drivers/qemu/launch/index.ts";
import { QmpMonitor } from "../../src/drivers/qemu/monitor/qmp.ts";
import { boundToUs } from "../../src/host/bound-process.ts";
import { connectUnix, listenForChild } from "../../src/host/unix.ts";
import { type Domain, parseDomain } from "../../src/model/domain/index.ts";
import { type Deviations, deviceContext } from "./device-context.ts";

/** What a test says otherwise than the usual host. */
export interface LaunchOptions extends Deviations {
  readonly capabilities: QemuCapabilities;
  /** Where everything of the guest lies. */
  readonly folder: string;
  readonly arch?: string;
}

/** Reads a definition as the driver does, up to the moment when the guest starts. */
export function startingDomain(xml: string, { capabilities, folder, arch = "x86_64" }: LaunchOptions): Domain {
  const channelFolder = join(folder, "channel");
  const completion = completionFor({
    capabilities,
    hostArch: arch,
    emulatorFor: (guest) => `/usr/bin/qemu-system-${guest}`,
    channelFolder,
  });
  const domain = parseDomain(xml, { inactive: true, ...completion });
  const never = () => {
    throw new Error("the test's host does not have this");
  };
  prepareLaunch(domain, {
    capabilities,
    restored: false,
    settings: { vnc: graphics, spice: graphics },
    firmware: { installed: [], emulatorArch: capabilities.emulatorArch, nvramFolder: folder },
    folder,
    channelFolder,
    ports: { vnc: never, websocket: never, spice: never },
    networkAddress: never,
    busAddress: never,
    renderNode: () => "/dev/dri/renderD128",
    newUuid: () => "5b2e0a5e-9f6b-4a53-8b34-0d1f0a4d3c11",
  });
  return domain;
}

const graphics = { listen: "127.0.0.1", autoUnixSocket: true, sasl: false };

/** The plan of a definition's start; its monitor is descriptor 3. */
export function planOf(domain: Domain, options: LaunchOptions): LaunchPlan {
  const { settings, facts, ...device } = deviceContext(domain, options);
  const context: LaunchContext = {
    ...device,
    folder: options.folder,
    capabilities: options.capabilities,
    settings: { ...settings, ...machineSettings(options.folder) },
    facts: {
      ...facts,
      tpmCancelPath: (path) => `${path}/cancel`,
      tpmSocket: (alias) => join(options.folder, `${alias}.sock`),
    },
    monitor: { kind: "descriptor", fd: 3 },
    masterKey: new Uint8Array(32),
    descriptors: [],
    environment: process.env,
    ownHome: true,
    hostArch: "x86_64",
    pageSize: 4096,
    now: 1_700_000_000,
    utcOffset: 0,
  };
  return planLaunch(domain, context);
}

function machineSettings(folder: string): Omit<LaunchSettings, keyof ReturnType<typeof deviceContext>["settings"]> {
  return {
    dumpGuestCore: false,
    setProcessName: false,
    seccompSandbox: true,
    logTimestamp: true,
    deprecationBehavior: "none",
    memoryBackingFolder: folder,
    hugepageMounts: [],
    vnc: graphics,
    spice: graphics,
  };
}

/** Starts the real emulator as a plan says, and opens its monitor: it is gone after the test. */
export async function startPlanned(t: TestContext, plan: LaunchPlan, folder: string): Promise<QmpMonitor> {
  await mkdir(join(folder, "channel"), { recursive: true });
  for (const path of plan.folders) await mkdir(path, { recursive: true });
  for (const { path, mode, content } of plan.files) await writeFile(path, content, { mode });
  const path = join(folder, "monitor.sock");
  const listener = await listenForChild(path);
  const child = spawn(...boundToUs(plan.emulator, plan.args), {
    env: plan.env,
    stdio: ["ignore", "pipe", "pipe", listener.fd],
  });
  await listener.release();
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (words += chunk));
  const exited = once(child, "close");
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const monitor = await QmpMonitor.over(await connectUnix(path), { timeout: 180_000 }).catch(async (error: unknown) => {
    child.kill("SIGKILL");
    await exited;
    throw new Error(`QEMU did not come up: ${words}\n${plan.args.join(" ")}`, { cause: error });
  });
  t.after(() => monitor.close());
  return monitor;
}
