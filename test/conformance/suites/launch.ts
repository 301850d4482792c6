/** Command lines of QEMU: definitions go the way they go in the driver, from their text to the plan of their launch. */
import { completionFor } from "../../../src/drivers/qemu/definition/index.ts";
import { planLaunch, prepareLaunch } from "../../../src/drivers/qemu/launch/index.ts";
import { validateQemu } from "../../../src/drivers/qemu/validate/index.ts";
import { parseDomain } from "../../../src/model/domain/index.ts";
import { type Handler, input } from "../protocol.ts";
import { contextOf } from "./domain-qemu.ts";
import { launchContext, prepareContext } from "./launch-host.ts";
import { validationContext } from "./validation.ts";

export const launch: Handler = async (request) => {
  const definition = await contextOf(request);
  const domain = parseDomain(await input(request), { inactive: true, ...completionFor(definition) });
  validateQemu(domain, await validationContext(request));
  prepareLaunch(domain, await prepareContext(request, domain, definition.capabilities));
  const { emulator, args, env } = planLaunch(domain, launchContext(request, domain, definition.capabilities));
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), emulator, ...args];
};
