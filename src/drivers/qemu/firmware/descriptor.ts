/**
 * Descriptions of the firmware images that are installed on a host, in the format that QEMU defines for them
 * (docs/interop/firmware.json). Distributions ship them, administrators and users override them.
 */
import type { FileTree } from "../../../host/node/file-tree.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../monitor/json.ts";

export type FirmwareInterface = "bios" | "uefi";

export interface FirmwareFile {
  readonly path: string;
  readonly format: string;
}

/** How the image is given to the machine. */
export type FirmwareMapping =
  /** Flash: read-only code and, unless it keeps nothing or keeps it within, a template for the guest's variables. */
  | {
      readonly device: "flash";
      readonly mode: "split" | "combined" | "stateless";
      readonly executable: FirmwareFile;
      readonly nvramTemplate: FirmwareFile | null;
    }
  /** A ROM image (`-bios`). */
  | { readonly device: "memory"; readonly path: string };

export interface FirmwareTarget {
  /** QEMU's name of the architecture. */
  readonly arch: string;
  /** Shell patterns for canonical machine names. */
  readonly machines: readonly string[];
}

export interface Firmware {
  /** Where it is described. */
  readonly source: string;
  readonly interfaces: readonly string[];
  readonly mapping: FirmwareMapping;
  readonly targets: readonly FirmwareTarget[];
  readonly features: ReadonlySet<string>;
}

/** Where descriptions are searched, the most important first; `home` is the user's configuration folder. */
export function firmwareFolders(home?: string): readonly string[] {
  const shared = ["/etc/qemu/firmware", "/usr/share/qemu/firmware"];
  return home === undefined ? shared : [`${home}/qemu/firmware`, ...shared];
}

/**
 * The firmware of a host in order of preference: by file name, whichever folder it is in. A file hides those of the
 * same name in less important folders; an empty one only hides. What cannot be understood is left out, as a
 * description may be newer than we are.
 * @param files the root folder of this host or of a recorded one.
 */
export async function readFirmware(files: FileTree, folders: readonly string[]): Promise<readonly Firmware[]> {
  const paths = new Map<string, string>();
  for (const folder of folders) {
    for (const name of await files.list(folder.slice(1))) {
      if (name.endsWith(".json") && !name.startsWith(".") && !paths.has(name)) paths.set(name, `${folder}/${name}`);
    }
  }
  const inOrder = [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
  const read = inOrder.map(async ([, path]) => parseFirmware((await files.read(path.slice(1))) ?? "", path));
  return (await Promise.all(read)).filter((firmware) => firmware !== null);
}

/** Reads one description; null when it is empty or not what this program understands. */
export function parseFirmware(text: string, source: string): Firmware | null {
  let value: Json;
  try {
    value = parseJson(text);
  } catch {
    return null;
  }
  if (!isJsonObject(value) || !isJsonObject(value.mapping)) return null;
  const mapping = parseMapping(value.mapping);
  if (mapping === null) return null;
  return {
    source,
    interfaces: strings(value["interface-types"]),
    mapping,
    targets: objects(value.targets).map((t) => ({ arch: String(t.architecture), machines: strings(t.machines) })),
    features: new Set(strings(value.features)),
  };
}

function parseMapping(mapping: JsonObject): FirmwareMapping | null {
  if (mapping.device === "memory" && typeof mapping.filename === "string") {
    return { device: "memory", path: mapping.filename };
  }
  if (mapping.device !== "flash") return null;
  const mode = mapping.mode ?? "split";
  const executable = parseFile(mapping.executable);
  const nvramTemplate = parseFile(mapping["nvram-template"]);
  if (executable === null || (mode !== "split" && mode !== "combined" && mode !== "stateless")) return null;
  if (mode === "split" && nvramTemplate === null) return null;
  return { device: "flash", mode, executable, nvramTemplate };
}

function parseFile(file: Json | undefined): FirmwareFile | null {
  if (!isJsonObject(file) || typeof file.filename !== "string") return null;
  return { path: file.filename, format: typeof file.format === "string" ? file.format : "raw" };
}

function strings(list: Json | undefined): readonly string[] {
  return Array.isArray(list) ? list.filter((s): s is string => typeof s === "string") : [];
}

function objects(list: Json | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
