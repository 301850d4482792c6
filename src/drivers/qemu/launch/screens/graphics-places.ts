/** Where graphics listen, where the definition leaves it to the host. */
import type { Domain, Graphics, GraphicsOf, Listen } from "../../../../model/domain/index.ts";
import type { LaunchSettings } from "../context.ts";

/** Free ports, each taken when it is given. */
export interface PortSource {
  readonly vnc: () => number;
  readonly websocket: () => number;
  readonly spice: () => number;
}

/** What of a start decides where graphics listen. */
export interface GraphicsContext {
  readonly settings: Pick<LaunchSettings, "vnc" | "spice">;
  /** The running domain's own folder. */
  readonly folder: string;
  readonly ports: PortSource;
  /** Address of the host in a virtual network. */
  readonly networkAddress: (network: string) => string;
}

type Listening = GraphicsOf<"vnc" | "spice">;

const isListening = (graphics: Graphics): graphics is Listening => graphics.type === "vnc" || graphics.type === "spice";

/** Gives every place to listen at its address or path. */
export function listenAnywhere({ devices }: Domain, context: GraphicsContext): void {
  for (const graphics of devices.graphics.filter(isListening)) {
    const { listens } = graphics;
    listens.forEach((listen, at) => {
      listens[at] = placed(listen, graphics.type, context);
    });
    if (listens[0]?.type === "socket") {
      delete graphics.port;
      delete graphics.autoport;
    }
  }
}

function placed(
  listen: Listen,
  type: Listening["type"],
  { settings, folder, networkAddress }: GraphicsContext,
): Listen {
  const socket = `${folder}/${type}.sock`;
  switch (listen.type) {
    case "address":
      if (listen.address !== undefined) return listen;
      if (settings[type].autoUnixSocket) return { type: "socket", socket };
      return { type: "address", address: settings[type].listen };
    case "network":
      return listen.network === undefined ? listen : { ...listen, address: networkAddress(listen.network) };
    case "socket":
      return { type: "socket", socket: listen.socket ?? socket };
    case "none":
      return listen;
  }
}

const isTcp = ({ listens: [first] }: Listening): boolean => first?.type === "address" || first?.type === "network";

export function takePorts({ devices }: Domain, context: GraphicsContext): void {
  for (const graphics of devices.graphics) {
    if (graphics.type === "vnc") takeVncPorts(graphics, context);
    else if (graphics.type === "spice") takeSpicePorts(graphics, context);
  }
}

function takeVncPorts(vnc: GraphicsOf<"vnc">, { ports }: GraphicsContext): void {
  if (!isTcp(vnc)) return;
  if (vnc.autoport === true) vnc.port = ports.vnc();
  if (vnc.websocket === -1) vnc.websocket = ports.websocket();
}

/** A port for what is encrypted and one for what is not, where there is any of it. */
function takeSpicePorts(spice: GraphicsOf<"spice">, { ports, settings }: GraphicsContext): void {
  if (!isTcp(spice)) return;
  const automatic = spice.autoport === true;
  const { plain, encrypted } = automatic
    ? neededPorts(spice, settings.spice.tls !== undefined)
    : { plain: false, encrypted: false };
  if (plain || spice.port === -1) spice.port = ports.spice();
  if (encrypted || spice.tlsPort === -1) spice.tlsPort = ports.spice();
}

function neededPorts({ defaultMode, channels }: GraphicsOf<"spice">, tls: boolean) {
  const modes = [defaultMode ?? "any", ...channels.map(({ mode }) => mode)];
  const either = modes.includes("any");
  return {
    plain: either || modes.includes("insecure"),
    encrypted: (either && tls) || modes.includes("secure"),
  };
}
