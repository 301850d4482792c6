/** tsvirt and virsh on the test driver of the C libvirtd. */
import { withoutLibvirtd } from "../../remote/libvirtd.ts";
import { cServer } from "./server.ts";
import { compareOverTheWire } from "./wire.ts";

compareOverTheWire({
  name: "on the C libvirtd",
  skip: withoutLibvirtd(),
  server: cServer,
  differences: {
    "A message says more, or names the function that was called": ["migrate test qemu:///nosuch", "nwfilter-list"],
    "Malformed XML is described in other words than libxml2's": ["uri; connect test:///nonexistent; list"],
    "An empty value is refused wherever it means nothing": ["vcpupin test --cpulist="],
    "Nothing is printed of a command that fails": [
      "schedinfo --weight x test",
      "schedinfo test; schedinfo test --weight 10; schedinfo test --set weight=20; schedinfo test --cap 3; schedinfo test --set bogus=1; schedinfo test",
      "define {guest.xml}; schedinfo guest; schedinfo guest --config",
    ],
    "A command that fails has the exit code of one that failed": [
      "dumpxml test --xpath '//['",
      "net-port-dumpxml default nosuch",
      "net-port-delete default c0de0000-0000-4000-8000-000000000099",
    ],
  },
});
