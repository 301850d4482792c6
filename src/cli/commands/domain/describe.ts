/** Words about a domain: description, title, metadata of applications. */
import type { Domain } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import { DomainMetadataType as Kind } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, text, words } from "../../option.ts";
import { editText } from "../../shared/edit.ts";
import { impactFlags } from "../../shared/impact.ts";
import { exclusive } from "../../shared/rules.ts";

const impact = {
  live: flag("in the running guest"),
  config: flag("in the persistent definition"),
  current: flag("in the running guest, or if it is off, in the persistent definition"),
};

export const desc = command({
  name: "desc",
  summary: "a domain's description or title",
  description: "Shows a domain's description or title, or sets a new one.",
  options: {
    domain: domainOption(),
    ...impact,
    title: flag("the title instead of the description"),
    edit: flag("open it in an editor"),
    newDesc: words("the new text"),
  },
  async query(context) {
    const { options, notice, shell } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const kind = options.title ? Kind.TITLE : Kind.DESCRIPTION;
    const given = options.newDesc.length > 0 ? options.newDesc.join(" ") : undefined;
    if (!options.edit && given === undefined) return { text: await read(domain, kind, flags) };

    const before = given ?? (await read(domain, kind, flags)) ?? "";
    const after = options.edit ? (await editText(shell, before)).replace(/\n$/, "") : before;
    const what = options.title ? "title" : "description";
    if (options.edit && after === before) {
      notice(`Domain ${what} not changed\n`);
      return undefined;
    }
    await attempt(`Failed to set new domain ${what}`, () => domain.setMetadata(kind, after, null, null, flags));
    notice(`Domain ${what} updated successfully`);
    return undefined;
  },
  print({ text }, { options }) {
    const what = options.title ? "title" : "description";
    return text === null ? `No ${what} for domain: ${options.domain}` : `${text}`;
  },
});

/** Null when there is none. */
async function read(domain: Domain, kind: number, flags: number): Promise<string | null> {
  try {
    return await domain.metadata(kind, null, flags);
  } catch (error) {
    if (isLibvirtError(error, "NO_DOMAIN_METADATA")) return null;
    throw error;
  }
}

export const metadata = command({
  name: "metadata",
  summary: "an application's own XML in a domain",
  description: "Shows, sets or removes the XML that an application keeps in a domain.",
  options: {
    domain: domainOption(),
    uri: data("URI of its namespace"),
    ...impact,
    edit: flag("open it in an editor"),
    key: text("prefix for the namespace"),
    set: text("the new XML", { empty: true }),
    remove: flag("remove it"),
  },
  async query(context) {
    const { options, notice, shell } = context;
    exclusive(options, ["edit", "set"], ["remove", "set"], ["remove", "edit"]);
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const write = (xml: string | null) =>
      domain.setMetadata(Kind.ELEMENT, xml, options.key ?? null, options.uri, flags);
    if ((options.set !== undefined || options.edit) && options.key === undefined) {
      throw new CommandError("namespace key is required when modifying metadata");
    }
    if (options.remove) {
      await write(null);
      notice("Metadata removed\n");
    } else if (options.set !== undefined) {
      await write(options.set);
      notice("Metadata modified\n");
    } else if (options.edit) {
      const before = await element(domain, options.uri, flags);
      const after = await editText(shell, before);
      if (after === before) {
        notice("Metadata not changed");
      } else {
        await write(after);
        notice("Metadata modified");
      }
    } else {
      return { xml: await domain.metadata(Kind.ELEMENT, options.uri, flags) };
    }
    return undefined;
  },
  print: ({ xml }) => `${xml}\n`,
});

/** What there is to edit: nothing yet is an empty text. */
async function element(domain: Domain, uri: string, flags: number): Promise<string> {
  try {
    return await domain.metadata(Kind.ELEMENT, uri, flags);
  } catch (error) {
    if (isLibvirtError(error, "NO_DOMAIN_METADATA")) return "";
    throw error;
  }
}
