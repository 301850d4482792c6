/** The command line that reaches a daemon through the system's ssh. Pure. */
import { directSocket, legacySocket, systemSocketFolder } from "../daemon-socket.ts";
import type { SshTarget } from "../target.ts";

/** What ssh is asked to do. */
export interface SshRequest {
  readonly readOnly: boolean;
  /** What the daemon is asked to open; virt-ssh-helper finds the socket by it. */
  readonly name: string;
}

/** The program and its arguments. */
export function sshCommand(target: SshTarget, request: SshRequest): readonly [string, ...string[]] {
  const { command, port, user, keyfile, noTty, knownHosts, methods, host } = target;
  return [
    command,
    ...(port === null ? [] : ["-p", String(port)]),
    ...(user === null ? [] : ["-l", user]),
    ...(keyfile === null ? [] : ["-i", keyfile]),
    // Bytes must pass as they are: no terminal there, no escape character here.
    "-T",
    "-e",
    "none",
    ...(noTty ? ["-o", "BatchMode=yes"] : []),
    ...hostKeyOptions[target.hostKeys],
    ...(knownHosts === null ? [] : ["-o", `UserKnownHostsFile=${knownHosts}`]),
    ...(methods.length === 0 ? [] : ["-o", `PreferredAuthentications=${methods.join(",")}`]),
    "--",
    host,
    remoteCommand(target, request),
  ];
}

const hostKeyOptions: { readonly [Rule in SshTarget["hostKeys"]]: readonly string[] } = {
  ask: [],
  "accept-new": ["-o", "StrictHostKeyChecking=accept-new"],
  ignore: ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"],
};

/** What the far shell runs: whichever of the two carriers is there. The far user's shell may be any, so sh is named. */
function remoteCommand(target: SshTarget, request: SshRequest): string {
  const script = {
    native: native(request),
    netcat: netcat(target, request),
    auto: `if command -v virt-ssh-helper >/dev/null 2>&1; then ${native(request)}; else ${netcat(target, request)}; fi`,
  }[target.proxy];
  return `sh -c ${quoted(script)}`;
}

function native({ name, readOnly }: SshRequest): string {
  return `exec virt-ssh-helper ${readOnly ? "-r " : ""}${quoted(name)}`;
}

/** Some netcats wait on after the end of their input unless they are told not to, others do not know that option. */
function netcat(target: SshTarget, request: SshRequest): string {
  const program = quoted(target.netcat);
  const asked = `${program} -q 2>&1 | grep -q "requires an argument"`;
  return `if ${asked}; then q=-q0; else q=; fi; exec ${program} $q -U ${quoted(farSocket(target, request.readOnly))}`;
}

function farSocket({ socket, mode, driver }: SshTarget, readOnly: boolean): string {
  if (socket !== null) return socket;
  return `${systemSocketFolder}/${mode === "direct" ? directSocket(driver, readOnly) : legacySocket(readOnly)}`;
}

/** A word for sh that means exactly the text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
