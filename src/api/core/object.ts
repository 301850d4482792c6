/** What every object of the API is: a name for something on the other side of a connection. */
import type { InspectOptions, inspect } from "node:util";
import type { Connection } from "../connection/connection.ts";
import { Caller } from "./caller.ts";
import { inspection } from "./inspection.ts";
import type { Link } from "./link.ts";

/**
 * An object of a connection. It holds nothing that must be freed: it is a name by which the driver finds the real thing,
 * which may be gone by the time it is asked about.
 */
export abstract class ApiObject<Wire> extends Caller {
  /** How the object is named to the driver. */
  protected wire: Wire;

  /** @internal */
  constructor(link: Link, wire: Wire) {
    super(link);
    this.wire = wire;
  }

  /** How an object is named to the driver. @internal */
  static wireOf<Wire>(object: ApiObject<Wire>): Wire {
    return object.wire;
  }

  /** The connection that the object came over (`virDomainGetConnect` and its like). */
  connect(): Connection {
    return this.link.connection;
  }

  /** What names the object to people. */
  protected abstract identity(): Readonly<Record<string, unknown>>;

  [inspection](_depth: number, options: InspectOptions, show: typeof inspect): string {
    return `${this.constructor.name} ${show(this.identity(), options)}`;
  }

  /** What names the object, for JSON. */
  toJSON(): Readonly<Record<string, unknown>> {
    return this.identity();
  }
}

/** How an object is named to the driver. @internal */
export const { wireOf } = ApiObject;
