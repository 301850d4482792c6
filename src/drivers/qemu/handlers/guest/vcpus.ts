/** Virtual processors as the guest itself has them on or off, through its agent. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { stringParam } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import { formatCpuset, parseCpuset } from "../../../../xml/index.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";
import { array, boolean, fields, int, optional } from "../../monitor/shape.ts";
import { askAgent } from "./agent.ts";

const guestVcpus = array(fields({ "logical-id": int, online: boolean, "can-offline": optional(boolean) }));

interface GuestVcpu {
  readonly "logical-id": number;
  readonly online: boolean;
  readonly "can-offline"?: boolean | undefined;
}

function readVcpus(domain: QemuDomain): Promise<GuestVcpu[]> {
  return askAgent(domain, "guest-get-vcpus", guestVcpus);
}

/** How many processors the guest has on line, or knows of. */
export async function guestVcpuCount(domain: QemuDomain, known: boolean): Promise<number> {
  return (await readVcpus(domain)).filter(({ online }) => known || online).length;
}

/** Makes the guest use so many of its processors: the first ones that it can switch. */
export async function setGuestVcpuCount(domain: QemuDomain, count: number): Promise<void> {
  const vcpus = await readVcpus(domain);
  if (count > vcpus.length) {
    throw invalidArg(
      `requested vcpu count is greater than the count of enabled vcpus in the domain: ${count} > ${vcpus.length}`,
    );
  }
  const excess = vcpus.filter(({ online }) => online).length - count;
  const candidates = excess > 0 ? vcpus.filter(isSwitchable).reverse() : vcpus.filter(({ online }) => !online);
  const chosen = candidates.slice(0, Math.abs(excess)).map((vcpu) => vcpu["logical-id"]);
  if (chosen.length < Math.abs(excess)) {
    throw new LibvirtError(
      "INTERNAL_ERROR",
      "QEMU",
      "failed to set requested number of vcpus: the guest keeps some on",
    );
  }
  await switchVcpus(domain, chosen, excess < 0);
}

const isSwitchable = (vcpu: GuestVcpu): boolean => vcpu.online && vcpu["can-offline"] === true;

/** An agent may do part of a request: it is asked again for the rest, as long as it makes headway. */
async function switchVcpus(domain: QemuDomain, ids: readonly number[], online: boolean): Promise<void> {
  let left = ids;
  while (left.length > 0) {
    const vcpus = left.map((id) => ({ "logical-id": id, online }));
    const done = await askAgent(domain, "guest-set-vcpus", int, { vcpus });
    if (done <= 0) throw new LibvirtError("INTERNAL_ERROR", "QEMU", "guest agent did not change any vcpu");
    left = left.slice(done);
  }
}

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

function parseVcpus(text: string): number[] {
  try {
    return parseCpuset(text);
  } catch (cause) {
    throw new LibvirtError("INVALID_ARG", "QEMU", `invalid cpu list '${text}'`, { cause });
  }
}

async function setVcpus(domain: QemuDomain, list: string, state: number): Promise<void> {
  if (state !== 0 && state !== 1) throw invalidArg("unsupported state value");
  const known = new Map((await readVcpus(domain)).map((vcpu) => [vcpu["logical-id"], vcpu]));
  const wanted = parseVcpus(list);
  for (const id of wanted) {
    const vcpu = known.get(id);
    if (!vcpu) throw invalidArg(`vcpu '${id}' is not present in guest`);
    if (state === 0 && vcpu["can-offline"] !== true) throw invalidArg(`vcpu '${id}' can't be offlined`);
  }
  await switchVcpus(domain, wanted, state === 1);
}

export function guestVcpuHandlers(host: QemuHost): Handlers<"domainGetGuestVcpus" | "domainSetGuestVcpus"> {
  return {
    async domainGetGuestVcpus({ dom, flags }) {
      checkFlags(flags, 0, "domainGetGuestVcpus", "QEMU");
      const domain = host.finder.find(dom);
      domain.running();
      const vcpus = await readVcpus(domain);
      const ids = (which: readonly GuestVcpu[]) => formatCpuset(which.map((vcpu) => vcpu["logical-id"]));
      return {
        params: [
          stringParam("vcpus", ids(vcpus)),
          stringParam("online", ids(vcpus.filter(({ online }) => online))),
          stringParam("offlinable", ids(vcpus.filter((vcpu) => vcpu["can-offline"] === true))),
        ],
      };
    },
    async domainSetGuestVcpus({ dom, cpumap, state, flags }) {
      checkFlags(flags, 0, "domainSetGuestVcpus", "QEMU");
      const domain = host.finder.find(dom);
      domain.running();
      await setVcpus(domain, cpumap, state);
    },
  };
}
