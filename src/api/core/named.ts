/** Objects that have a UUID, and those that have a name too. */
import { formatUuid } from "../../driver/object-list.ts";
import { ApiObject } from "./object.ts";

/** An object that has a UUID. */
export abstract class UuidObject<Wire extends { readonly uuid: Uint8Array }> extends ApiObject<Wire> {
  /** The UUID as its 16 bytes (`virDomainGetUUID` and its like). */
  uuid(): Uint8Array {
    return Uint8Array.from(this.wire.uuid);
  }

  /** The UUID as text: `6695eb01-f6a4-8304-79aa-97f2502e193f` (`virDomainGetUUIDString` and its like). */
  uuidString(): string {
    return formatUuid(this.wire.uuid);
  }
}

/** An object that has a name and a UUID. */
export abstract class NamedObject<
  Wire extends { readonly name: string; readonly uuid: Uint8Array },
> extends UuidObject<Wire> {
  /** The name, unique among objects of its kind on the host (`virDomainGetName` and its like). */
  name(): string {
    return this.wire.name;
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { name: this.name(), uuid: this.uuidString() };
  }
}
