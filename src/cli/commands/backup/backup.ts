/** Backups of a running guest's disks. */
import { DomainBackupBeginFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, text } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { fileNames, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });

export const backupBegin = command({
  name: "backup-begin",
  summary: "start a backup of a running guest's disks",
  description:
    "Starts a full or incremental backup of a running guest's disks,\nand makes a checkpoint for the next one if asked.",
  options: {
    domain,
    backupxml: text("file with the XML of the backup", { complete: fileNames }),
    checkpointxml: text("file with the XML of the checkpoint", { complete: fileNames }),
    reuseExternal: flag("the files are there already"),
  },
  async run(context) {
    const { options, print } = context;
    const target = await domainOf(context);
    const backup = options.backupxml === undefined ? "<domainbackup/>" : await readXmlFile(options.backupxml);
    const checkpoint = options.checkpointxml === undefined ? null : await readXmlFile(options.checkpointxml);
    await target.backupBegin(backup, checkpoint, options.reuseExternal ? DomainBackupBeginFlags.REUSE_EXTERNAL : 0);
    print("Backup started\n");
  },
});

export const backupDumpxml = command({
  name: "backup-dumpxml",
  summary: "the XML of a running backup",
  description: "Prints the XML of the backup that a guest is busy with.",
  options: { domain, ...xpathOptions },
  async query(context) {
    return xmlAnswer(await (await domainOf(context)).backupGetXMLDesc(0), context.options);
  },
  print: printXml,
});
