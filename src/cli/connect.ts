/** The only place where the shell opens connections; it loads the library when the first command needs it. */
import type { Connection } from "../api/index.ts";

export interface ConnectionRequest {
  /** Undefined: the library's default. */
  readonly uri: string | undefined;
  readonly readonly: boolean;
  readonly keepaliveInterval: number | undefined;
  readonly keepaliveCount: number | undefined;
}

/** virsh's defaults, for the one of the two that was not asked for. */
const DEFAULT_INTERVAL = 5;
const DEFAULT_COUNT = 6;

export async function openConnection(request: ConnectionRequest): Promise<Connection> {
  const api = await import("../api/index.ts");
  // The shell itself says what went wrong.
  api.silenceErrors();
  const connection = await (request.readonly ? api.openReadOnly(request.uri) : api.open(request.uri));
  const { keepaliveInterval, keepaliveCount } = request;
  if (keepaliveInterval === undefined && keepaliveCount === undefined) return connection;
  try {
    await connection.setKeepAlive(keepaliveInterval ?? DEFAULT_INTERVAL, keepaliveCount ?? DEFAULT_COUNT);
    return connection;
  } catch (cause) {
    await connection.close();
    throw cause;
  }
}
