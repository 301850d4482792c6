/** The index of C functions: where each is in TypeScript and in Python. */
import type { FunctionEntry } from "../../api/document.ts";
import type { PythonMethod } from "../model/python.ts";
import type { Entry, Reference, Unbound } from "../model/reference.ts";
import { type Html, html, joined } from "./html.ts";
import type { Page } from "./layout.ts";
import { pathOf } from "./links.ts";
import type { Context } from "./method.ts";

export function cFunctionsPage({ reference, root }: Context): Page {
  const rows = rowsOf(reference, root);
  const body = html`<h1>C functions</h1>
<p>Every function of libvirt ${reference.api.libvirt} and the newer ones that are here: the method it is in TypeScript and in Python.</p>
<div class="wide"><table>
<thead><tr><th scope="col">C</th><th scope="col">TypeScript</th><th scope="col">Python</th><th scope="col">Since</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<h2 id="left-out">What is left out</h2>
<p>Of C's own API these are not in the description, so no binding has them.</p>
<div class="wide"><table>
<thead><tr><th scope="col">What</th><th scope="col">Names</th><th scope="col">Why</th></tr></thead>
<tbody>${reference.api.leftOut.map(({ kind, names, reason }) => html`<tr><td>${kind}</td><td><code>${names}</code></td><td>${reason}</td></tr>\n`)}</tbody></table></div>
`;
  return { path: pathOf.cFunctions, title: "C functions", body };
}

function rowsOf({ classes, functions, unbound }: Reference, root: string): Html[] {
  const entries = [...functions, ...classes.flatMap((each) => each.entries)];
  const bound = entries.flatMap((entry) =>
    entry.functions.map((each) => ({ name: each.name, row: boundRow(each, entry, root) })),
  );
  const others = unbound.map((each) => ({ name: each.function.name, row: unboundRow(each) }));
  return [...bound, ...others].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ row }) => row);
}

function boundRow({ name, since }: FunctionEntry, entry: Entry, root: string): Html {
  const page = entry.class === null ? pathOf.functions : pathOf.class(entry.class);
  const text = entry.class === null ? entry.name : `${entry.class}.${entry.name}`;
  const python = entry.python.filter((each) => each.function === name);
  return html`<tr><th scope="row" id="${name}"><code>${name}</code></th><td><a href="${root}${page}#${entry.name}"><code>${text}</code></a></td><td>${pythonNames(python, entry.withoutPython)}</td><td>${since}</td></tr>
`;
}

function unboundRow({ function: { name, since }, reason, python }: Unbound): Html {
  return html`<tr><th scope="row" id="${name}"><code>${name}</code></th><td>– <small>${reason}</small></td><td>${pythonNames(python, null)}</td><td>${since}</td></tr>
`;
}

function pythonNames(python: readonly PythonMethod[], reason: string | null): Html {
  if (python.length === 0) return html`–${reason !== null && html` <small>${reason}</small>`}`;
  return joined(
    python.map(({ class: owner, method }) => html`<code>${owner === null ? method : `${owner}.${method}`}</code>`),
    ", ",
  );
}
