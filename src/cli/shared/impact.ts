/** `--live`, `--config`, `--current`: which of a domain's two definitions a command works on. */
import { DomainModificationImpact as Impact } from "../../protocol/constants/index.ts";
import { flag } from "../option.ts";
import { exclusive } from "./rules.ts";

const config = flag("from the next start on");
const live = flag("in the running guest");
const current = flag("in the running guest, or if it is off, from the next start on");

export const impactOptions = { config, live, current };

/** With `--persistent`, which also means "live, if the guest runs". */
export const persistentImpactOptions = { persistent: flag("now and from the next start on"), ...impactOptions };

export interface ImpactValues {
  readonly [option: string]: unknown;
  readonly config: boolean;
  readonly live: boolean;
  readonly current: boolean;
}

/** The flags for the given switches. @throws {CommandError} when they contradict each other */
export function impactFlags(options: ImpactValues): number {
  exclusive(options, ["current", "live"], ["current", "config"]);
  return (options.config ? Impact.CONFIG : 0) | (options.live ? Impact.LIVE : 0);
}

/** Whether a command that distinguishes was told nothing: it then uses the older call without flags. */
export function impactUnsaid(options: ImpactValues): boolean {
  return !options.config && !options.live && !options.current;
}

/** The flags for switches with `--persistent`, which asks whether the guest runs. */
export async function persistentImpactFlags(
  options: ImpactValues & { readonly persistent: boolean },
  isActive: () => Promise<boolean>,
): Promise<number> {
  exclusive(options, ["persistent", "current"], ["current", "live"], ["current", "config"]);
  const config = options.config || options.persistent ? Impact.CONFIG : 0;
  const live = options.live || (options.persistent && (await isActive())) ? Impact.LIVE : 0;
  return config | live;
}
