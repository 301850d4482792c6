/** Bringing domains into being. */
import type { Domain } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import { DomainCreateFlags, DomainDefineFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, text } from "../../option.ts";
import { openConsole } from "../../shared/console.ts";
import { parseDescriptors } from "../../shared/descriptors.ts";
import { readXmlFile } from "../../shared/files.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { flagsOf } from "../../shared/rules.ts";
import { validate, xmlFile } from "../../shared/xml-options.ts";

const passFds = text("hand these open file descriptors (N,M,...) to the guest");

export const define = command({
  name: "define",
  summary: "keep a definition, without starting it",
  description: "Defines a domain, or gives one a new definition.",
  options: { file: xmlFile("a domain"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = flagsOf(options, { validate: DomainDefineFlags.VALIDATE });
    const domain = await attempt(`Failed to define domain from ${options.file}`, () =>
      connection.defineXMLFlags(xml, flags),
    );
    notice(`Domain '${domain.name()}' defined from ${options.file}\n`);
    await noteIgnored(shell, "domain", xml);
  },
});

export const create = command({
  name: "create",
  summary: "start a domain from its XML alone",
  description: "Starts a domain that is gone when it stops.",
  options: {
    file: xmlFile("a domain"),
    console: flag("open its console"),
    paused: flag("before its first instruction, pause it"),
    autodestroy: flag("stop it when this session ends"),
    passFds,
    validate,
    resetNvram: flag("begin with fresh NVRAM"),
  },
  async run(context) {
    const { connection, options, notice, shell } = context;
    const xml = await readXmlFile(options.file);
    const descriptors = parseDescriptors(options.passFds);
    const flags = flagsOf(options, {
      paused: DomainCreateFlags.START_PAUSED,
      autodestroy: DomainCreateFlags.START_AUTODESTROY,
      validate: DomainCreateFlags.START_VALIDATE,
      resetNvram: DomainCreateFlags.START_RESET_NVRAM,
    });
    const domain = await attempt(`Failed to create domain from ${options.file}`, () =>
      descriptors.length > 0
        ? connection.createXMLWithFiles(xml, descriptors, flags)
        : connection.createXML(xml, flags),
    );
    notice(`Domain '${domain.name()}' created from ${options.file}\n`);
    await noteIgnored(shell, "domain", xml);
    if (options.console) await openConsole(domain, context);
  },
});

export const start = command({
  name: "start",
  summary: "start a domain that is defined",
  description: "Starts a domain: from its managed save image if there is one,\nelse it boots.",
  options: {
    domain: domainOption({ help: "name or UUID of the inactive domain", filter: DomainFilter.INACTIVE }),
    console: flag("open its console"),
    paused: flag("before its first instruction, pause it"),
    autodestroy: flag("stop it when this session ends"),
    bypassCache: flag("read the image past the host's file cache"),
    forceBoot: flag("boot, and throw a managed save image away"),
    passFds,
    resetNvram: flag("begin with fresh NVRAM"),
  },
  async run(context) {
    const { options, notice } = context;
    const domain = await domainOf(context, ["name", "uuid"]);
    if (domain.id() >= 0) throw new CommandError("Domain is already active");
    const flags = flagsOf(options, {
      paused: DomainCreateFlags.START_PAUSED,
      autodestroy: DomainCreateFlags.START_AUTODESTROY,
      bypassCache: DomainCreateFlags.START_BYPASS_CACHE,
      forceBoot: DomainCreateFlags.START_FORCE_BOOT,
      resetNvram: DomainCreateFlags.START_RESET_NVRAM,
    });
    await attempt(`Failed to start domain '${domain.name()}'`, () => boot(domain, options.passFds, flags));
    notice(`Domain '${domain.name()}' started\n`);
    if (options.console) await openConsole(domain, context);
  },
});

async function boot(domain: Domain, passFds: string | undefined, flags: number): Promise<void> {
  const descriptors = parseDescriptors(passFds);
  if (descriptors.length > 0) await domain.createWithFiles(descriptors, flags);
  else if (flags !== 0) await bootWith(domain, flags);
  else await domain.create();
}

/** Where a driver cannot ignore the managed save image, it is removed first. */
async function bootWith(domain: Domain, flags: number): Promise<void> {
  try {
    await domain.createWithFlags(flags);
  } catch (error) {
    const forced = (flags & DomainCreateFlags.START_FORCE_BOOT) !== 0;
    if (!forced || !isLibvirtError(error, "NO_SUPPORT", "INVALID_ARG")) throw error;
    if (await domain.hasManagedSaveImage()) await domain.managedSaveRemove();
    const others = flags & ~DomainCreateFlags.START_FORCE_BOOT;
    await (others === 0 ? domain.create() : domain.createWithFlags(others));
  }
}
