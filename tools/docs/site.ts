/** The whole site: every page by its path. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ApiDocument } from "../api/document.ts";
import { type EntryExamples, examplesOf } from "./examples/choose.ts";
import { readWritten } from "./examples/written.ts";
import { readDeclarations } from "./model/declarations.ts";
import { readPython } from "./model/python.ts";
import { type Entry, type Reference, referenceOf } from "./model/reference.ts";
import { cFunctionsPage } from "./pages/c-functions.ts";
import { classPage, functionsPage } from "./pages/class.ts";
import { constantsPage, errorsPage } from "./pages/constants.ts";
import { eventsPage } from "./pages/events.ts";
import { homePage } from "./pages/home.ts";
import { document, type NavigationGroup, type Page, rootOf } from "./pages/layout.ts";
import { Links, pathOf } from "./pages/links.ts";
import type { Context } from "./pages/method.ts";
import { structuresPage, typesPage } from "./pages/structures.ts";
import { foundIn, searchScript } from "./search.ts";
import { type WrittenPage, writtenPages } from "./sources.ts";

/** What a site is made of. */
export interface SiteSources {
  readonly project: string;
  readonly api: ApiDocument;
  /** Where the Python package is, made by its generator. */
  readonly pythonPackage: string;
  readonly python?: string;
}

export interface Site {
  readonly reference: Reference;
  readonly examples: (entry: Entry) => EntryExamples;
  /** The text of each file, by its path. */
  readonly files: ReadonlyMap<string, string>;
}

export function buildSite({ project, api, pythonPackage, python }: SiteSources): Site {
  const classes = new Set(api.classes.map(({ name }) => name));
  const declarations = readDeclarations(project, (name) => classes.has(name));
  const reference = referenceOf(api, declarations, readPython(project, pythonPackage, python));
  const written = readWritten(project);
  const examples = (entry: Entry) => examplesOf(reference, written, entry);
  const links = new Links(reference);
  const pages = writtenPages(project, links);
  const context = (path: string): Context => ({ reference, links, root: rootOf(path), examples });
  const all = [...referencePages(reference, context), ...pages];
  const navigation = navigationOf(reference, pages);
  const files = new Map(
    [homePage(reference, pages), ...all].map((page) => [page.path, document(page, navigation, api.version)]),
  );
  const assets = join(project, "tools", "docs", "assets");
  for (const name of ["site.css", "site.js"]) files.set(`assets/${name}`, readFileSync(join(assets, name), "utf8"));
  files.set("assets/search-index.js", searchScript(foundIn(reference, pages)));
  return { reference, examples, files };
}

function referencePages({ classes }: Reference, context: (path: string) => Context): Page[] {
  const reference = context(pathOf.functions);
  return [
    ...classes.map((each) => classPage(context(pathOf.class(each.class.name)), each)),
    functionsPage(reference),
    eventsPage(reference),
    constantsPage(reference),
    errorsPage(reference),
    typesPage(reference),
    structuresPage(reference),
    cFunctionsPage(reference),
  ];
}

function navigationOf({ classes }: Reference, pages: readonly WrittenPage[]): NavigationGroup[] {
  return [
    { title: "Guides", pages: pages.filter(({ isGuide }) => isGuide) },
    { title: "Classes", pages: classes.map(({ class: { name } }) => ({ path: pathOf.class(name), title: name })) },
    {
      title: "Reference",
      pages: [
        { path: pathOf.functions, title: "Functions" },
        { path: pathOf.events, title: "Events" },
        { path: pathOf.constants, title: "Constants" },
        { path: pathOf.errors, title: "Error codes and domains" },
        { path: pathOf.types, title: "Types" },
        { path: pathOf.structures, title: "Structures of C" },
        { path: pathOf.cFunctions, title: "C functions" },
      ],
    },
    { title: "More pages", pages: pages.filter(({ isGuide }) => !isGuide) },
  ];
}

/** Writes a site into a folder, which is made anew. */
export function writeSite({ files }: Site, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
