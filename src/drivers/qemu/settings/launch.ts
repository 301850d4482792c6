/** What the settings of a root mean for a launch. */
import type { GraphicsSettings, HugepageMount, LaunchSettings } from "../launch/context.ts";
import type { TlsCredentials } from "../launch/devices/context.ts";
import { parseSettings } from "./read.ts";
import type { SettingValues } from "./table.ts";

/** What of the host the meaning of settings depends on. */
export interface SettingsHost {
  /** Where files lie that back guests' memory, unless the settings say it. */
  readonly memoryBackingFolder: string;
  readonly hugepageMounts: readonly HugepageMount[];
  /** Whether a folder is there. */
  readonly hasFolder: (path: string) => boolean;
}

/** What holds where nobody has configured anything. */
export function defaultSettings({ memoryBackingFolder }: Pick<SettingsHost, "memoryBackingFolder">): LaunchSettings {
  return launchSettings(parseSettings("", "qemu.conf"), {
    memoryBackingFolder,
    hugepageMounts: [],
    hasFolder: () => false,
  });
}

export function launchSettings(values: SettingValues, host: SettingsHost): LaunchSettings {
  const gluster = values.gluster_debug_level;
  return {
    chardevTls: values.chardev_tls,
    chardevCredentials: credentials("chardev", values, host),
    nbdTls: values.nbd_tls,
    nbdCredentials: credentials("nbd", values, host),
    vxhsTls: values.vxhs_tls,
    vxhsCredentials: credentials("vxhs", values, host),
    ...(gluster !== undefined && { glusterDebug: gluster }),
    dumpGuestCore: values.dump_guest_core,
    setProcessName: values.set_process_name,
    logTimestamp: values.log_timestamp,
    seccompSandbox: values.seccomp_sandbox,
    deprecationBehavior: values.deprecation_behavior,
    memoryBackingFolder: values.memory_backing_dir ?? host.memoryBackingFolder,
    hugepageMounts: host.hugepageMounts,
    vnc: graphics("vnc", values, host),
    spice: graphics("spice", values, host),
  };
}

function graphics(kind: "vnc" | "spice", values: SettingValues, host: SettingsHost): GraphicsSettings {
  const [password, saslFolder] = [values[`${kind}_password`], values[`${kind}_sasl_dir`]];
  return {
    listen: values[`${kind}_listen`],
    autoUnixSocket: values[`${kind}_auto_unix_socket`],
    ...(values[`${kind}_tls`] && { tls: credentials(kind, values, host) }),
    sasl: values[`${kind}_sasl`],
    ...(saslFolder !== undefined && { saslFolder }),
    ...(password !== undefined && { password }),
  };
}

type TlsUse = "vnc" | "spice" | "chardev" | "nbd" | "vxhs";

/** Whether the other side must show a certificate where nothing says it: clients of disks always check their server. */
const verifies: { readonly [use in TlsUse]: boolean } = {
  vnc: false,
  spice: false,
  chardev: true,
  nbd: true,
  vxhs: true,
};

function credentials(use: TlsUse, values: SettingValues, { hasFolder }: SettingsHost): TlsCredentials {
  const usual = `/etc/pki/libvirt-${use}`;
  const standard = hasFolder(usual) ? usual : values.default_tls_x509_cert_dir;
  const verify = use === "vnc" || use === "chardev" ? values[`${use}_tls_x509_verify`] : undefined;
  const secret = use === "spice" ? undefined : values[`${use}_tls_x509_secret_uuid`];
  const given = secret ?? values.default_tls_x509_secret_uuid;
  const isClient = use === "nbd" || use === "vxhs";
  return {
    folder: values[`${use}_tls_x509_cert_dir`] ?? standard,
    verifyPeer: verify ?? (isClient ? undefined : values.default_tls_x509_verify) ?? verifies[use],
    ...(given !== undefined && { secret: given }),
  };
}
