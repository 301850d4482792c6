/** The command `screenshot`. */
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { text, uint } from "../../option.ts";
import { createOutput } from "../../shared/transfer.ts";
import { fileNames } from "../../shared/xml-options.ts";

const extensions: Readonly<Record<string, string>> = {
  "image/x-portable-pixmap": ".ppm",
  "image/png": ".png",
  "image/jpeg": ".jpg",
};

export const screenshot = command({
  name: "screenshot",
  summary: "a picture of a guest's screen",
  description: "Stores a picture of what a running guest shows.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    file: text("where to; a name with domain and time when left out", { complete: fileNames }),
    screen: uint("number of the screen"),
  },
  async run(context) {
    const { options, notice } = context;
    const domain = await domainOf(context);
    const shot = await attempt(`could not take a screenshot of ${options.domain}`, () =>
      domain.screenshot(options.screen ?? 0),
    );
    const path = options.file ?? defaultName(domain.name(), shot.mimeType);
    await using file = await createOutput(path);
    await attempt(`could not receive data from domain '${options.domain}'`, () => file.save(shot.stream));
    notice(`Screenshot saved to ${path}, with type of ${shot.mimeType}`);
  },
});

/** `NAME-2024-01-31-12:00:00.png` */
function defaultName(name: string, mimeType: string): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":");
  // A domain's name may hold what a file's name must not.
  return `${name.replaceAll("/", "_")}-${day}-${time}${extensions[mimeType] ?? ""}`;
}
