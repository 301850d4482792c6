/** `disk` and what stands beside it, in both dialects. */
import type { Domain } from "../domain/index.ts";
import { readFloppy, readXlDisk, writeFloppy, writeXlDisk } from "./disk-xl.ts";
import { oldDiskOf, oldDiskText, readOldDisk, writeOldDisk } from "./disk-xm.ts";
import { type Dialect, isHvm, listSetting, type Setting } from "./setting.ts";

const isFloppy = ({ device }: Domain["devices"]["disks"][number]): boolean => device === "floppy";
const floppiesOf = ({ devices }: Domain) => devices.disks.filter(isFloppy);
const othersOf = ({ devices }: Domain) => devices.disks.filter((disk) => !isFloppy(disk));

/** An HVM guest's floppy drives, one setting each. */
function floppySetting(name: "fda" | "fdb"): Setting {
  return {
    name,
    read: (given, draft) => {
      if (isHvm(draft) && given.text() !== "") {
        draft.devices.disks.push(readOldDisk({ uname: `file:${given.text()}`, dev: name, mode: "w" }));
      }
    },
    write: (domain) => {
      const floppy = floppiesOf(domain).find(({ target }) => target.dev === name);
      const image = floppy === undefined ? "" : writeOldDisk(floppy).uname;
      return image === "" ? undefined : image.replace(/^[a-z0-9]+:/, "");
    },
  };
}

export const disks: Readonly<Record<Dialect, readonly Setting[]>> = {
  xl: [
    listSetting("disk", {
      read: (given, draft) => void draft.devices.disks.push(readXlDisk(given)),
      of: othersOf,
      write: writeXlDisk,
    }),
    {
      name: "device_model_args_hvm",
      read: (given, draft) => {
        for (const one of given.items()) {
          const floppy = readFloppy(one.text());
          if (floppy !== undefined) draft.devices.disks.push(floppy);
        }
      },
      write: (domain) => {
        const args = isHvm(domain) ? floppiesOf(domain).flatMap(writeFloppy) : [];
        return args.length === 0 ? undefined : args;
      },
    },
  ],
  xm: [
    {
      // The only CD-ROM drive, before disks could be one.
      name: "cdrom",
      read: (given, draft) => {
        if (given.text() !== "") {
          draft.devices.disks.push(readOldDisk({ uname: `file:${given.text()}`, dev: "hdc:cdrom", mode: "r" }));
        }
      },
    },
    listSetting("disk", {
      read: (given, draft) => void draft.devices.disks.push(readOldDisk(oldDiskOf(given.text()))),
      of: othersOf,
      write: (disk) => oldDiskText(writeOldDisk(disk)),
    }),
    floppySetting("fda"),
    floppySetting("fdb"),
  ],
};
