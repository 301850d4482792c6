/** What one asks of the guest inside a domain, through its agent: clock, file systems, passwords, keys of users. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import {
  DomainAuthorizedSSHKeysSetFlags,
  DomainGetHostnameFlags,
  type Domain as DomainRef,
  DomainSetTimeFlags,
  DomainSetUserPasswordFlags,
} from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { array, fields, int, int64, nothing, string } from "../../monitor/shape.ts";
import { leasedHostname } from "./addresses.ts";
import { agentFor, setAgentPatience } from "./agent.ts";
import { readFilesystems } from "./filesystems.ts";

type GuestProcedures =
  | "domainGetHostname"
  | "domainGetTime"
  | "domainSetTime"
  | "domainGetFsinfo"
  | "domainFsfreeze"
  | "domainFsthaw"
  | "domainFstrim"
  | "domainSetUserPassword"
  | "domainAuthorizedSshKeysGet"
  | "domainAuthorizedSshKeysSet"
  | "domainAgentSetResponseTimeout";

const nanosecondsPerSecond = 1_000_000_000n;

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

/** The names of the domain's procedures that change the guest: one at a time. */
type Change = "domainFsfreeze" | "domainFsthaw" | "domainFstrim" | "domainSetTime" | "domainSetUserPassword";

export function guestHandlers(host: QemuHost): Handlers<GuestProcedures> {
  const ask = (dom: DomainRef) => agentFor(host, dom);
  /** A change of the guest, when it is the domain's turn. */
  const change = <T>(
    dom: DomainRef,
    procedure: Change | "domainAuthorizedSshKeysSet",
    work: (ask: ReturnType<typeof agentFor>) => Promise<T>,
  ) => host.finder.change(dom, procedure, () => work(agentFor(host, dom)));
  return {
    async domainGetHostname({ dom, flags }, call) {
      const { AGENT, LEASE } = DomainGetHostnameFlags;
      checkFlags(flags, AGENT | LEASE, "domainGetHostname", "QEMU");
      if ((flags & AGENT) !== 0 && (flags & LEASE) !== 0) {
        throw invalidArg(
          "Flags 'VIR_DOMAIN_GET_HOSTNAME_LEASE' and 'VIR_DOMAIN_GET_HOSTNAME_AGENT' are mutually exclusive",
        );
      }
      if ((flags & LEASE) !== 0) {
        const { definition } = host.finder.find(dom).running();
        const hostname = await leasedHostname(definition, call.session);
        if (hostname !== undefined) return { hostname };
        throw new LibvirtError("NO_HOSTNAME", "QEMU", `no hostname found for domain ${dom.name}`);
      }
      const answer = await ask(dom)("guest-get-host-name", fields({ "host-name": string }));
      return { hostname: answer["host-name"] };
    },
    async domainGetTime({ dom, flags }) {
      checkFlags(flags, 0, "domainGetTime", "QEMU");
      const time = await ask(dom)("guest-get-time", int64);
      return { seconds: time / nanosecondsPerSecond, nseconds: Number(time % nanosecondsPerSecond) };
    },
    async domainSetTime({ dom, seconds, nseconds, flags }) {
      checkFlags(flags, DomainSetTimeFlags.SYNC, "domainSetTime", "QEMU");
      if (seconds > 2n ** 63n / nanosecondsPerSecond) {
        throw new LibvirtError("OVERFLOW", "QEMU", `Time '${seconds}' is too big for guest agent`);
      }
      // Without a time the guest takes it from its own clock of the board.
      const sync = (flags & DomainSetTimeFlags.SYNC) !== 0;
      const time = seconds * nanosecondsPerSecond + BigInt(nseconds);
      await change(dom, "domainSetTime", (agent) => agent("guest-set-time", nothing, sync ? {} : { time }));
    },
    async domainGetFsinfo({ dom, flags }) {
      checkFlags(flags, 0, "domainGetFsinfo", "QEMU");
      const { definition } = host.finder.find(dom).running();
      const filesystems = await readFilesystems(ask(dom), definition);
      const info = filesystems.map(({ mountpoint, name, type, disks }) => ({
        mountpoint,
        name,
        fstype: type,
        devAliases: disks.flatMap(({ target }) => target ?? []),
      }));
      return { info, ret: info.length };
    },
    async domainFsfreeze({ dom, mountpoints, flags }) {
      checkFlags(flags, 0, "domainFsfreeze", "QEMU");
      const filesystems = await change(dom, "domainFsfreeze", (agent) =>
        mountpoints.length === 0
          ? agent("guest-fsfreeze-freeze", int)
          : agent("guest-fsfreeze-freeze-list", int, { mountpoints: [...mountpoints] }),
      );
      return { filesystems };
    },
    async domainFsthaw({ dom, mountpoints, flags }) {
      checkFlags(flags, 0, "domainFsthaw", "QEMU");
      if (mountpoints.length > 0) throw invalidArg("specifying mountpoints is not supported");
      return { filesystems: await change(dom, "domainFsthaw", (agent) => agent("guest-fsfreeze-thaw", int)) };
    },
    async domainFstrim({ dom, mountPoint, minimum, flags }) {
      checkFlags(flags, 0, "domainFstrim", "QEMU");
      if (mountPoint !== null) {
        throw new LibvirtError("ARGUMENT_UNSUPPORTED", "QEMU", "Specifying mount point is not supported for now");
      }
      await change(dom, "domainFstrim", (agent) => agent("guest-fstrim", nothing, { minimum }));
    },
    async domainSetUserPassword({ dom, user, password, flags }) {
      checkFlags(flags, DomainSetUserPasswordFlags.ENCRYPTED, "domainSetUserPassword", "QEMU");
      if (user === null || password === null) throw invalidArg("user and password must not be NULL");
      const crypted = (flags & DomainSetUserPasswordFlags.ENCRYPTED) !== 0;
      const args = { username: user, password: Buffer.from(password).toString("base64"), crypted };
      await change(dom, "domainSetUserPassword", (agent) => agent("guest-set-user-password", nothing, args));
    },
    async domainAuthorizedSshKeysGet({ dom, user, flags }) {
      checkFlags(flags, 0, "domainAuthorizedSshKeysGet", "QEMU");
      const shape = fields({ keys: array(string) });
      const { keys } = await ask(dom)("guest-ssh-get-authorized-keys", shape, { username: user });
      return { keys };
    },
    async domainAuthorizedSshKeysSet({ dom, user, keys, flags }) {
      const { APPEND, REMOVE } = DomainAuthorizedSSHKeysSetFlags;
      checkFlags(flags, APPEND | REMOVE, "domainAuthorizedSshKeysSet", "QEMU");
      if ((flags & APPEND) !== 0 && (flags & REMOVE) !== 0) {
        throw invalidArg(
          "Flags 'VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND' and 'VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE' are mutually exclusive",
        );
      }
      const args = { username: user, keys: [...keys] };
      await change(dom, "domainAuthorizedSshKeysSet", (agent) =>
        (flags & REMOVE) !== 0
          ? agent("guest-ssh-remove-authorized-keys", nothing, args)
          : agent("guest-ssh-add-authorized-keys", nothing, { ...args, reset: (flags & APPEND) === 0 }),
      );
    },
    domainAgentSetResponseTimeout({ dom, timeout, flags }) {
      checkFlags(flags, 0, "domainAgentSetResponseTimeout", "QEMU");
      setAgentPatience(host.finder.find(dom), timeout);
      return { result: 0 };
    },
  };
}
