/** The options in front of the command: the one list from which they are read and explained. */
export interface OuterOption {
  readonly short?: string;
  readonly long: string;
  readonly argument: "none" | "required" | "optional";
  /** How it and its argument stand in the help, and what it does; an option without is not told of. */
  readonly manual?: readonly [spelled: string, help: string];
}

/** In virsh's order; `-h` and the like are told apart by their long name. */
export const outerOptions: readonly OuterOption[] = [
  { short: "c", long: "connect", argument: "required", manual: ["-c | --connect=URI", "URI of what to connect to"] },
  {
    short: "d",
    long: "debug",
    argument: "required",
    manual: ["-d | --debug=NUM", "how much goes into the log, 0 (all) to 4 (errors)"],
  },
  {
    short: "e",
    long: "escape",
    argument: "required",
    manual: ["-e | --escape <char>", "character that leaves a console"],
  },
  { short: "h", long: "help", argument: "none", manual: ["-h | --help", "this text"] },
  {
    short: "k",
    long: "keepalive-interval",
    argument: "required",
    manual: ["-k | --keepalive-interval=NUM", "seconds between keepalive messages, 0 for none"],
  },
  {
    short: "K",
    long: "keepalive-count",
    argument: "required",
    manual: ["-K | --keepalive-count=NUM", "keepalive messages that may go unanswered"],
  },
  { short: "l", long: "log", argument: "required", manual: ["-l | --log=FILE", "file to log to"] },
  { short: "q", long: "quiet", argument: "none", manual: ["-q | --quiet", "print results only"] },
  {
    short: "r",
    long: "readonly",
    argument: "none",
    manual: ["-r | --readonly", "open the connection for reading only"],
  },
  { short: "t", long: "timing", argument: "none", manual: ["-t | --timing", "print how long each command took"] },
  { short: "v", long: "version", argument: "optional", manual: ["-v", "version"] },
  // Authentication agents are asked by the transport, when there is one; virsh's later versions have this option.
  { long: "no-pkttyagent", argument: "none" },
];

/** Told of beside the options of the table: they are two spellings of `--version`. */
const versions: readonly (readonly [string, string])[] = [
  ["-V", "version and drivers"],
  ["     --version[=TYPE]", "version; TYPE is short (default) or long"],
];

/** The lines of the help about these options. */
export function outerOptionLines(options: readonly OuterOption[]): string {
  const manuals = [...options.flatMap(({ manual }) => (manual ? [manual] : [])), ...versions];
  const column = 24;
  return manuals
    .map(([spelled, help]) => {
      const gap = spelled.length < column ? "".padEnd(column - spelled.length) : `\n${"".padEnd(column + 4)}`;
      return `    ${spelled}${gap}${help}\n`;
    })
    .join("");
}
