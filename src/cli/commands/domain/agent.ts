/** What a guest's agent can tell and do. */
import {
  DomainSetUserPasswordFlags,
  DomainGuestInfoTypes as Info,
  DomainAuthorizedSSHKeysSetFlags as Keys,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, int, text, ulonglong, words } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { readBounded } from "../../shared/files.ts";
import { printParameters } from "../../shared/parameters.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { fileNames } from "../../shared/xml-options.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });

export const domfsfreeze = command({
  name: "domfsfreeze",
  summary: "stop writes to a guest's file systems",
  description: "Freezes a running guest's file systems, so that a copy of its disks is consistent.",
  options: { domain, mountpoint: words("only the file systems mounted here") },
  async run(context) {
    const target = await domainOf(context);
    const mountpoints = context.options.mountpoint;
    const count = await attempt("Unable to freeze filesystems", () => target.fsFreeze(mountpoints));
    context.notice(`Froze ${count} filesystem(s)\n`);
  },
});

export const domfsthaw = command({
  name: "domfsthaw",
  summary: "let a guest write to its file systems again",
  description: "Thaws file systems that 'domfsfreeze' froze.",
  options: { domain, mountpoint: words("only the file systems mounted here") },
  async run(context) {
    const target = await domainOf(context);
    const mountpoints = context.options.mountpoint;
    const count = await attempt("Unable to thaw filesystems", () => target.fsThaw(mountpoints));
    context.notice(`Thawed ${count} filesystem(s)\n`);
  },
});

export const domfsinfo = command({
  name: "domfsinfo",
  summary: "which file systems a guest has mounted",
  description: "Lists a running guest's mounted file systems.",
  options: { domain },
  async query(context) {
    const target = await domainOf(context);
    return attempt("Unable to get filesystem information", () => target.fsInfo());
  },
  print(filesystems, { notice, shell }) {
    if (filesystems.length === 0) {
      notice("No filesystems are mounted in the domain");
      return "";
    }
    type Filesystem = (typeof filesystems)[number];
    return formatTable(
      [
        column<Filesystem>("Mountpoint", ({ mountpoint }) => mountpoint),
        column<Filesystem>("Name", ({ name }) => name),
        column<Filesystem>("Type", ({ fstype }) => fstype),
        column<Filesystem>("Target", ({ devAlias }) => devAlias.join(",")),
      ],
      filesystems,
      shell.settings.quiet,
    );
  },
});

export const domfstrim = command({
  name: "domfstrim",
  summary: "give a guest's free blocks back to the host",
  description: "Has a running guest tell its disks which blocks it does not use.",
  options: {
    domain,
    minimum: ulonglong("leave free ranges alone that are shorter than this, in bytes"),
    mountpoint: text("only the file system mounted here"),
  },
  async run(context) {
    const { options } = context;
    const target = await domainOf(context);
    await attempt("Unable to invoke fstrim", () => target.fsTrim(options.mountpoint ?? null, options.minimum ?? 0n));
  },
});

export const guestinfo = command({
  name: "guestinfo",
  summary: "what a guest's agent knows",
  description: "Shows what a running guest's agent tells of users, system, time zone, host name, disks and interfaces.",
  options: {
    domain,
    user: flag("users that are logged in"),
    os: flag("operating system"),
    timezone: flag("time zone"),
    hostname: flag("host name"),
    filesystem: flag("file systems"),
    disk: flag("disks"),
    interface: flag("network interfaces"),
  },
  async query(context) {
    const types = flagsOf(context.options, {
      user: Info.USERS,
      os: Info.OS,
      timezone: Info.TIMEZONE,
      hostname: Info.HOSTNAME,
      filesystem: Info.FILESYSTEM,
      disk: Info.DISKS,
      interface: Info.INTERFACES,
    });
    return (await domainOf(context)).guestInfo(types);
  },
  print: (info) => printParameters(info),
});

export const getUserSshkeys = command({
  name: "get-user-sshkeys",
  summary: "SSH keys of a guest's user",
  description: "Prints, by the guest's agent, the SSH keys with which one may log in as a user.",
  options: { domain, user: data("the user") },
  async query(context) {
    return (await domainOf(context)).authorizedSSHKeysGet(context.options.user);
  },
  print: (keys) => keys.map((key) => `${key}\n`).join(""),
});

const maxKeyFile = 10 * 1024 * 1024;

export const setUserSshkeys = command({
  name: "set-user-sshkeys",
  summary: "let SSH keys log in as a guest's user, or not",
  description: "Adds, by the guest's agent, SSH keys to a user's file of those that may log in, or removes them.",
  options: {
    domain,
    user: data("the user"),
    file: text("file with the keys, one a line", { complete: fileNames }),
    reset: flag("first, remove all other keys"),
    remove: flag("remove these keys"),
  },
  async run(context) {
    const { options } = context;
    exclusive(options, ["reset", "remove"]);
    if (options.file === undefined && !options.reset) throw new CommandError("Option --file is required");
    const target = await domainOf(context);
    const keys = options.file === undefined ? [] : await readKeys(options.file);
    // Without a flag, libvirt replaces the file: that is --reset.
    const flags = options.remove ? Keys.REMOVE : options.reset ? 0 : Keys.APPEND;
    await target.authorizedSSHKeysSet(options.user, keys, flags);
  },
});

async function readKeys(path: string): Promise<string[]> {
  const text = (await readBounded(path, maxKeyFile)).toString("utf8");
  const keys = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (keys.length === 0) throw new CommandError(`File ${path} contains no keys`);
  return keys;
}

export const setUserPassword = command({
  name: "set-user-password",
  summary: "the password of a guest's user",
  description: "Sets, by the guest's agent, a user's password.",
  options: {
    domain,
    user: data("the user"),
    password: data("the password", { empty: true }),
    encrypted: flag("it is encrypted already"),
  },
  async run(context) {
    const { options, notice } = context;
    const flags = options.encrypted ? DomainSetUserPasswordFlags.ENCRYPTED : 0;
    const target = await domainOf(context);
    await target.setUserPassword(options.user, options.password, flags);
    notice(`Password set successfully for ${options.user} in ${target.name()}`);
  },
});

/** What the agent may be waited for, besides a number of seconds. */
const BLOCK = -2;

export const guestAgentTimeout = command({
  name: "guest-agent-timeout",
  summary: "how long a guest's agent is waited for",
  description:
    "Sets for how many seconds an answer of the guest's agent is waited for;\n-2: as long as it takes, -1: libvirt's default, 0: not at all.",
  options: {
    domain: domainOption(),
    timeout: int("seconds", { named: true }),
  },
  async run(context) {
    const target = await domainOf(context);
    await target.agentSetResponseTimeout(context.options.timeout ?? BLOCK, 0);
  },
});

const targets: Readonly<Record<string, number>> = { mem: 0, disk: 1, hybrid: 2 };

export const dompmsuspend = command({
  name: "dompmsuspend",
  summary: "send a guest to sleep",
  description: "Has a running guest suspend itself to memory or disk.",
  options: {
    domain,
    target: data("mem, disk or hybrid", { complete: oneOf(...Object.keys(targets)) }),
    duration: ulonglong("seconds until it wakes up", { named: true }),
  },
  async run(context) {
    const { options, notice } = context;
    const guest = await domainOf(context);
    const target = targets[options.target];
    if (target === undefined) throw new CommandError("Invalid target");
    await attempt(`Domain '${guest.name()}' could not be suspended`, () =>
      guest.pmSuspendForDuration(target, options.duration ?? 0n),
    );
    notice(`Domain '${guest.name()}' successfully suspended`);
  },
});

export const dompmwakeup = command({
  name: "dompmwakeup",
  summary: "wake a guest up",
  description: "Wakes up a guest that suspended itself.",
  options: { domain: domainOption({ filter: DomainFilter.OTHER }) },
  async run(context) {
    const guest = await domainOf(context);
    await attempt(`Domain '${guest.name()}' could not be woken up`, () => guest.pmWakeup());
    context.notice(`Domain '${guest.name()}' successfully woken up`);
  },
});
