/** Secrets: passwords and keys that libvirt keeps. */
import type { Connection, Secret } from "../../../api/index.ts";
import {
  ConnectListAllSecretsFlags as Filter,
  SecretDefineFlags,
  SecretUsageType,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { lookupSecret, secretUuids } from "../../objects/secret.ts";
import { data, flag, text } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { readBounded, readXmlFile } from "../../shared/files.ts";
import { readHidden } from "../../shared/hidden.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { exclusive, flagsOf, requires } from "../../shared/rules.ts";
import { fileNames, validate, xmlFile, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const secret = data("UUID of the secret", { complete: secretUuids });

function secretOf({
  connection,
  options,
}: {
  connection: Connection;
  options: { readonly secret: string };
}): Promise<Secret> {
  return lookupSecret(connection, options.secret);
}

export const secretDefine = command({
  name: "secret-define",
  summary: "keep a secret, as yet without a value",
  description: "Defines a secret, or gives one a new definition.",
  options: { file: xmlFile("a secret"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? SecretDefineFlags.VALIDATE : 0;
    const defined = await attempt(`Failed to set attributes from ${options.file}`, () =>
      connection.secretDefineXML(xml, flags),
    );
    notice(`Secret ${defined.uuidString()} created\n`);
    await noteIgnored(shell, "secret", xml);
  },
});

export const secretDumpxml = command({
  name: "secret-dumpxml",
  summary: "a secret's XML",
  description: "Prints a secret's XML; its value is not in it.",
  options: { secret, ...xpathOptions },
  async query(context) {
    return xmlAnswer(await (await secretOf(context)).xmlDesc(0), context.options);
  },
  print: printXml,
});

const maxValue = 64 * 1024;

export const secretSetValue = command({
  name: "secret-set-value",
  summary: "give a secret its value",
  description: "Sets a secret's value, from a file, the terminal or the command line.",
  options: {
    secret,
    file: text("file with the value", { named: true, complete: fileNames }),
    plain: flag("the file holds the value itself, not in base64"),
    interactive: flag("ask for the value at the terminal"),
    base64: text("the value in base64; others may see it while the command runs"),
  },
  async run(context) {
    const { options, notice, complain, shell } = context;
    exclusive(
      options,
      ["file", "base64"],
      ["plain", "base64"],
      ["interactive", "base64"],
      ["interactive", "file"],
      ["interactive", "plain"],
    );
    requires(options, "plain", "file");
    const found = await secretOf(context);
    const value = await readValue();
    await attempt("Failed to set secret value", () => found.setValue(value, 0));
    notice("Secret value set\n");

    async function readValue(): Promise<Uint8Array> {
      if (options.base64 !== undefined) {
        complain("Passing secret value as command-line argument is insecure!");
        return fromBase64(options.base64);
      }
      if (options.file !== undefined) {
        const content = await readBounded(options.file, maxValue);
        return options.plain ? content : fromBase64(content.toString("utf8"));
      }
      if (!options.interactive) throw new CommandError("Input secret value is missing");
      return Buffer.from(await readHidden(shell, "Enter new value for secret:"));
    }
  },
});

function fromBase64(text: string): Uint8Array {
  const compact = text.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw new CommandError("the value is not in base64");
  return Buffer.from(compact, "base64");
}

export const secretGetValue = command({
  name: "secret-get-value",
  summary: "a secret's value",
  description: "Prints a secret's value.",
  options: { secret, plain: flag("the value itself, not in base64") },
  async query(context) {
    const value = await (await secretOf(context)).value(0);
    return { base64: Buffer.from(value).toString("base64") };
  },
  print({ base64 }, { options, shell }) {
    if (!options.plain) return base64;
    // Bytes as they are: a string might change them.
    shell.terminal.stdout.write(Buffer.from(base64, "base64"));
    return "";
  },
});

export const secretUndefine = command({
  name: "secret-undefine",
  summary: "forget a secret",
  description: "Removes a secret with its value.",
  options: { secret },
  async run(context) {
    const found = await secretOf(context);
    await attempt(`Failed to delete secret ${context.options.secret}`, () => found.undefine());
    context.notice(`Secret ${context.options.secret} deleted\n`);
  },
});

/** libvirt's words, by its numbers. */
const usages: Readonly<Record<number, string>> = {
  [SecretUsageType.NONE]: "none",
  [SecretUsageType.VOLUME]: "volume",
  [SecretUsageType.CEPH]: "ceph",
  [SecretUsageType.ISCSI]: "iscsi",
  [SecretUsageType.TLS]: "tls",
  [SecretUsageType.VTPM]: "vtpm",
};

export const secretList = command({
  name: "secret-list",
  summary: "which secrets there are",
  description: "Lists secrets, not their values.",
  options: {
    ephemeral: flag("those that are only in memory"),
    noEphemeral: flag("those that are on disk"),
    private: flag("those whose value nobody can ask for"),
    noPrivate: flag("those whose value can be asked for"),
  },
  async query({ connection, options }) {
    const flags = flagsOf(options, {
      ephemeral: Filter.EPHEMERAL,
      noEphemeral: Filter.NO_EPHEMERAL,
      private: Filter.PRIVATE,
      noPrivate: Filter.NO_PRIVATE,
    });
    const secrets = await attempt("Failed to list secrets", () => connection.listAllSecrets(flags));
    const rows = secrets.map((one) => ({
      uuid: one.uuidString(),
      usageType: usages[one.usageType()] ?? "unknown",
      usage: one.usageId(),
    }));
    return rows.sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  },
  print(rows, { shell }) {
    type Row = (typeof rows)[number];
    const usageCell = ({ usageType, usage }: Row) => (usageType === "none" ? "Unused" : `${usageType} ${usage}`);
    return formatTable(
      [column<Row>("UUID", ({ uuid }) => uuid), column<Row>("Usage", usageCell)],
      rows,
      shell.settings.quiet,
    );
  },
});
