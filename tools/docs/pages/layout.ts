/** What all pages have: head, search, navigation. */
import { Html, html } from "./html.ts";

/** A page of the site, before the rest is put around it. */
export interface Page {
  /** From the site's root. */
  readonly path: string;
  readonly title: string;
  readonly body: Html;
}

/** A group of links of the side navigation. */
export interface NavigationGroup {
  readonly title: string;
  readonly pages: readonly { readonly path: string; readonly title: string }[];
}

/** The way from a page to the site's root: `../`, or nothing. */
export function rootOf(path: string): string {
  return "../".repeat(path.split("/").length - 1);
}

/** The whole document. */
export function document({ path, title, body }: Page, navigation: readonly NavigationGroup[], version: string): string {
  const root = rootOf(path);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === "tsvirt" ? "tsvirt" : `${title} · tsvirt`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}assets/site.css">
<script src="${root}assets/site.js" defer></script>
</head>
<body data-root="${root}">
<a class="skip" href="#content">Skip to the content</a>
<header>
<button type="button" id="menu" aria-controls="navigation" aria-expanded="false" hidden>Menu</button>
<a class="home" href="${root}index.html">tsvirt</a>
<div id="search" role="search" hidden>
<label for="query" class="unseen">Search the documentation</label>
<input id="query" type="search" role="combobox" aria-expanded="false" aria-controls="results" aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="Search (press /)">
<ul id="results" role="listbox" aria-label="Results" hidden></ul>
</div>
</header>
<div class="columns">
<nav id="navigation" aria-label="Pages">
${navigation.map((group) => navigationGroup(group, path, root))}</nav>
<main id="content" tabindex="-1">
${body}</main>
</div>
<footer><p>tsvirt ${version}, made from the sources. The API is libvirt's.</p></footer>
</body>
</html>
`;
  return page.text;
}

function navigationGroup({ title, pages }: NavigationGroup, path: string, root: string): Html {
  const isOpen = pages.some((page) => page.path === path) || path === "index.html";
  const links = pages.map((page) => {
    const current = page.path === path ? new Html(' aria-current="page"') : "";
    return html`<li><a href="${root}${page.path}"${current}>${page.title}</a></li>\n`;
  });
  const open = isOpen ? new Html(" open") : "";
  return html`<details${open}><summary>${title}</summary>\n<ul>\n${links}</ul></details>\n`;
}
