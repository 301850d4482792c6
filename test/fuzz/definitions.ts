/** The way of a definition through the QEMU driver, for documents that may be anything. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { completionFor } from "../../src/drivers/qemu/definition/index.ts";
import { planLaunch, prepareLaunch } from "../../src/drivers/qemu/launch/index.ts";
import { validateDefine, validateStart } from "../../src/drivers/qemu/validate/index.ts";
import { finishDomain, formatDomain, readParsedDomain } from "../../src/model/domain/index.ts";
import { dataFolder } from "../conformance/data.ts";
import type { Request } from "../conformance/protocol.ts";
import { contextOf } from "../conformance/suites/domain-qemu.ts";
import { launchContext, prepareContext } from "../conformance/suites/launch-host.ts";
import { validationContext } from "../conformance/suites/validation.ts";

/** A document with the facts it is understood with. */
export interface Seed {
  readonly request: Request;
  readonly xml: string;
}

export function seeds(suites: readonly string[]): Seed[] {
  return suites.flatMap((suite) => {
    const folder = join(dataFolder, suite);
    const lines = readFileSync(join(folder, "manifest.jsonl"), "utf8").trim().split("\n");
    return lines.map((line) => {
      const request = JSON.parse(line) as Request;
      return { request, xml: readFileSync(join(folder, request.files?.input ?? ""), "utf8") };
    });
  });
}

/** Reads, completes, checks, prints and plans. Throws what that throws. */
export async function wayOf(request: Request, xml: string): Promise<void> {
  const context = await contextOf(request);
  const domain = finishDomain(readParsedDomain(xml, { inactive: true }), completionFor(context));
  const checks = await validationContext(request);
  validateDefine(domain, checks);
  formatDomain(domain, { inactive: true, secure: true });
  validateStart(domain, checks);
  prepareLaunch(domain, await prepareContext(request, domain, context.capabilities));
  planLaunch(domain, launchContext(request, domain, context.capabilities));
}
