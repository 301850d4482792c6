/** A method or function: its signatures, its arguments, what it gives, who may call it, its errors, its examples. */
import type { AclEntry, FunctionEntry, ProcedureEntry } from "../../api/document.ts";
import type { EntryExamples } from "../examples/choose.ts";
import { enumSaid, textOf } from "../examples/example.ts";
import type { Parameter, Signature } from "../model/declarations.ts";
import type { PythonMethod } from "../model/python.ts";
import { argumentOf, type Entry, type Reference } from "../model/reference.ts";
import { Html, html, joined } from "./html.ts";
import { type Links, pathOf } from "./links.ts";
import { anchor, codeBlock, commentHtml, commentLine } from "./markdown.ts";

/** What is needed to write of methods on a page. */
export interface Context {
  readonly reference: Reference;
  readonly links: Links;
  readonly root: string;
  readonly examples: (entry: Entry) => EntryExamples;
}

/** The section of a method; its anchor is its name. */
export function methodSection(context: Context, entry: Entry): Html {
  const { links, root } = context;
  const { name, declared, functions } = entry;
  const doc = new Html(links.linkCode(commentHtml(declared.doc).text, root));
  return html`<section class="method" id="${name}" aria-labelledby="${name}-title">
<h3 id="${name}-title"><code>${name}</code> ${new Html(anchor(name, name))}</h3>
${declared.signatures.map((each) => signatureBlock(context, name, each))}${doc}
${argumentTable(context, entry)}<dl class="facts">
${resultFact(context, entry)}${functions.map((each) => cFact(context, each))}${pythonFact(entry)}${functions.length > 0 && callFacts(context, functions)}</dl>
${exampleBlocks(context, entry)}</section>
`;
}

function signatureBlock(
  { links, root }: Context,
  name: string,
  { typeParameters, parameters, returns }: Signature,
): Html {
  const shown = parameters.map(({ name: own, type, isOptional, isRest, initial }) => {
    const mark = isOptional && initial === null ? "?" : "";
    return html`${isRest ? "..." : ""}${own}${mark}: ${links.type(squeezed(type), root)}${initial === null ? "" : ` = ${initial}`}`;
  });
  const isLong = shown.map(({ text }) => text.replace(/<[^>]*>/g, "")).join(", ").length + name.length > 80;
  const list = isLong ? html`\n  ${joined(shown, ",\n  ")},\n` : joined(shown, ", ");
  const generic = typeParameters === "" ? "" : `<${typeParameters}>`;
  return html`<pre class="signature" tabindex="0" role="region" aria-label="Signature"><code><b>${name}</b>${generic}(${list}): ${links.type(squeezed(returns), root)}</code></pre>
`;
}

function squeezed(type: string): string {
  return type.replace(/\s+/g, " ");
}

function argumentTable(context: Context, entry: Entry): Html | null {
  const parameters = (entry.declared.signatures[0]?.parameters ?? []).filter(({ name }) => !/^_?options$/.test(name));
  if (parameters.length === 0) return null;
  const rows = parameters.map((parameter) => argumentRow(context, entry, parameter));
  return html`<div class="wide"><table class="arguments">
<thead><tr><th scope="col">Argument</th><th scope="col">Unit</th><th scope="col">Values</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody></table></div>
`;
}

function argumentRow(
  { reference, links, root }: Context,
  { functions }: Entry,
  { name, doc, initial, isOptional }: Parameter,
): Html {
  const argument = argumentOf(functions, name);
  const enumName = enumSaid(reference, doc)?.name ?? argument?.enum ?? argument?.names;
  const may = initial !== null ? html` <small>= ${initial}</small>` : isOptional && html` <small>optional</small>`;
  const values = enumName && links.code(enumName, root);
  const meaning = new Html(links.linkCode(commentLine(doc).text, root));
  return html`<tr><th scope="row"><code>${name.startsWith("{") ? "time" : name}</code>${may}</th><td>${argument?.unit}</td><td>${values}</td><td>${meaning}</td></tr>
`;
}

function fact(name: string, text: Html | string | null): Html | null {
  return text === null ? null : html`<div><dt>${name}</dt><dd>${text}</dd></div>\n`;
}

function resultFact({ links, root }: Context, { declared, functions }: Entry): Html | null {
  const [signature] = declared.signatures;
  if (!signature) return null;
  const type = /^Promise<(.*)>$/s.exec(signature.returns)?.[1] ?? signature.returns;
  const unit = functions.flatMap(unitsGiven)[0];
  const given = type === "void" ? html`nothing` : html`<code>${links.type(squeezed(type), root)}</code>`;
  return fact("Result", html`${given}${unit && `, in ${unit}`}`);
}

function unitsGiven({ returns, arguments: all }: FunctionEntry): string[] {
  const out = all.filter(({ direction }) => direction !== "in").map(({ unit }) => unit);
  return [returns.unit, ...out].filter((unit) => unit !== null);
}

function cFact({ links, root }: Context, { name, arguments: all, returns }: FunctionEntry): Html | null {
  const parameters = all.map((each) => html`${links.type(spaced(each.type), root)}${each.name}`);
  return fact(
    "C",
    html`<code>${links.type(spaced(returns.type), root)}<a href="${root}${pathOf.cFunctions}#${name}">${name}</a>(${joined(parameters, ", ")})</code>`,
  );
}

/** A type of C, with the space before the name that follows it. */
function spaced(type: string): string {
  return type.endsWith("*") ? type : `${type} `;
}

function pythonFact({ python, functions, withoutPython }: Entry): Html | null {
  if (functions.length === 0) return fact("C, Python", "none: only TypeScript has it");
  if (withoutPython !== null) return fact("Python", `not there: ${withoutPython}`);
  return fact("Python", joined(python.map(pythonSignature), "<br>"));
}

function pythonSignature({ class: owner, method, parameters, returns }: PythonMethod): Html {
  const shown = parameters.map(
    ({ name, hint, default: value }) =>
      `${name}${hint === "" ? "" : `: ${bare(hint)}`}${value === null ? "" : ` = ${value}`}`,
  );
  return html`<code>${owner ?? "tsvirt"}.${method}(${shown.join(", ")})${returns === "" ? "" : ` -> ${bare(returns)}`}</code>`;
}

function bare(hint: string): string {
  return hint.replace(/['"]/g, "");
}

function callFacts(context: Context, functions: readonly FunctionEntry[]): Html {
  const { reference, links, root } = context;
  const names = new Set(functions.flatMap((each) => each.procedures));
  const procedures = reference.api.procedures.filter(({ name }) => names.has(name));
  const errors = [...new Set(functions.flatMap((each) => each.errors))];
  const common = html`<a href="${root}${pathOf.errors}#any-call">those of any call</a>`;
  const own = errors.map((each) => links.code(each, root));
  const acl = [...new Set(procedures.flatMap((each) => each.acl.map(permission)))];
  return html`${fact("Errors", joined([...own, common], ", "))}${fact("Read-only", readOnly(context, functions, procedures))}${fact(
    "Permission",
    acl.length === 0
      ? null
      : joined(
          acl.map((each) => html`<code>${each}</code>`),
          ", ",
        ),
  )}${fact("Since", `libvirt ${functions[0]?.since}`)}`;
}

function permission({ permission: name, when }: AclEntry): string {
  return when === "each"
    ? `${name} (of each object in the list)`
    : when === "always"
      ? name
      : `${name} (with some arguments)`;
}

function readOnly(
  { reference, links, root }: Context,
  functions: readonly FunctionEntry[],
  procedures: readonly ProcedureEntry[],
): Html {
  if (functions.every((each) => each.procedures.length === 0)) return html`allowed: it asks no server`;
  if (functions.some((each) => each.readOnly === "denied")) return html`refused`;
  const rule = procedures.map((each) => each.readOnly).find((each) => each.rule === "deniedIf");
  if (!rule) return html`allowed`;
  const argument = functions
    .flatMap((each) => each.arguments)
    .find(({ name, sends }) => name === rule.field || sends === rule.field);
  const group = argument?.enum ? reference.enums.get(argument.enum) : undefined;
  const value = group?.values.find((each) => each.value === (rule.has ?? rule.is));
  const shown =
    group && value ? html`<code>${links.type(group.name, root)}.${value.key}</code>` : html`${rule.has ?? rule.is}`;
  return html`allowed, but not with <code>${argument?.name ?? rule.field}</code> ${shown}`;
}

function exampleBlocks({ examples }: Context, entry: Entry): Html {
  const { typescript, python } = examples(entry);
  const blocks = [
    html`<div class="example" data-language="ts"><p>TypeScript</p>
${codeBlock(textOf(typescript), "ts")}</div>
`,
  ];
  if (python.length > 0) {
    const code = python.map(({ example }) => textOf(example)).join("\n\n");
    blocks.push(html`<div class="example" data-language="python"><p>Python</p>
${codeBlock(code, "python")}</div>
`);
  }
  return html`<div class="examples">
${blocks}</div>
`;
}
