/** The page of constants, and the page of errors, whose codes and domains are constants too. */
import type { EnumEntry } from "../../api/document.ts";
import type { Reference } from "../model/reference.ts";
import { Html, html, joined } from "./html.ts";
import type { Page } from "./layout.ts";
import { pathOf } from "./links.ts";
import { anchor, commentLine } from "./markdown.ts";
import type { Context } from "./method.ts";

export function constantsPage(context: Context): Page {
  const { api } = context.reference;
  const groups = api.enums.filter(({ kind }) => /^(values|flags|strings)$/.test(kind));
  const body = html`<h1>Constants</h1>
<p>In TypeScript <code>Group.NAME</code>; in Python, as in C, by the name of C: <code>tsvirt.VIR_DOMAIN_RUNNING</code>. Flags are
bits, and are joined by <code>|</code>. Names of typed parameters are text.</p>
<ul class="names-list">
${groups.map(({ name }) => html`<li><a href="#${name}"><code>${name}</code></a></li>\n`)}</ul>
${groups.map((group) => groupSection(context, group))}<h2 id="numbers">Numbers</h2>
<div class="wide"><table><thead><tr><th scope="col">C and Python</th><th scope="col">Value</th></tr></thead>
<tbody>${api.numbers.map(({ name, value }) => html`<tr><th scope="row" id="${name}"><code>${name}</code></th><td>${value}</td></tr>\n`)}</tbody></table></div>
`;
  return { path: pathOf.constants, title: "Constants", body };
}

export function errorsPage(context: Context): Page {
  const { api } = context.reference;
  const groups = api.enums.filter(({ kind }) => /^(errors|domains|levels)$/.test(kind));
  const common = api.commonErrors.map((code) => html`<a href="#${code}"><code>${code}</code></a>`);
  const body = html`<h1>Error codes and domains</h1>
<p>Whatever fails rejects with a <code>LibvirtError</code>, in Python it raises a <code>libvirtError</code>: see
<a href="${context.root}pages/errors.html">errors</a> for how to tell them apart.</p>
<h2 id="any-call">Errors of any call</h2>
<p>The server cannot do it, the line breaks, the host or the server fails: ${joined(common, ", ")}. A call that was given up is
<a href="#OPERATION_ABORTED"><code>OPERATION_ABORTED</code></a>, one that took too long <a href="#OPERATION_TIMEOUT"><code>OPERATION_TIMEOUT</code></a>.</p>
${groups.map((group) => groupSection(context, group))}`;
  return { path: pathOf.errors, title: "Error codes and domains", body };
}

function groupSection({ reference, links, root }: Context, group: EnumEntry): Html {
  const { name, kind, type, doc, values } = group;
  const users = usersOf(reference, group);
  const said = new Html(links.linkCode(commentLine(doc).text, root));
  const isErrors = kind === "errors";
  const head = kind === "domains" ? "Printed before a message" : kind === "strings" ? "Type" : null;
  const rows = values.map((each) => {
    const id = isErrors ? each.key : each.name;
    const more = head && html`<td>${each.words ?? each.parameter}</td>`;
    return html`<tr><th scope="row" id="${id}"><code>${each.key}</code></th><td><code>${each.name}</code></td><td>${each.value}</td>${more}</tr>
`;
  });
  return html`<section class="group" id="${name}" aria-labelledby="${name}-title">
<h2 id="${name}-title"><code>${name}</code> ${new Html(anchor(name, name))}</h2>
<p>${said} <small>${kindText(kind)}${type === null ? "" : `, in C ${type}`}</small></p>
${
  users.length > 0 &&
  html`<p class="users">Of ${joined(
    users.map(({ path, text }) => html`<a href="${root}${path}"><code>${text}</code></a>`),
    ", ",
  )}.</p>\n`
}<div class="wide"><table>
<thead><tr><th scope="col">TypeScript</th><th scope="col">C and Python</th><th scope="col">Value</th>${head && html`<th scope="col">${head}</th>`}</tr></thead>
<tbody>${rows}</tbody></table></div>
</section>
`;
}

function kindText(kind: EnumEntry["kind"]): string {
  return kind === "flags" ? "Bits" : kind === "strings" ? "Names of typed parameters" : "Values";
}

/** The methods that take a group's values. */
function usersOf({ api }: Reference, { name }: EnumEntry): { readonly path: string; readonly text: string }[] {
  return api.functions.flatMap((each) => {
    const takes =
      each.method !== null &&
      each.class !== null &&
      each.arguments.some((argument) => argument.enum === name || argument.names === name);
    return takes ? [{ path: `${pathOf.class(each.class)}#${each.method}`, text: `${each.class}.${each.method}` }] : [];
  });
}
