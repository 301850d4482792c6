/** Saving guests to disk, and going on from there. */

import { DomainSaveRestoreFlags as Save } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, text } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { watchJob } from "../../shared/job.ts";
import { flagsOf } from "../../shared/rules.ts";
import { fileNames } from "../../shared/xml-options.ts";

const bypassCache = flag("go past the host's file cache");
const newXml = text("file with XML for the guest that goes on from it", { complete: fileNames });
const verbose = flag("show how far it is");

const saveFlags = { bypassCache: Save.BYPASS_CACHE, running: Save.RUNNING, paused: Save.PAUSED };

/** The new XML, when its file was named. */
async function readOptional(path: string | undefined): Promise<string | null> {
  return path === undefined ? null : readXmlFile(path);
}

export const save = command({
  name: "save",
  summary: "save a running guest to a file",
  description: "Writes a running guest's memory to a file, and stops it.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    file: data("where to", { complete: fileNames }),
    bypassCache,
    xml: newXml,
    running: flag("it shall run when restored"),
    paused: flag("it shall be paused when restored"),
    verbose,
  },
  async run(context) {
    const { options, notice } = context;
    const domain = await domainOf(context);
    const xml = await readOptional(options.xml);
    const flags = flagsOf(options, saveFlags);
    await attempt(`Failed to save domain '${domain.name()}' to ${options.file}`, () =>
      watchJob(context, domain, "Save", options.verbose, () =>
        flags === 0 && xml === null ? domain.save(options.file) : domain.saveFlags(options.file, xml, flags),
      ),
    );
    notice(`\nDomain '${domain.name()}' saved to ${options.file}\n`);
  },
});

export const restore = command({
  name: "restore",
  summary: "go on with a saved guest",
  description: "Starts a domain from a file that 'save' wrote.",
  options: {
    file: data("the file", { complete: fileNames }),
    bypassCache,
    xml: newXml,
    running: flag("let it run"),
    paused: flag("leave it paused"),
    resetNvram: flag("begin with fresh NVRAM"),
  },
  async run({ connection, options, notice }) {
    const xml = await readOptional(options.xml);
    const flags = flagsOf(options, { ...saveFlags, resetNvram: Save.RESET_NVRAM });
    await attempt(`Failed to restore domain from ${options.file}`, () =>
      flags === 0 && xml === null
        ? connection.restore(options.file)
        : connection.restoreFlags(options.file, xml, flags),
    );
    notice(`Domain restored from ${options.file}\n`);
  },
});

export const managedsave = command({
  name: "managedsave",
  summary: "save a running guest for its next start",
  description: "Saves a running guest to a file that libvirt keeps.\nThe domain's next start goes on from there.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    bypassCache,
    running: flag("it shall run when started"),
    paused: flag("it shall be paused when started"),
    verbose,
  },
  async run(context) {
    const { options, notice } = context;
    const domain = await domainOf(context);
    const flags = flagsOf(options, saveFlags);
    await attempt(`Failed to save domain '${domain.name()}' state`, () =>
      watchJob(context, domain, "Managedsave", options.verbose, () => domain.managedSave(flags)),
    );
    notice(`\nDomain '${domain.name()}' state saved by libvirt\n`);
  },
});

export const managedsaveRemove = command({
  name: "managedsave-remove",
  summary: "throw a managed save image away",
  description: "Removes a domain's managed save image, so that its next start boots.",
  options: { domain: domainOption() },
  async run(context) {
    const domain = await domainOf(context);
    const name = domain.name();
    if (await attempt("Failed to check for domain managed save image", () => domain.hasManagedSaveImage())) {
      await attempt(`Failed to remove managed save image for domain '${name}'`, () => domain.managedSaveRemove());
      context.notice(`Removed managedsave image for domain '${name}'`);
    } else {
      context.notice(`Domain '${name}' has no manage save image; removal skipped`);
    }
  },
});
