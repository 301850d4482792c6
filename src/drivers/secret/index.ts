/** The secret driver: passphrases that other drivers use, kept below the state root. */
import type { SecondaryModule } from "../../driver/compose.ts";
import { secretHandlers } from "../../driver/secrets.ts";
import { SecretFolder } from "./folder.ts";

export const secretDriver: SecondaryModule = {
  name: "secret",
  async open({ root }) {
    return { driver: secretHandlers(await SecretFolder.open(root)) };
  },
};
