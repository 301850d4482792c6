/** The command `edit`. */
import type { Domain } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import { DomainDefineFlags, DomainXMLFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { flag } from "../../option.ts";
import { editObject } from "../../shared/edit-object.ts";

export const edit = command({
  name: "edit",
  summary: "edit a domain's XML",
  description: "Opens a domain's XML in your editor, and defines what you save.",
  options: {
    domain: domainOption(),
    skipValidate: flag("do not check it against its schema"),
  },
  async run(context) {
    const { connection, options, shell } = context;
    const domain = await domainOf(context);
    let name = domain.name();
    await editObject({
      shell,
      fetch: () => definition(domain),
      async store(xml, relaxed) {
        const flags = options.skipValidate || relaxed ? 0 : DomainDefineFlags.VALIDATE;
        name = (await connection.defineXMLFlags(xml, flags)).name();
      },
      unchanged: `Domain '${name}' XML configuration not changed.\n`,
      edited: () => `Domain '${name}' XML configuration edited.\n`,
      canRelax: !options.skipValidate,
    });
  },
});

/** The persistent definition, or of a transient domain the only one; with secrets, else they would be lost. */
async function definition(domain: Domain): Promise<string> {
  try {
    return await domain.xmlDesc(DomainXMLFlags.INACTIVE | DomainXMLFlags.SECURE);
  } catch (error) {
    // A read-only connection may not see secrets; what is edited there is only looked at.
    if (isLibvirtError(error, "OPERATION_DENIED")) return domain.xmlDesc(DomainXMLFlags.INACTIVE);
    throw error;
  }
}
