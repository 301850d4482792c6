/** Sockets that become clients of a guest's VNC or SPICE server, without a port being open. */
import { closeSync } from "node:fs";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Native } from "../../../../host/native/index.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { DomainOpenGraphicsFlags } from "../../../../protocol/index.ts";
import type { LiveDomain } from "../../domain/live.ts";
import type { QemuHost } from "../../host.ts";
import { addClient, type GraphicsProtocol } from "../../monitor/commands/display.ts";
import { nativePart, needed } from "./open-files.ts";

/** What QEMU knows the socket by until it is a client. */
const name = "graphicsfd";

function protocolOf({ devices: { graphics } }: Definition, index: number): GraphicsProtocol {
  const one = graphics[index];
  if (one === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", `No graphics backend with index ${index}`);
  if (one.type === "vnc" || one.type === "spice") return one.type;
  const detail = `Can only open VNC or SPICE graphics backends, not ${one.type}`;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", detail);
}

async function connect(live: LiveDomain, native: Native, socket: number, index: number, flags: number): Promise<void> {
  const protocol = protocolOf(live.definition, index);
  await live.monitor.passFile(native, socket, name);
  await addClient(live.monitor, protocol, name, (flags & DomainOpenGraphicsFlags.SKIPAUTH) !== 0);
}

export function graphicsClientHandlers(host: QemuHost): Handlers<"domainOpenGraphics" | "domainOpenGraphicsFd"> {
  return {
    async domainOpenGraphics({ dom, idx, flags }, { descriptors }) {
      checkFlags(flags, DomainOpenGraphicsFlags.SKIPAUTH, "domainOpenGraphics", "QEMU");
      const [socket, ...more] = needed(descriptors, "virDomainOpenGraphics").given;
      if (socket === undefined || more.length > 0) {
        throw new LibvirtError("INVALID_ARG", "QEMU", "virDomainOpenGraphics takes one file descriptor");
      }
      const native = await nativePart();
      await host.finder.change(dom, "domainOpenGraphics", (domain) =>
        connect(domain.running(), native, socket, idx, flags),
      );
    },
    async domainOpenGraphicsFd({ dom, idx, flags }, { descriptors }) {
      checkFlags(flags, DomainOpenGraphicsFlags.SKIPAUTH, "domainOpenGraphicsFd", "QEMU");
      const { reply } = needed(descriptors, "virDomainOpenGraphicsFD");
      const native = await nativePart();
      await host.finder.change(dom, "domainOpenGraphicsFd", async (domain) => {
        const live = domain.running();
        const [theirs, qemus] = native.socketPair();
        try {
          await connect(live, native, qemus, idx, flags);
          reply.push(theirs);
        } catch (error) {
          closeSync(theirs);
          throw error;
        } finally {
          closeSync(qemus);
        }
      });
    },
  };
}
