/**
 * The rules file: who may do what on which objects. The first rule that fits decides; what no rule fits is denied.
 *
 *     allow|deny PERMISSION,... [to CONDITION ...] [on CONDITION ...]
 *
 *     allow *                                     to user=root
 *     deny  domain:delete                         on name=prod-*
 *     allow domain:*,connect:*                    to group=operators
 *     allow connect:*,*:getattr,*:read            to readonly=yes
 */

import { syntaxError } from "../../model/configuration.ts";
import { type Permission, procedures } from "../../protocol/index.ts";
import { globTest } from "../glob.ts";
import type { ObjectFacts } from "./objects.ts";

/** What rules may look at of a client. Undefined: it has no such thing, or it is not known. */
export interface SubjectFacts {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly sasl?: string | undefined;
  readonly dn?: string | undefined;
  readonly readonly: boolean;
  /** The URI that the client opened. */
  readonly uri: string;
}

/** Users and groups of the host, as they were when the rules were read. */
export interface Accounts {
  /** The number of a user; null when there is none. */
  user(name: string): Promise<number | null>;
  /** The number of a group and its members' numbers; null when there is none. */
  group(name: string): Promise<{ readonly gid: number; readonly members: ReadonlySet<number> } | null>;
}

type SubjectTest = (subject: SubjectFacts) => boolean;

interface ObjectTest {
  readonly field: keyof ObjectFacts;
  readonly pattern: string;
}

export interface Rule {
  readonly allows: boolean;
  readonly permissions: readonly string[];
  readonly subject: readonly SubjectTest[];
  readonly object: readonly ObjectTest[];
  readonly line: number;
}

const subjectKeys = ["user", "uid", "group", "gid", "sasl", "dn", "readonly", "uri"] as const;
const objectKeys: Readonly<Record<string, keyof ObjectFacts>> = {
  name: "name",
  uuid: "uuid",
  pool: "parent",
  network: "parent",
};

/** Every permission that some procedure asks for. */
const permissions: ReadonlySet<Permission> = new Set(
  Object.values(procedures).flatMap(({ acl, aclFilter }) => [
    ...acl.map((rule) => (typeof rule === "string" ? rule : rule.permission)),
    ...aclFilter,
  ]),
);

/** Reads the text of a file. @throws LibvirtError CONF_SYNTAX, with file and line */
export async function parseRules(text: string, file: string, accounts: Accounts): Promise<readonly Rule[]> {
  const rules: Rule[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const fail = (reason: string): never => {
      throw syntaxError(file, index + 1, reason);
    };
    const words = wordsOf(line, fail);
    if (words.length > 0) rules.push(await ruleOf(words, index + 1, accounts, fail));
  }
  return rules;
}

type Fail = (reason: string) => never;

/** The words of a line; spaces within quotes belong to a word, a comment ends the line. */
function wordsOf(line: string, fail: Fail): string[] {
  const words: string[] = [];
  const pattern = /\s*(?:(#.*)|((?:"[^"]*"|[^\s"#])+))/y;
  const end = line.trimEnd();
  while (pattern.lastIndex < end.length) {
    const match = pattern.exec(end);
    if (match === null) return fail("a quote is not closed");
    if (match[1] !== undefined) break;
    words.push((match[2] ?? "").replaceAll('"', ""));
  }
  return words;
}

async function ruleOf(words: readonly string[], line: number, accounts: Accounts, fail: Fail): Promise<Rule> {
  const [verb, list, ...rest] = words;
  if (verb !== "allow" && verb !== "deny") return fail(`a rule begins with 'allow' or 'deny', not with '${verb}'`);
  if (list === undefined || list === "to" || list === "on") return fail("which permissions?");
  const subject: SubjectTest[] = [];
  const object: ObjectTest[] = [];
  let part: "to" | "on" | null = null;
  for (const word of rest) {
    if (word === "to" || word === "on") part = word;
    else if (part === null) return fail(`expecting 'to' or 'on', not '${word}'`);
    else if (part === "on") object.push(objectTest(word, fail));
    else if (word !== "anyone") subject.push(await subjectTest(word, accounts, fail));
  }
  if (/^(to|on)$/.test(words.at(-1) ?? "")) return fail(`nothing follows '${words.at(-1)}'`);
  const names = list.split(",").map((name) => permissionPattern(name, fail));
  return { allows: verb === "allow", permissions: names, subject, object, line };
}

/** A permission, `domain:start`, or a pattern of such that fits at least one. */
function permissionPattern(name: string, fail: Fail): string {
  const isKnown = [...permissions].some((permission) => globTest(name, permission));
  return isKnown ? name : fail(`there is no permission '${name}'`);
}

function objectTest(word: string, fail: Fail): ObjectTest {
  const [, key = "", pattern = ""] = /^([a-z]+)=(.+)$/s.exec(word) ?? [];
  const field = objectKeys[key];
  if (field === undefined)
    return fail(`'${word}' is not NAME=PATTERN with one of ${Object.keys(objectKeys).join(", ")}`);
  return { field, pattern: key === "uuid" ? pattern.toLowerCase() : pattern };
}

async function subjectTest(word: string, accounts: Accounts, fail: Fail): Promise<SubjectTest> {
  const [, name = "", value = ""] = /^([a-z]+)=(.+)$/s.exec(word) ?? [];
  const key = subjectKeys.find((one) => one === name);
  switch (key) {
    case "user": {
      const uid =
        (await accounts.user(value)) ?? fail(`there is no user '${value}' in /etc/passwd; uid=NUMBER takes any`);
      return (subject) => subject.uid === uid;
    }
    case "group": {
      const group =
        (await accounts.group(value)) ?? fail(`there is no group '${value}' in /etc/group; gid=NUMBER takes any`);
      return ({ uid, gid }) => gid === group.gid || (uid !== undefined && group.members.has(uid));
    }
    case "uid":
    case "gid": {
      const number = /^\d{1,10}$/.test(value) ? Number(value) : fail(`'${value}' is no number`);
      return (subject) => subject[key] === number;
    }
    case "readonly":
      if (value !== "yes" && value !== "no") return fail("readonly is yes or no");
      return (subject) => subject.readonly === (value === "yes");
    case "sasl":
    case "dn":
    case "uri":
      return (subject) => subject[key] !== undefined && globTest(value, subject[key] as string);
    default:
      return fail(`'${word}' is not anyone, nor NAME=PATTERN with one of ${subjectKeys.join(", ")}`);
  }
}

/**
 * The rule that decides, or null when none fits. Where something of the object is not known, a rule that asks for it
 * denies, and does not allow.
 */
export function decidingRule(
  rules: readonly Rule[],
  permission: Permission,
  subject: SubjectFacts,
  object: ObjectFacts,
): Rule | null {
  for (const rule of rules) {
    if (!rule.permissions.some((pattern) => globTest(pattern, permission))) continue;
    if (!rule.subject.every((test) => test(subject))) continue;
    if (rule.object.every((test) => fits(test, object, !rule.allows))) return rule;
  }
  return null;
}

function fits({ field, pattern }: ObjectTest, object: ObjectFacts, whenUnknown: boolean): boolean {
  const value = object[field];
  if (value === undefined) return false;
  return value === null ? whenUnknown : globTest(pattern, value);
}
