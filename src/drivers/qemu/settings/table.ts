/**
 * All settings of a root, `ROOT/qemu.conf`: names and meanings are those of libvirt's file. This table is the only place
 * that lists them; reading, defaults and docs/qemu-conf.md are derived from it.
 */
import { always, maybe, unused, type ValuesOf } from "../../../model/settings/table.ts";
import { count, either, flag, path, text, texts, uuid, word } from "../../../model/settings/types.ts";

const port = count(1, 65_535);
const number = count(0, 2_147_483_647);
const compression = word("raw", "lzop", "gzip", "bzip2", "xz", "zstd");

export const settingsTable = {
  default_tls_x509_cert_dir: always(
    path,
    "/etc/pki/qemu",
    "certificates where no folder of their own is named or there",
  ),
  default_tls_x509_verify: maybe(flag, "whether clients must show a certificate, for all uses that do not say it"),
  default_tls_x509_secret_uuid: maybe(uuid, "the secret that opens the certificates' key, for all uses that name none"),

  vnc_listen: always(text, "127.0.0.1", "address that VNC listens at where the definition names none"),
  vnc_auto_unix_socket: always(flag, false, "VNC without an address gets a unix socket in the domain's folder"),
  vnc_tls: always(flag, false, "VNC is encrypted"),
  vnc_tls_x509_cert_dir: maybe(path, "certificates of VNC"),
  vnc_tls_x509_verify: maybe(flag, "VNC clients must show a certificate (0 unless said for all)"),
  vnc_tls_x509_secret_uuid: maybe(uuid, "the secret that opens VNC's key"),
  vnc_password: maybe(text, "password of VNC where the definition has none"),
  vnc_sasl: always(flag, false, "VNC clients log in by SASL"),
  vnc_sasl_dir: maybe(path, "folder of SASL's configuration for VNC"),
  vnc_allow_host_audio: always(flag, false, "guests with VNC play sound as QEMU_AUDIO_DRV says"),

  spice_listen: always(text, "127.0.0.1", "address that SPICE listens at where the definition names none"),
  spice_auto_unix_socket: always(flag, false, "SPICE without an address gets a unix socket in the domain's folder"),
  spice_tls: always(flag, false, "SPICE may be encrypted"),
  spice_tls_x509_cert_dir: maybe(path, "certificates of SPICE"),
  spice_password: maybe(text, "password of SPICE where the definition has none"),
  spice_sasl: always(flag, false, "SPICE clients log in by SASL"),
  spice_sasl_dir: maybe(path, "folder of SASL's configuration for SPICE"),

  nographics_allow_host_audio: always(flag, false, "guests without a screen play sound as QEMU_AUDIO_DRV says"),
  remote_display_port_min: always(count(5900, 65_535), 5900, "first port that VNC and SPICE are given"),
  remote_display_port_max: always(count(5900, 65_535), 65_535, "last port that VNC and SPICE are given"),
  remote_websocket_port_min: always(count(5700, 65_535), 5700, "first port that VNC's websockets are given"),
  remote_websocket_port_max: always(count(5700, 65_535), 65_535, "last port that VNC's websockets are given"),

  chardev_tls: always(flag, false, "TCP character devices are encrypted where the definition does not say it"),
  chardev_tls_x509_cert_dir: maybe(path, "certificates of TCP character devices"),
  chardev_tls_x509_verify: maybe(flag, "peers of character devices must show a certificate (1 unless said for all)"),
  chardev_tls_x509_secret_uuid: maybe(uuid, "the secret that opens the key of character devices"),
  vxhs_tls: always(flag, false, "VxHS disks are encrypted on the wire where the definition does not say it"),
  vxhs_tls_x509_cert_dir: maybe(path, "certificates of VxHS disks"),
  vxhs_tls_x509_secret_uuid: maybe(uuid, "the secret that opens the key of VxHS disks"),
  nbd_tls: always(flag, false, "NBD disks are encrypted on the wire where the definition does not say it"),
  nbd_tls_x509_cert_dir: maybe(path, "certificates of NBD disks"),
  nbd_tls_x509_secret_uuid: maybe(uuid, "the secret that opens the key of NBD disks"),
  migrate_tls_x509_cert_dir: unused(path),
  migrate_tls_x509_verify: unused(flag),
  migrate_tls_x509_secret_uuid: unused(uuid),
  migrate_tls_force: unused(flag),
  backup_tls_x509_cert_dir: unused(path),
  backup_tls_x509_verify: unused(flag),
  backup_tls_x509_secret_uuid: unused(uuid),

  user: maybe(text, "whom guests run as when root starts them: a name, or a number with a plus sign"),
  group: maybe(text, "the group that guests run with when root starts them"),
  dynamic_ownership: always(flag, true, "files that the user may not use are his for the run"),
  remember_owner: unused(flag),
  swtpm_user: maybe(text, "whom emulated TPMs run as when root starts them (`tss` where there is one, or `user`)"),
  swtpm_group: maybe(text, "the group that emulated TPMs run with (`tss` where there is one, or `group`)"),
  security_driver: unused(texts),
  security_default_confined: unused(flag),
  security_require_confined: unused(flag),
  seccomp_sandbox: always(flag, true, "QEMU runs in its sandbox"),
  namespaces: unused(texts),
  cgroup_controllers: unused(texts),
  cgroup_device_acl: unused(texts),

  set_process_name: always(flag, false, "QEMU's process is called `qemu:NAME`"),
  log_timestamp: always(flag, true, "lines of QEMU's log have a time"),
  deprecation_behavior: always(
    word("none", "omit", "reject", "crash"),
    "none",
    "what QEMU does when it is used in a way that will not last",
  ),
  dump_guest_core: always(flag, false, "core dumps of QEMU hold the guest's memory"),
  max_core: unused(either(number, word("unlimited"))),
  max_processes: unused(number),
  max_files: unused(number),
  max_threads_per_process: unused(number),
  sched_core: unused(word("none", "vcpus", "emulator", "full")),
  capability_filters: unused(texts),
  stdio_handler: unused(word("file", "logd")),
  max_queued: unused(number),

  memory_backing_dir: maybe(path, "where files lie that back guests' memory (`qemu/ram` below the root)"),
  hugetlbfs_mount: maybe(texts, 'mounts of huge pages, instead of those in /proc/mounts; `""` for none'),
  gluster_debug_level: maybe(count(0, 9), "how much Gluster's client logs (4 where it is not said)"),
  auto_dump_path: maybe(path, "where cores of guests that crashed go (`qemu/dump` below the root)"),
  auto_dump_bypass_cache: unused(flag),
  auto_start_bypass_cache: always(
    flag,
    false,
    "managed saves of domains that start by themselves are read past the cache",
  ),
  save_image_format: maybe(compression, "how save images are compressed, by the program of that name"),
  dump_image_format: maybe(compression, "how core dumps are compressed; not at all where the program is missing"),
  snapshot_image_format: unused(compression),
  nvram: unused(texts),
  lock_manager: unused(word("lockd", "sanlock")),

  mac_filter: unused(flag),
  relaxed_acs_check: unused(flag),
  bridge_helper: unused(path),
  pr_helper: unused(path),
  slirp_helper: unused(path),
  dbus_daemon: unused(path),
  virtiofsd_debug: unused(flag),

  keepalive_interval: unused(count(-1, 2_147_483_647)),
  keepalive_count: unused(number),
  migration_address: unused(text),
  migration_host: unused(text),
  migration_port_min: unused(port),
  migration_port_max: unused(port),
} as const;

/** The settings by name, defaults filled in. */
export type SettingValues = ValuesOf<typeof settingsTable>;
