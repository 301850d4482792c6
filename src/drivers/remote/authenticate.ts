/** Proves to a daemon who the client is, in the way that the daemon asks for. */
import type { AuthCallback, CredentialRequest } from "../../driver/module.ts";
import { isLibvirtError, LibvirtError } from "../../errors.ts";
import { AuthType, ConnectCredentialType } from "../../protocol/index.ts";
import type { RpcClient } from "../../rpc/client.ts";
import type { SaslCredentials } from "../../rpc/sasl/index.ts";
import { findAuthFile, readAuthFile } from "./auth-file.ts";
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
  const calling = context.signal ? { signal: context.signal } : {};
  const way = chosenWay(await waysOf(client, calling), context.uri.auth);
  switch (way) {
    case AuthType.NONE:
      return;
    case AuthType.POLKIT:
      // The daemon asks polkit about this process; there is nothing to say beside that it should.
      await client.call("authPolkit", {}, calling);
      return;
    case AuthType.SASL:
      await logIn(client, context, calling);
      return;
  }
}

type Calling = { readonly signal?: AbortSignal };

async function waysOf(client: RpcClient, calling: Calling): Promise<readonly AuthType[]> {
  try {
    return (await client.call("authList", {}, calling)).types;
  } catch (error) {
    // A daemon from before there was authentication.
    if (isLibvirtError(error, "NO_SUPPORT")) return [];
    throw error;
  }
}

/** The way that the URI names, else the first that the daemon offers. */
function chosenWay(offered: readonly AuthType[], named: string | null): AuthType {
  if (named === null) return offered[0] ?? AuthType.NONE;
  const [word = ""] = named.toLowerCase().split(".");
  const ways: Readonly<Record<string, AuthType>> = { sasl: AuthType.SASL, polkit: AuthType.POLKIT };
  const wanted = Object.hasOwn(ways, word) ? ways[word] : undefined;
  if (wanted === undefined) throw new LibvirtError("AUTH_FAILED", "REMOTE", `unknown authentication type ${named}`);
  if (offered.includes(wanted)) return wanted;
  throw new LibvirtError("AUTH_FAILED", "REMOTE", `requested authentication type ${named} rejected`);
}

async function logIn(client: RpcClient, context: AuthenticationContext, calling: Calling): Promise<void> {
  const { uri, channel } = context;
  const [, mechanism = null] = /^sasl\.(.+)$/i.exec(uri.auth ?? "") ?? [];
  // Few connections need it, and ciphers take a while to load.
  const { authenticateSasl } = await import("../../rpc/sasl/index.ts");
  const { layer } = await authenticateSasl(
    {
      init: () => client.call("authSaslInit", {}, calling),
      start: (args) => client.call("authSaslStart", args, calling),
      step: (args) => client.call("authSaslStep", args, calling),
    },
    {
      isPrivate: channel.isPrivate,
      hasCertificate: channel.hasCertificate,
      mechanism,
      host: uri.hostname,
      credentials: () => credentialsFor(context),
    },
  );
  // Nothing is under way now: the daemon's next message answers the client's next one.
  if (layer) channel.secure(layer);
}

/** What to ask for, and the kinds of question that do. */
const questions = {
  authname: {
    types: [ConnectCredentialType.AUTHNAME, ConnectCredentialType.USERNAME],
    prompt: "Please enter your authentication name",
  },
  password: {
    types: [ConnectCredentialType.PASSPHRASE, ConnectCredentialType.NOECHOPROMPT],
    prompt: "Please enter your password",
  },
} as const;

/** Name and password: from auth.conf, and what that does not know from whoever opened the connection. */
async function credentialsFor({ uri, auth }: AuthenticationContext): Promise<SaslCredentials> {
  const path = await findAuthFile(uri.authFile);
  const known = path === null ? new Map<string, string>() : await readAuthFile(path, "libvirt", uri.hostname);
  const name = known.get("authname") ?? known.get("username") ?? uri.user ?? undefined;
  const found = { authname: name, password: known.get("password") };
  const missing = (["authname", "password"] as const).filter((what) => found[what] === undefined);
  const answers = missing.length === 0 ? [] : await ask(missing, uri.hostname, auth);
  const answered = Object.fromEntries(missing.map((what, index) => [what, answers[index]]));
  const { authname = "", password = "" } = { ...found, ...answered };
  return { user: authname, password, realm: known.get("realm") };
}

async function ask(
  missing: readonly (keyof typeof questions)[],
  host: string,
  auth: AuthCallback | undefined,
): Promise<readonly string[]> {
  const requests = missing.map((what): CredentialRequest => {
    const { types, prompt } = questions[what];
    const type = types.find((candidate) => auth?.credentialTypes.includes(candidate));
    if (type !== undefined) return { type, prompt, challenge: host, defaultAnswer: null };
    const remedy = `no ${what} in auth.conf, and no authentication callback that can be asked for one`;
    throw new LibvirtError("AUTH_FAILED", "REMOTE", `Failed to make auth credentials: ${remedy}`);
  });
  const answers = (await auth?.answer(requests)) ?? [];
  return requests.map((_, index) => {
    const answer = answers[index];
    if (typeof answer === "string") return answer;
    throw new LibvirtError("AUTH_CANCELLED", "REMOTE", "Failed to collect auth credentials");
  });
}
