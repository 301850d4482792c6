/** Settings of the driver where nobody has configured it: the defaults of qemu.conf. */
import type { HugepageMount, LaunchSettings } from "./context.ts";
import type { TlsCredentials } from "./device-context.ts";

/** What the defaults depend on. */
export interface SettingsOptions {
  /** Where files lie that back guests' memory. */
  readonly memoryBackingFolder: string;
  readonly hugepageMounts?: readonly HugepageMount[];
}

/** Folder of the certificates for connections of all kinds (default_tls_x509_cert_dir). */
const credentials: TlsCredentials = { folder: "/etc/pki/qemu", verifyPeer: true };

/** Screens are for who is on this host, unless a definition says otherwise. */
const graphics = { listen: "127.0.0.1", autoUnixSocket: false, sasl: false } as const;

export function defaultSettings({ memoryBackingFolder, hugepageMounts = [] }: SettingsOptions): LaunchSettings {
  return {
    chardevTls: false,
    chardevCredentials: credentials,
    nbdCredentials: credentials,
    vxhsTls: false,
    vxhsCredentials: credentials,
    dumpGuestCore: false,
    setProcessName: false,
    logTimestamp: true,
    deprecationBehavior: "none",
    memoryBackingFolder,
    hugepageMounts,
    vnc: graphics,
    spice: graphics,
  };
}
