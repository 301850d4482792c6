/** Nodes that want to know who is there: the users of a node's file, to try a program's answers with. */
import type { AuthCallback, OpenOptions } from "../../../driver/module.ts";
import { LibvirtError } from "../../../errors.ts";
import { ConnectCredentialType } from "../../../protocol/index.ts";

/** A user that may open the node; without a password the name is enough. */
export interface NodeUser {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
}

function denied(): LibvirtError {
  return new LibvirtError(
    "AUTH_FAILED",
    "TEST",
    "authentication failed, see test XML for the correct username/password",
  );
}

async function ask(auth: AuthCallback, type: number, prompt: string): Promise<string> {
  const [answer] = await auth.answer([{ type, prompt, challenge: "localhost", defaultAnswer: null }]);
  if (answer === null || answer === undefined) throw denied();
  return answer;
}

/** Asks who is there, when the node has users; AUTH_FAILED unless it is one of them. */
export async function authenticate(users: readonly NodeUser[], { auth }: OpenOptions): Promise<void> {
  if (users.length === 0) return;
  if (!auth) throw new LibvirtError("INVALID_ARG", "TEST", "Missing authentication credentials");
  const name = await ask(auth, ConnectCredentialType.AUTHNAME, "Enter username for localhost");
  const user = users.find((candidate) => candidate.name === name);
  // A stranger is asked for a password as well: the questions do not tell who is known.
  if (user && user.password === undefined) return;
  const prompt = `Enter ${name}'s password for localhost`;
  const password = await ask(auth, ConnectCredentialType.PASSPHRASE, prompt);
  if (!user || user.password !== password) throw denied();
}
