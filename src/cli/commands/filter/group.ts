/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const filter = () => import("./filter.ts");

export const filters = group("filter", "Network Filter", {
  "nwfilter-define": filter,
  "nwfilter-dumpxml": filter,
  "nwfilter-edit": filter,
  "nwfilter-list": filter,
  "nwfilter-undefine": filter,
  "nwfilter-binding-create": filter,
  "nwfilter-binding-delete": filter,
  "nwfilter-binding-dumpxml": filter,
  "nwfilter-binding-list": filter,
});
