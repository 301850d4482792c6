/** The command `self-test`. */
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { flag } from "../../option.ts";
import { missingCompleters, tableProblems } from "../../self-test.ts";

export const selfTest = command({
  name: "self-test",
  summary: "check the table of commands",
  description: "For tests of the shell.",
  options: {
    completersMissing: flag("list the options whose values cannot be completed"),
  },
  offline: true,
  async run({ options, print, shell }) {
    if (options.completersMissing) {
      print((await missingCompleters(shell.application.table)).map((line) => `${line}\n`).join(""));
      return;
    }
    const problems = await tableProblems(shell.application.table);
    if (problems.length > 0) throw new CommandError(problems);
  },
});
