/** What a client says when it opens a connection to a daemon, in the order of libvirt's own client. */
import type { AuthCallback } from "../../driver/module.ts";
import { isLibvirtError } from "../../errors.ts";
import type { RpcClient } from "../../rpc/client.ts";
import { authenticate } from "./authenticate.ts";
import type { RemoteUri } from "./target.ts";
import type { Channel } from "./transports/open.ts";

/** The features of daemons and drivers that matter to a client (virDrvFeature). */
export const Feature = {
  TYPED_PARAM_STRING: 9,
  PROGRAM_KEEPALIVE: 10,
  REMOTE_EVENT_CALLBACK: 14,
  REMOTE_CLOSE_CALLBACK: 15,
} as const;

export interface OpeningOptions {
  readonly flags: number;
  readonly auth?: AuthCallback | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the daemon can do. */
export interface Abilities {
  readonly keepalive: boolean;
  /** Whether events name the registration that they are for. */
  readonly eventCallbacks: boolean;
  /** Whether the daemon tells when the hypervisor's own connection ends. */
  readonly closeCallback: boolean;
}

/** Proves who we are and opens the driver on the other side. */
export async function openOnDaemon(
  client: RpcClient,
  { uri, channel }: { readonly uri: RemoteUri; readonly channel: Channel },
  options: OpeningOptions,
): Promise<Abilities> {
  const { flags, auth, signal } = options;
  const calling = signal ? { signal } : {};
  await authenticate(client, { uri, channel, auth, signal });
  const keepalive = await supports(client, Feature.PROGRAM_KEEPALIVE, signal);
  await client.call("connectOpen", { name: uri.name, flags }, calling);
  const [eventCallbacks, closeCallback] = await Promise.all([
    supports(client, Feature.REMOTE_EVENT_CALLBACK, signal),
    supports(client, Feature.REMOTE_CLOSE_CALLBACK, signal),
  ]);
  return { keepalive, eventCallbacks, closeCallback };
}

/** Whether the other side has a feature; one that does not know the question has none. */
export async function supports(client: RpcClient, feature: number, signal?: AbortSignal): Promise<boolean> {
  try {
    const { supported } = await client.call("connectSupportsFeature", { feature }, signal ? { signal } : {});
    return supported !== 0;
  } catch (error) {
    if (!client.closed && isLibvirtError(error, "NO_SUPPORT", "RPC")) return false;
    throw error;
  }
}
