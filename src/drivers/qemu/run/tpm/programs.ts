/** The programs that emulate TPMs: `swtpm`, and `swtpm_setup`, which makes one. */
import { LibvirtError } from "../../../../errors.ts";
import { findProgram } from "../../../../host/filter.ts";
import { runProgram } from "../../../../host/program.ts";

export interface TpmPrograms {
  readonly emulator: string;
  readonly setup: string;
}

/** Debian has them there, whatever our own PATH is. */
const usual = ["/usr/bin", "/usr/local/bin"];

const find = (name: string): Promise<string | null> => findProgram(name, [process.env.PATH ?? "", ...usual].join(":"));

/** @throws LibvirtError CONFIG_UNSUPPORTED that names what to install. */
export async function findTpmPrograms(): Promise<TpmPrograms> {
  const [emulator, setup] = await Promise.all([find("swtpm"), find("swtpm_setup")]);
  if (emulator === null) throw missing("swtpm", "swtpm");
  if (setup === null) throw missing("swtpm_setup", "swtpm-tools");
  return { emulator, setup };
}

/** TPM versions that can be emulated here; none where the programs are not installed whole. */
export async function emulatedTpmVersions(): Promise<string[]> {
  try {
    return await neededTpmVersions();
  } catch {
    return [];
  }
}

/**
 * TPM versions that can be emulated for a guest that needs one.
 * @throws LibvirtError that says what is missing.
 */
export async function neededTpmVersions(): Promise<string[]> {
  const { setup } = await findTpmPrograms();
  const answer = await runProgram(setup, ["--print-capabilities"], { domain: "QEMU" });
  return ["1.2", "2.0"].filter((version) => answer.includes(`"tpm-${version}"`));
}

function missing(program: string, debianPackage: string): LibvirtError {
  return new LibvirtError(
    "CONFIG_UNSUPPORTED",
    "QEMU",
    `Unable to find '${program}', which an emulated TPM needs: install it (apt install ${debianPackage})`,
  );
}
