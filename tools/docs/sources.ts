/** The pages that people write: the guides, and the other pages of `docs`. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { Html } from "./pages/html.ts";
import { type Page, rootOf } from "./pages/layout.ts";
import type { Links } from "./pages/links.ts";
import { type Heading, markdownPage } from "./pages/markdown.ts";

/** A page with what search finds in it. */
export interface WrittenPage extends Page {
  readonly headings: readonly Heading[];
  readonly isGuide: boolean;
}

/** The guides in the order in which they are read. */
const guideOrder = ["first-machine", "events", "consoles", "remote-hosts", "security", "writing-a-driver"];

/** Reads the Markdown of a project. */
export function writtenPages(project: string, links: Links): WrittenPage[] {
  const folder = join(project, "docs");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  const known = new Map(files.map((file) => [file, addressOf(file)]));
  const pages = files.map((file): WrittenPage => {
    const path = addressOf(file);
    const root = rootOf(path);
    const source = readFileSync(join(folder, file), "utf8");
    const { title, html, headings } = markdownPage(source, (href) => linkAddress(href, file, known, root));
    return {
      path,
      title,
      headings,
      isGuide: path.startsWith("guides/"),
      body: new Html(links.linkCode(html.text, root)),
    };
  });
  return pages.sort((a, b) => orderOf(a) - orderOf(b) || (a.title < b.title ? -1 : 1));
}

function orderOf({ path, isGuide }: WrittenPage): number {
  const at = guideOrder.indexOf(path.replace(/^guides\/|\.html$/g, ""));
  return isGuide && at >= 0 ? at : guideOrder.length;
}

function addressOf(file: string): string {
  const path = file.replace(/\.md$/, ".html");
  return path.startsWith("guides/") ? path : `pages/${path}`;
}

/** Where a link leads: other pages are on the site, other files of the project are not. */
function linkAddress(href: string, from: string, known: ReadonlyMap<string, string>, root: string): string | null {
  if (/^(https?:|#)/.test(href)) return href;
  const [file = "", fragment] = href.split("#");
  const path = known.get(posix.normalize(posix.join(posix.dirname(from), file)));
  if (path === undefined) return null;
  return `${root}${path}${fragment === undefined ? "" : `#${fragment}`}`;
}
