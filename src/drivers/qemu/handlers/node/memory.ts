/** How the host merges equal memory of its guests (virNodeGetMemoryParameters). */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import {
  countedParams,
  takeParams,
  typedParamStrings,
  uintParam,
  ullongParam,
} from "../../../../driver/typed-parameters.ts";
import { systemError } from "../../../../errors.ts";
import { readSharedMemory, type SharedMemoryName, writeSharedMemory } from "../../../../host/node/shared-memory.ts";
import { NodeMemoryShared, TypedParameterType } from "../../../../protocol/index.ts";

/** What may be set: numbers of 32 bits, where the rest has 64. */
const settable = {
  [NodeMemoryShared.PAGES_TO_SCAN]: TypedParameterType.UINT,
  [NodeMemoryShared.SLEEP_MILLISECS]: TypedParameterType.UINT,
  [NodeMemoryShared.MERGE_ACROSS_NODES]: TypedParameterType.UINT,
} as const;

export function nodeMemoryHandlers(): Handlers<"nodeGetMemoryParameters" | "nodeSetMemoryParameters"> {
  return {
    async nodeGetMemoryParameters({ nparams, flags }) {
      checkFlags(flags, typedParamStrings, "nodeGetMemoryParameters", "QEMU");
      const params = [...(await readSharedMemory())].map(([name, value]) => {
        const field = `shm_${name}`;
        return field in settable ? uintParam(field, Number(value)) : ullongParam(field, value);
      });
      return countedParams(params, nparams);
    },
    async nodeSetMemoryParameters({ params, flags }) {
      checkFlags(flags, 0, "nodeSetMemoryParameters", "QEMU");
      for (const [field, value] of takeParams(params, settable, "QEMU")) {
        const name = field.slice("shm_".length) as SharedMemoryName;
        await writeSharedMemory(name, Number(value)).catch((error) => {
          throw systemError("QEMU", `failed to set ${field}`, error);
        });
      }
    },
  };
}
