/** Proves to a daemon who the client is, in the way that the daemon asks for. */
import type { AuthCallback } from "../../driver/module.ts";
import { isLibvirtError, LibvirtError } from "../../errors.ts";
import { AuthType } from "../../protocol/index.ts";
import type { RpcClient } from "../../rpc/client.ts";
import type { RemoteUri } from "./target.ts";
import type { Channel } from "./transports/open.ts";

export interface AuthenticationContext {
  readonly uri: RemoteUri;
  readonly channel: Channel;
  readonly auth?: AuthCallback | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks the daemon what it wants, and gives it. @throws {LibvirtError} AUTH_FAILED, AUTH_CANCELLED, AUTH_UNAVAILABLE */
export async function authenticate(client: RpcClient, context: AuthenticationContext): Promise<void> {
  const [wanted] = await waysOf(client, context.signal);
  switch (wanted) {
    case undefined:
    case AuthType.NONE:
      return;
    case AuthType.POLKIT:
      // The daemon asks polkit about this process; there is nothing to say beside that it should.
      await client.call("authPolkit", {}, context.signal ? { signal: context.signal } : {});
      return;
    default:
      throw new LibvirtError("AUTH_FAILED", "REMOTE", `unsupported authentication type ${wanted}`);
  }
}

async function waysOf(client: RpcClient, signal?: AbortSignal): Promise<readonly AuthType[]> {
  try {
    return (await client.call("authList", {}, signal ? { signal } : {})).types;
  } catch (error) {
    // A daemon from before there was authentication.
    if (isLibvirtError(error, "NO_SUPPORT")) return [];
    throw error;
  }
}
