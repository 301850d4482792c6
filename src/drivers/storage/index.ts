/** The storage driver: pools of volumes in directories and on mounted file systems. */
import type { SecondaryModule } from "../../driver/compose.ts";
import { poolHandlers } from "./handlers/pools.ts";
import { transferHandlers } from "./handlers/transfers.ts";
import { volumeHandlers } from "./handlers/volumes.ts";
import { autostart } from "./pools.ts";
import { StorageState } from "./state.ts";

export const storageDriver: SecondaryModule = {
  name: "storage",
  async open({ root, call }) {
    const state = await StorageState.open(root, call);
    await autostart(state);
    return {
      driver: { ...poolHandlers(state), ...volumeHandlers(state), ...transferHandlers(state) },
      close: () => state.close(),
    };
  },
};
