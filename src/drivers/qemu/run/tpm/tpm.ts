/**
 * Emulated TPMs: each is a process of its own beside QEMU, started before it and ended with it. Like QEMU it goes on
 * when our program ends; what it is found by again lies in a folder of ours that the guest cannot change.
 */
import { chown, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { LibvirtError, systemError } from "../../../../errors.ts";
import { writeAtomically } from "../../../../host/durable.ts";
import { makeFolder, readBounded } from "../../../../host/files.ts";
import type { ProcessId } from "../../../../host/proc.ts";
import { endProcess, startDaemon } from "../../../../host/process.ts";
import { runProgram } from "../../../../host/program.ts";
import { listenForChild } from "../../../../host/unix.ts";
import type { Identity } from "../../../../host/users.ts";
import type { Domain as Definition, Tpm } from "../../../../model/domain/index.ts";
import type { QemuHost } from "../../host.ts";
import { parseJson, stringifyJson } from "../../monitor/json.ts";
import { fields, int, int64 } from "../../monitor/shape.ts";
import { refuseUnreachable } from "../files/files.ts";
import { watchEnd } from "../process.ts";
import { findTpmPrograms, type TpmPrograms } from "./programs.ts";

type Emulated = Extract<Tpm["backend"], { type: "emulator" }>;

/** Where QEMU finds the TPM, in the guest's own folder. */
export const tpmSocket = (folder: string, alias: string): string => join(folder, `swtpm-${alias}.sock`);

/** How long making a TPM may take, in ms: it makes keys. */
const setupPatience = 120_000;
/** How long the emulator may take to end before it is killed, in ms. */
const endPatience = 5_000;
const maxBytes = 4096;

const processShape = fields({ pid: int, startTime: int64 });

/** A guest's emulated TPM; QEMU can have one. */
function emulatedTpm({ devices }: Definition): { readonly alias: string; readonly backend: Emulated } | undefined {
  for (const { alias = "tpm0", backend } of devices.tpms) if (backend.type === "emulator") return { alias, backend };
  return undefined;
}

/** Paths of a domain's TPM. The state alone is the emulator's; all else is ours. */
function pathsOf(host: QemuHost, uuid: string | undefined, { version }: Emulated) {
  const folder = host.layout.tpmFolder(uuid ?? "");
  return {
    folder,
    state: join(folder, version === "1.2" ? "tpm1.2" : "tpm2"),
    life: join(folder, "life.sock"),
    process: join(folder, "process.json"),
  };
}

/**
 * Starts the guest's emulated TPM, which is made when it has never been there.
 * @param folder the guest's own folder, where QEMU finds it.
 * @throws LibvirtError, and nothing runs.
 */
export async function startTpm(host: QemuHost, definition: Definition, folder: string): Promise<void> {
  const tpm = emulatedTpm(definition);
  if (tpm === undefined) return;
  const { alias, backend } = tpm;
  if (backend.encryption !== undefined) {
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "the state of an emulated TPM cannot be encrypted yet");
  }
  const programs = await findTpmPrograms();
  const paths = pathsOf(host, definition.uuid, backend);
  const runsAs = host.settings.tpmIdentity;
  await makeFolder(paths.folder, 0o711, "QEMU");
  await endFormer(paths);
  await makeState(programs, paths.state, definition, backend, runsAs);
  const [channel, life] = [await listenForChild(tpmSocket(folder, alias)), await listenForChild(paths.life)];
  try {
    await giveTo(host.settings.identity, tpmSocket(folder, alias));
    const { id } = await startDaemon({
      command: programs.emulator,
      args: [
        "socket",
        ...["--ctrl", "type=unixio,fd=3", "--tpmstate", `dir=${paths.state},mode=0600`],
        // QEMU's end is its own.
        "--terminate",
        ...(backend.version === "1.2" ? [] : ["--tpm2"]),
      ],
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" },
      log: join(host.layout.logs, `${definition.name}-swtpm.log`),
      descriptors: [channel.fd, life.fd],
      ...(runsAs && { identity: runsAs }),
      domain: "QEMU",
    });
    const note = stringifyJson({ pid: id.pid, startTime: id.startTime });
    await writeAtomically(paths.process, note, { domain: "QEMU" });
  } finally {
    await Promise.all([channel.release(), life.release()]);
  }
}

/** Ends the guest's emulated TPM, if it has one that runs. */
export async function endTpm(host: QemuHost, definition: Definition): Promise<void> {
  const tpm = emulatedTpm(definition);
  if (tpm !== undefined) await endFormer(pathsOf(host, definition.uuid, tpm.backend));
}

/** Removes the state of a domain's emulated TPM, as if it had never been there. */
export async function removeTpm(host: QemuHost, uuid: string): Promise<void> {
  const folder = host.layout.tpmFolder(uuid);
  await rm(folder, { recursive: true, force: true }).catch((error) => {
    throw systemError("QEMU", `cannot remove the state of the emulated TPM '${folder}'`, error);
  });
}

/** Whether the state of a domain's TPM is kept when a transient domain has gone. */
export const keepsTpm = (definition: Definition): boolean => emulatedTpm(definition)?.backend.persistent_state === true;

type Paths = Pick<ReturnType<typeof pathsOf>, "life" | "process">;

async function endFormer({ life, process: note }: Paths): Promise<void> {
  const id = processOf(await readBounded(note, maxBytes, "QEMU"));
  if (id === null) return;
  const watch = await watchEnd(life, id);
  watch.stay();
  await endProcess(id, watch.gone, endPatience);
  watch.forget();
  await Promise.all([note, life].map((path) => rm(path, { force: true })));
}

function processOf(text: string | null): ProcessId | null {
  if (text === null) return null;
  try {
    return processShape(parseJson(text), "");
  } catch {
    return null;
  }
}

/** Makes the TPM's state where there is none; which banks are active may change from start to start. */
async function makeState(
  { setup }: TpmPrograms,
  state: string,
  { name, uuid }: Definition,
  backend: Emulated,
  runsAs: Identity | null,
): Promise<void> {
  await makeFolder(state, 0o700, "QEMU");
  await giveTo(runsAs, state);
  await refuseUnreachable(state, runsAs);
  const kind = backend.version === "1.2" ? [] : ["--tpm2"];
  const banks = Object.entries(backend.active_pcr_banks ?? {}).flatMap(([bank, active]) => (active ? [bank] : []));
  const chosen = banks.length === 0 ? [] : ["--pcr-banks", banks.join(",")];
  const run = (...words: string[]): Promise<string> =>
    runProgram(setup, [...kind, "--tpm-state", state, ...words, ...chosen], {
      domain: "QEMU",
      timeout: setupPatience,
      ...(runsAs && { identity: runsAs }),
    });
  if ((await readdir(state)).some((file) => file.endsWith(".permall"))) {
    if (chosen.length > 0) await run("--reconfigure");
    return;
  }
  const fresh = ["--createek", "--lock-nvram", "--not-overwrite"];
  try {
    await run(...fresh, "--create-ek-cert", "--create-platform-cert", "--vmid", `${name}:${uuid}`);
  } catch (error) {
    // An ordinary user may have no authority that signs certificates; a TPM without them works as well.
    await run(...fresh);
    process.emitWarning(
      `the TPM of domain '${name}' has no certificates: ${error instanceof Error ? error.message : error}`,
      "TsvirtWarning",
    );
  }
}

async function giveTo(identity: Identity | null, path: string): Promise<void> {
  if (identity === null) return;
  await chown(path, identity.uid, identity.gid).catch((error) => {
    throw systemError("QEMU", `unable to set user and group to '${identity.uid}:${identity.gid}' on '${path}'`, error);
  });
}
