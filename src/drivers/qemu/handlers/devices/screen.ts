/** Pictures of guests' screens, and pieces of their memory. */
import { pipeline } from "node:stream/promises";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { DOMAIN_MEMORY_PEEK_BUFFER_MAX, DomainMemoryFlags } from "../../../../protocol/index.ts";
import type { LiveDomain } from "../../domain/live.ts";
import type { QemuHost } from "../../host.ts";
import { screendump } from "../../monitor/commands/display.ts";
import { memsave } from "../../monitor/commands/memory.ts";
import { writtenFile } from "../../run/images/written-file.ts";

/** What QEMU makes of a screen: PNG where it can, and by default what every QEMU writes. */
const png = { format: "png", mime: "image/png" } as const;
const pixmap = { format: undefined, mime: "image/x-portable-pixmap" } as const;

/** The video device that a screen's number means; undefined for the first, which QEMU finds by itself. */
function deviceOf({ devices: { videos } }: Definition, screen: number): string | undefined {
  if (videos.every(({ model }) => model?.type === "none")) {
    throw new LibvirtError("OPERATION_INVALID", "QEMU", "no screens to take screenshot from");
  }
  if (screen === 0) return undefined;
  const video = videos[screen];
  if (video?.alias !== undefined) return video.alias;
  throw new LibvirtError("INVALID_ARG", "QEMU", `no such screen: ${screen}`);
}

async function peek(live: LiveDomain, offset: bigint, size: number, vcpu: number | null): Promise<Uint8Array> {
  const file = await writtenFile(live, (path) => memsave(live.monitor, offset, BigInt(size), path, vcpu));
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export function screenHandlers(host: QemuHost): Handlers<"domainScreenshot" | "domainMemoryPeek"> {
  return {
    async domainScreenshot({ dom, screen, flags }, { stream }) {
      checkFlags(flags, 0, "domainScreenshot", "QEMU");
      if (!stream) throw new LibvirtError("INVALID_STREAM", "QEMU", "virDomainScreenshot needs a stream");
      const { file, mime } = await host.finder.change(dom, "domainScreenshot", async (domain) => {
        const live = domain.running();
        const device = deviceOf(live.definition, screen);
        const { format, mime } = live.capabilities.has("screenshot-format-png") ? png : pixmap;
        return { mime, file: await writtenFile(live, (path) => screendump(live.monitor, path, { device, format })) };
      });
      // Both ends of the pipe end each other; whoever reads learns of a failure there.
      pipeline(file.createReadStream(), stream).catch(() => {});
      return { mime };
    },
    async domainMemoryPeek({ dom, offset, size, flags }) {
      const { VIRTUAL, PHYSICAL } = DomainMemoryFlags;
      if (flags !== VIRTUAL && flags !== PHYSICAL) {
        const detail = "flags parameter must be VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL";
        throw new LibvirtError("INVALID_ARG", "QEMU", detail);
      }
      if (size > DOMAIN_MEMORY_PEEK_BUFFER_MAX) {
        const detail = `size ${size} in virDomainMemoryPeek is larger than ${DOMAIN_MEMORY_PEEK_BUFFER_MAX}`;
        throw new LibvirtError("INVALID_ARG", "QEMU", detail);
      }
      const vcpu = flags === VIRTUAL ? 0 : null;
      const buffer = await host.finder.change(dom, "domainMemoryPeek", (domain) =>
        peek(domain.running(), offset, size, vcpu),
      );
      return { buffer };
    },
  };
}
