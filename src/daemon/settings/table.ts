/**
 * All settings of the daemon, `libvirtd.conf`: names and meanings are those of libvirt's file. This table is the only
 * place that lists them; reading, defaults, what SIGHUP changes and docs/tsvirtd-conf.md are derived from it.
 */

import { always, maybe, type Setting, unused, type ValuesOf } from "../../model/settings/table.ts";
import { count, flag, path, type SettingType, text, texts, uuid, word } from "../../model/settings/types.ts";
import { mechanismNames } from "../../rpc/sasl/index.ts";

const most = 2_147_483_647;
const clients = count(1, 1_000_000);
const workers = count(1, most);
const seconds = count(-1, most);

/** Permissions of a socket, in octal as `chmod` takes them. */
const permissions: SettingType<number> = {
  expected: 'permissions in octal, such as "0770"',
  read: (value) => (typeof value === "string" && /^0?[0-7]{3}$/.test(value) ? Number.parseInt(value, 8) : undefined),
};

/** A port by its number or by its name in /etc/services. */
const port: SettingType<string> = {
  expected: "a port or the name of a service, in quotes",
  read: (value) => (typeof value === "string" && isPort(value) ? value : undefined),
};

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) ? Number(value) <= 65_535 : /^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(value);
}

/** Octal numbers are shown as they are written. */
function perms(standard: number, meaning: string): Setting<number, number> {
  return always(permissions, standard, meaning);
}

const unixAuth = word("none", "sasl", "polkit");
const netAuth = word("none", "sasl");

const accessDrivers: SettingType<readonly string[]> = {
  expected: "a list of none, nop, rules, polkit",
  read: (value) => {
    const names = texts.read(value);
    return names?.every((name) => ["none", "nop", "rules", "polkit"].includes(name)) ? names : undefined;
  },
};

/** What a change of takes effect with SIGHUP, for what connects from then on. */
const reloaded = {
  tls_allowed_dn_list: maybe(
    texts,
    "which distinguished names of certificates may connect (`*` stands for anything); all whose certificate is in " +
      "order unless given",
  ),
  sasl_allowed_username_list: maybe(
    texts,
    "which SASL user names may connect (`*` and `?` are wildcards); all that log in unless given",
  ),
  access_drivers: always<readonly string[]>(
    accessDrivers,
    [],
    "who decides what clients may do beyond connecting: `rules`, the rules file, or `polkit`, or both in turn; " +
      "everything is allowed without any (docs/security.md)",
  ),

  max_clients: always(clients, 5000, "how many clients may be connected, over all sockets but the admin one"),
  max_anonymous_clients: always(
    count(0, 1_000_000),
    20,
    "how many clients may be connected that have not logged in; further ones wait. 0: as many as `max_clients`",
  ),
  max_client_requests: always(
    count(1, 1_000_000),
    5,
    "how many calls of one client are worked on at a time; reading from it stops above that",
  ),
  keepalive_interval: always(
    seconds,
    5,
    "after so many seconds of silence a client that asked for it is asked for a sign of life; -1: never",
  ),
  keepalive_count: always(
    count(0, most),
    5,
    "how many such questions may stay unanswered before the connection is closed",
  ),
  admin_max_clients: always(clients, 5, "as `max_clients`, for the admin socket"),
  admin_max_client_requests: always(count(1, 1_000_000), 5, "as `max_client_requests`, for the admin socket"),
  admin_keepalive_interval: always(seconds, 5, "as `keepalive_interval`, for the admin socket"),
  admin_keepalive_count: always(count(0, most), 5, "as `keepalive_count`, for the admin socket"),

  log_level: always(count(1, 4), 3, "least level that is logged: 1 debug, 2 information, 3 warnings, 4 errors"),
  log_filters: maybe(
    text,
    'another level for some categories: `"1:rpc 4:qemu"`; a category is meant when its name contains the word',
  ),
  log_outputs: maybe(text, "where to: `LEVEL:stderr`, `LEVEL:file:PATH`, `LEVEL:syslog:NAME` (docs/tsvirtd.md)"),
} as const;

const mechanisms: SettingType<readonly string[]> = {
  expected: `a list of ${mechanismNames.join(", ")}`,
  read: (value) => {
    const names = texts.read(value)?.map((name) => name.toUpperCase());
    return names?.every((name) => mechanismNames.some((known) => known === name)) ? names : undefined;
  },
};

/** Settings that libvirt's file does not have. */
const own = {
  sasl_mechanisms: always(
    mechanisms,
    ["SCRAM-SHA-256"],
    "which SASL mechanisms clients may use; on the TCP port only DIGEST-MD5, which encrypts, will do " +
      "(docs/security.md)",
  ),
  access_rules_file: maybe(
    path,
    "the rules of `access_drivers`; `tsvirtd.rules` beside the configuration file unless given (docs/security.md)",
  ),
} as const;

const ownFixed = {
  sasl_passwd_file: maybe(
    path,
    "the users who may log in by SASL, written by `tsvirtd passwd`; `tsvirtd.passwd` beside the configuration file " +
      "unless given",
  ),
} as const;

/** What takes effect when the daemon starts. */
const fixed = {
  listen_tls: always(flag, true, "whether to listen for TLS connections, when started with `--listen`"),
  listen_tcp: always(flag, false, "whether to listen for plain TCP connections, when started with `--listen`"),
  tls_port: always(port, "16514", "port of TLS connections"),
  tcp_port: always(port, "16509", "port of TCP connections"),
  listen_addr: maybe(text, "address that both listen at; all addresses of the host unless given"),

  unix_sock_group: maybe(
    text,
    "the group that the sockets belong to, by name or number; the daemon's own unless given",
  ),
  unix_sock_ro_perms: perms(0o777, "who may connect to the read-only socket"),
  unix_sock_rw_perms: maybe(
    permissions,
    "who may connect to the read-write socket: everybody (0777) where polkit decides who may go on, else only the " +
      "daemon's own user (0700)",
  ),
  unix_sock_admin_perms: perms(0o700, "who may connect to the admin socket"),
  unix_sock_dir: maybe(
    path,
    "folder of the sockets: `/var/run/libvirt` for root, `$XDG_RUNTIME_DIR/libvirt` for others, `DIR/run` with " +
      "`--root DIR`",
  ),

  auth_unix_ro: maybe(
    unixAuth,
    "how clients of the read-only socket log in: by polkit for root where there is one, else not at all",
  ),
  auth_unix_rw: maybe(unixAuth, "how clients of the read-write socket log in; as `auth_unix_ro` unless given"),
  auth_tcp: always(netAuth, "sasl", "how clients of the TCP port log in"),
  auth_tls: always(netAuth, "none", "how clients of the TLS port log in, beside their certificates"),
  tcp_min_ssf: always(
    count(56, 65_535),
    56,
    "how strong the encryption must be that SASL gives on the TCP port, in bits",
  ),

  key_file: always(path, "/etc/pki/libvirt/private/serverkey.pem", "key of the TLS certificate"),
  cert_file: always(path, "/etc/pki/libvirt/servercert.pem", "TLS certificate of the daemon"),
  ca_file: always(path, "/etc/pki/CA/cacert.pem", "certificate authority of both sides"),
  crl_file: maybe(path, "certificates that are withdrawn; `/etc/pki/CA/cacrl.pem` where it is there"),
  tls_no_sanity_certificate: always(flag, false, "whether the daemon's own certificate is taken unchecked"),
  tls_no_verify_certificate: always(flag, false, "whether clients need no certificate"),
  tls_priority: maybe(
    text,
    "which versions of TLS are spoken, in GnuTLS's words (`NORMAL:-VERS-TLS1.2`); 1.2 and 1.3 unless given. Whoever chooses " +
      "ciphers by it is refused: TLS does not start",
  ),

  max_queued_clients: always(count(1, 65_535), 1000, "how many connections wait at each socket to be accepted"),
  admin_max_queued_clients: always(count(1, 65_535), 5, "as `max_queued_clients`, for the admin socket"),

  host_uuid: maybe(uuid, "UUID of the host, instead of the one that the firmware or /etc/machine-id has"),
  host_uuid_source: always(word("smbios", "machine-id"), "smbios", "where the UUID of the host comes from"),
} as const;

const noThreads =
  "one process answers every call in turns, so there are no threads to be had; `virt-admin` shows the numbers";
const noPromise =
  "no client says beforehand whether it gives signs of life: those that do are asked, see `keepalive_interval`";
const noAudit = "the kernel's audit is reached by netlink alone, which Node does not have";

const idle = {
  min_workers: unused(workers, noThreads),
  max_workers: unused(workers, noThreads),
  prio_workers: unused(count(0, most), noThreads),
  admin_min_workers: unused(workers, noThreads),
  admin_max_workers: unused(workers, noThreads),
  keepalive_required: unused(flag, noPromise),
  admin_keepalive_required: unused(flag, noPromise),
  audit_level: unused(count(0, 2), noAudit),
  audit_logging: unused(flag, noAudit),
  ovs_timeout: unused(count(0, most), "no command of Open vSwitch is run"),
} as const;

export const settingsTable = { ...fixed, ...ownFixed, ...reloaded, ...own, ...idle } as const;

export type SettingName = keyof typeof settingsTable;
/** The settings by name, defaults filled in. */
export type SettingValues = ValuesOf<typeof settingsTable>;

/** Whether SIGHUP makes a change of the setting take effect. */
export function isReloaded(name: string): name is keyof typeof reloaded | keyof typeof own {
  return Object.hasOwn(reloaded, name) || Object.hasOwn(own, name);
}

/** Whether libvirt's file does not have the setting. */
export function isOwnSetting(name: string): boolean {
  return Object.hasOwn(own, name) || Object.hasOwn(ownFixed, name);
}
