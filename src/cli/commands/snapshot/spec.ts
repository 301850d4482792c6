/** `--diskspec` and `--memspec`: a few fields in one word. */
import { CommandError } from "../../error.ts";
import { element } from "../../shared/xml.ts";

/** Fields between single commas; a doubled comma is a comma in a field. */
function fieldsOf(spec: string): string[] {
  return spec.split(/(?<!,),(?!,)/).map((field) => field.replaceAll(",,", ","));
}

/** `NAME=VALUE` fields with known names; undefined when one is not. */
function namedFields(fields: readonly string[], names: readonly string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const field of fields) {
    const name = names.find((one) => field.startsWith(`${one}=`));
    if (name === undefined || name in values) return undefined;
    values[name] = field.slice(name.length + 1);
  }
  return values;
}

/** The `<disk>` of a snapshot. @throws {CommandError} */
export function snapshotDisk(spec: string): string {
  const [name, ...rest] = fieldsOf(spec);
  const values = namedFields(rest, ["snapshot", "driver", "stype", "file"]);
  if (!name || values === undefined) throw new CommandError(`unable to parse diskspec: ${spec}`);
  const { snapshot, driver, stype: type, file } = values;
  return element("disk", { name, snapshot, type }, [
    driver === undefined ? undefined : element("driver", { type: driver }),
    file === undefined ? undefined : element("source", { [type === "block" ? "dev" : "file"]: file }),
  ]);
}

/** The `<memory>` of a snapshot; before other fields, the file may stand without its name. @throws {CommandError} */
export function snapshotMemory(spec: string): string {
  const [first = "", ...rest] = fieldsOf(spec);
  const bare = rest.length > 0 && !/^(file|snapshot)=/.test(first);
  const values = namedFields([bare ? `file=${first}` : first, ...rest], ["file", "snapshot"]);
  if (values === undefined) throw new CommandError(`unable to parse memspec: ${spec}`);
  return element("memory", { snapshot: values.snapshot, file: values.file });
}

/** The `<disk>` of a checkpoint. @throws {CommandError} */
export function checkpointDisk(spec: string): string {
  const [name, ...rest] = fieldsOf(spec);
  const values = namedFields(rest, ["checkpoint", "bitmap"]);
  if (!name || values === undefined) throw new CommandError(`unable to parse diskspec: ${spec}`);
  return element("disk", { name, checkpoint: values.checkpoint, bitmap: values.bitmap });
}
