/** The command `complete`. */
import { command } from "../../command.ts";
import { completeWords } from "../../completion.ts";
import { CommandError } from "../../error.ts";
import { words } from "../../option.ts";

/** What the system shell's completion asks: the words of a command line, the last one unfinished. */
export const complete = command({
  name: "complete",
  summary: "completion for the system's shell",
  description: "For the machinery of command completion.",
  options: {
    string: words("words of the command line so far", { unnamed: true }),
  },
  offline: true,
  async run({ options, shell, print }) {
    const candidates = await completeWords(options.string, shell.place);
    // An empty answer fails, so that a caller need not look at it.
    if (candidates.length === 0) throw new CommandError([]);
    print(candidates.map((candidate) => `${candidate}\n`).join(""));
  },
});
