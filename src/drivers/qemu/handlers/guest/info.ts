/** What a guest's agent says of the system in it (virDomainGetGuestInfo). */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { boolParam, intParam, stringParam, uintParam, ullongParam } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { DomainGuestInfoTypes, IPAddrType, type TypedParameter } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { qmpError } from "../../monitor/errors.ts";
import { array, boolean, fields, int, number, optional, string } from "../../monitor/shape.ts";
import { agentInterfaces } from "./addresses.ts";
import { agentFor } from "./agent.ts";
import { diskAt, guestDiskAddress, readFilesystems } from "./filesystems.ts";

type Ask = ReturnType<typeof agentFor>;
type Tell = (ask: Ask, definition: Definition) => Promise<TypedParameter[]>;

const users = array(fields({ user: string, "login-time": number, domain: optional(string) }));

const tellUsers: Tell = async (ask) => {
  const list = await ask("guest-get-users", users);
  const each = list.flatMap(({ user, domain, "login-time": seconds }, index) => [
    stringParam(`user.${index}.name`, user),
    ...(domain === undefined ? [] : [stringParam(`user.${index}.domain`, domain)]),
    ullongParam(`user.${index}.login-time`, BigInt(Math.trunc(seconds * 1000))),
  ]);
  return [uintParam("user.count", list.length), ...each];
};

/** The agent's names for what a system says of itself, with libvirt's. */
const osFields = [
  ["id", "id"],
  ["name", "name"],
  ["pretty-name", "pretty-name"],
  ["version", "version"],
  ["version-id", "version-id"],
  ["machine", "machine"],
  ["variant", "variant"],
  ["variant-id", "variant-id"],
  ["kernel-release", "kernel-release"],
  ["kernel-version", "kernel-version"],
] as const;
const osShape = fields(Object.fromEntries(osFields.map(([name]) => [name, optional(string)])));

const tellOs: Tell = async (ask) => {
  const os = await ask("guest-get-osinfo", osShape);
  return osFields.flatMap(([name, field]) => {
    const value = os[name];
    return value === undefined ? [] : [stringParam(`os.${field}`, value)];
  });
};

const tellTimezone: Tell = async (ask) => {
  const { zone, offset } = await ask("guest-get-timezone", fields({ zone: optional(string), offset: int }));
  return [...(zone === undefined ? [] : [stringParam("timezone.name", zone)]), intParam("timezone.offset", offset)];
};

const tellHostname: Tell = async (ask) => {
  const answer = await ask("guest-get-host-name", fields({ "host-name": string }));
  return [stringParam("hostname", answer["host-name"])];
};

const tellFilesystems: Tell = async (ask, definition) => {
  const list = await readFilesystems(ask, definition);
  const each = list.flatMap(({ name, mountpoint, type, totalBytes, usedBytes, disks }, index) => {
    const prefix = `fs.${index}`;
    return [
      stringParam(`${prefix}.name`, name),
      stringParam(`${prefix}.mountpoint`, mountpoint),
      stringParam(`${prefix}.fstype`, type),
      ...(totalBytes === undefined ? [] : [ullongParam(`${prefix}.total-bytes`, totalBytes)]),
      ...(usedBytes === undefined ? [] : [ullongParam(`${prefix}.used-bytes`, usedBytes)]),
      uintParam(`${prefix}.disk.count`, disks.length),
      ...disks.flatMap(({ target, serial, device }, disk) => [
        ...(target === undefined ? [] : [stringParam(`${prefix}.disk.${disk}.alias`, target)]),
        ...(serial === undefined ? [] : [stringParam(`${prefix}.disk.${disk}.serial`, serial)]),
        ...(device === undefined ? [] : [stringParam(`${prefix}.disk.${disk}.device`, device)]),
      ]),
    ];
  });
  return [uintParam("fs.count", list.length), ...each];
};

const guestDisks = array(
  fields({
    name: string,
    partition: boolean,
    dependencies: optional(array(string)),
    address: optional(guestDiskAddress),
    alias: optional(string),
  }),
);

const tellDisks: Tell = async (ask, definition) => {
  const list = await ask("guest-get-disks", guestDisks);
  const each = list.flatMap(({ name, partition, dependencies, address, alias }, index) => {
    const prefix = `disk.${index}`;
    const target = address && diskAt(definition, address)?.target.dev;
    return [
      stringParam(`${prefix}.name`, name),
      boolParam(`${prefix}.partition`, partition),
      ...(dependencies === undefined
        ? []
        : [
            uintParam(`${prefix}.dependency.count`, dependencies.length),
            ...dependencies.map((one, at) => stringParam(`${prefix}.dependency.${at}.name`, one)),
          ]),
      ...(address?.serial === undefined ? [] : [stringParam(`${prefix}.serial`, address.serial)]),
      ...(target === undefined ? [] : [stringParam(`${prefix}.alias`, target)]),
      ...(alias === undefined ? [] : [stringParam(`${prefix}.guest_alias`, alias)]),
    ];
  });
  return [uintParam("disk.count", list.length), ...each];
};

const tellInterfaces: Tell = async (ask) => {
  const list = await agentInterfaces(ask);
  const each = list.flatMap(({ name, hwaddr, addrs }, index) => {
    const prefix = `if.${index}`;
    return [
      stringParam(`${prefix}.name`, name),
      ...(hwaddr === null ? [] : [stringParam(`${prefix}.hwaddr`, hwaddr)]),
      uintParam(`${prefix}.addr.count`, addrs.length),
      ...addrs.flatMap(({ type, addr, prefix: bits }, at) => [
        stringParam(`${prefix}.addr.${at}.type`, type === IPAddrType.IPV6 ? "ipv6" : "ipv4"),
        stringParam(`${prefix}.addr.${at}.addr`, addr),
        uintParam(`${prefix}.addr.${at}.prefix`, bits),
      ]),
    ];
  });
  return [uintParam("if.count", list.length), ...each];
};

const parts: readonly (readonly [type: number, tell: Tell])[] = [
  [DomainGuestInfoTypes.USERS, tellUsers],
  [DomainGuestInfoTypes.OS, tellOs],
  [DomainGuestInfoTypes.TIMEZONE, tellTimezone],
  [DomainGuestInfoTypes.HOSTNAME, tellHostname],
  [DomainGuestInfoTypes.FILESYSTEM, tellFilesystems],
  [DomainGuestInfoTypes.DISKS, tellDisks],
  [DomainGuestInfoTypes.INTERFACES, tellInterfaces],
];

export function guestInfoHandlers(host: QemuHost): Handlers<"domainGetGuestInfo"> {
  return {
    async domainGetGuestInfo({ dom, types, flags }) {
      checkFlags(flags, 0, "domainGetGuestInfo", "QEMU");
      const known = parts.reduce((all, [type]) => all | type, 0);
      const unknown = (types & ~known) >>> 0;
      if (unknown !== 0) {
        const detail = `unsupported guest information types '0x${unknown.toString(16)}'`;
        throw new LibvirtError("INVALID_ARG", "QEMU", detail);
      }
      const { definition } = host.finder.find(dom).running();
      const ask = agentFor(host, dom);
      const params: TypedParameter[] = [];
      // One after the other, for the agent does one thing at a time.
      for (const [type, tell] of parts) {
        if (types !== 0 && (types & type) === 0) continue;
        try {
          params.push(...(await tell(ask, definition)));
        } catch (error) {
          // Who asks for everything takes what there is: not every agent knows everything.
          if (types !== 0 || qmpError(error) === undefined) throw error;
        }
      }
      return { params };
    },
  };
}
