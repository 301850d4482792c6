/** Definitions as clients give them, made whole for the emulator that will run them. */
import { uuidOf } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import { hostArch } from "../../host/node/processor.ts";
import {
  type Domain as Definition,
  finishDomain,
  type ParsedDomain,
  readParsedDomain,
} from "../../model/domain/index.ts";
import type { QemuCapabilities } from "./capabilities/capabilities.ts";
import { audioFromEnvironment, completionFor, type DefinitionContext, requiredArch } from "./definition/index.ts";
import type { QemuHost } from "./host.ts";
import { refuseUnusableKvm } from "./run/host/accelerator.ts";
import { validateDefine } from "./validate/index.ts";

/** A definition with what was needed to understand it. */
export interface ReadDefinition {
  readonly definition: Definition;
  readonly uuid: Uint8Array;
  readonly capabilities: QemuCapabilities;
}

export interface ReadDefinitionOptions {
  /** Refuse what nobody knows (the VALIDATE flags). */
  readonly strict?: boolean;
  /** The document is that of a guest which was saved: its shape is kept. */
  readonly saved?: boolean;
}

/**
 * Reads a definition, completes it and checks it.
 * @throws LibvirtError for what is malformed, contradicts itself, or what this host's QEMU cannot run.
 */
export async function readDefinition(
  host: QemuHost,
  xml: string,
  options: ReadDefinitionOptions = {},
): Promise<ReadDefinition> {
  const read = readParsedDomain(xml, { inactive: true, strict: options.strict === true });
  const context = await definitionContext(host, read.value);
  const { capabilities } = context;
  const saved = options.saved === true;
  // What a guest ran with is not judged again: it holds what was chosen for it, such as its firmware's images.
  const completion = { ...completionFor({ ...context, abiUpdate: !saved }), skipValidation: saved };
  const definition = finishDomain(read, completion);
  delete definition.id;
  await refuseUnusableKvm(definition, capabilities);
  if (!saved) validateDefine(definition, { capabilities, hostArch });
  return { definition, uuid: uuidOf(definition, "QEMU"), capabilities };
}

/** What completing and running a definition needs to know of this host and of its emulator. */
export async function definitionContext(host: QemuHost, parsed: ParsedDomain): Promise<DefinitionContext> {
  const arch = requiredArch(parsed, hostArch);
  const standard = await host.emulatorFor(arch);
  const emulator = parsed.devices.emulator ?? standard;
  if (emulator === undefined) {
    throw new LibvirtError(
      "CONFIG_UNSUPPORTED",
      "QEMU",
      `No emulator found for arch '${arch}': install QEMU for it, or name one in <emulator>`,
    );
  }
  const hostAudio = audioFromEnvironment(process.env);
  return {
    capabilities: await host.capabilities.get(emulator),
    hostArch,
    emulatorFor: () => standard,
    channelFolder: host.layout.channels,
    vncAllowHostAudio: host.settings.values.vnc_allow_host_audio,
    nographicsAllowHostAudio: host.settings.values.nographics_allow_host_audio,
    ...(hostAudio && { hostAudio }),
    nvramFolder: host.layout.nvram,
  };
}
