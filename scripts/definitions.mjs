// What is known when the shell is joined into few files or one, and need not be looked up at each start.
import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Names of the sources, and the JavaScript expressions put in their place. */
export const definitions = { TSVIRT_VERSION: JSON.stringify(version) };
