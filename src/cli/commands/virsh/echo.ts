/** The command `echo`. */
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { flag, words } from "../../option.ts";

export const echo = command({
  name: "echo",
  summary: "print the arguments, to see how they are understood",
  description: "Prints its arguments, quoted if asked. Meant for tests of the shell.",
  options: {
    shell: flag("quote for a POSIX shell"),
    xml: flag("escape for XML"),
    split: flag("break each argument at ','; ',,' stands for a comma"),
    err: flag("print to standard error"),
    string: words("what to print", { unnamed: true }),
  },
  aliases: { str: "string", hi: "string=hello" },
  offline: true,
  run({ options, print, complain }) {
    for (const [one, other] of [
      ["shell", "xml"],
      ["shell", "split"],
      ["xml", "split"],
    ] as const) {
      if (options[one] && options[other])
        throw new CommandError(`Options --${one} and --${other} are mutually exclusive`);
    }
    const quoted = options.string.map((argument) => {
      if (options.shell) return shellQuoted(argument);
      if (options.xml) return xmlEscaped(argument);
      return options.split
        ? splitAtCommas(argument)
            .map((part) => `${part}\n`)
            .join("")
        : argument;
    });
    const line = quoted.join(" ");
    if (options.err) complain(line);
    else print(line);
  },
});

/** The argument as a POSIX shell must see it to take it as it is. */
function shellQuoted(argument: string): string {
  if (/^[^\s|&;<>()$`\\"'*?[\]{}^#~!]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}

const entities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
};

function xmlEscaped(argument: string): string {
  return argument.replace(/[<>&"']/g, (character) => entities[character] as string);
}

/** The parts between single commas; a doubled comma is one comma in a part. */
function splitAtCommas(argument: string): string[] {
  const parts = [""];
  for (const piece of argument.match(/,,|,|[^,]+/g) ?? []) {
    if (piece === ",") parts.push("");
    else parts[parts.length - 1] += piece === ",," ? "," : piece;
  }
  return parts;
}
