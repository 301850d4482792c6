/** What libvirt's test driver does with the same updates. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import { formatNetwork, parseNetwork, type UpdateCommand, type UpdateSection, updateNetwork } from "./index.ts";

const network = parseNetwork(`<network><name>zz</name><uuid>eb486e5c-4df5-42ee-ae4a-ad8557998d00</uuid>
<forward mode='private'><interface dev='e1'/><interface dev='e2'/></forward>
<dns><txt name='t1' value='v1'/>
<srv service='s' protocol='tcp' domain='d' target='.' port='5' priority='1' weight='1'/><srv service='s' protocol='udp'/>
<host ip='1.2.3.4'><hostname>h1</hostname><hostname>h2</hostname></host></dns>
<ip address='192.168.122.1' prefix='24'><dhcp>
<range start='192.168.122.2' end='192.168.122.100'/>
<host mac='00:16:3e:77:e2:ed' name='a' ip='192.168.122.10'/><host mac='00:16:3e:3e:a9:1a' name='b' ip='192.168.122.11'/></dhcp></ip>
<ip address='10.0.0.1' prefix='24'/>
<ip family='ipv6' address='2001:db8::1' prefix='64'><dhcp><host id='0:1:2' name='six' ip='2001:db8::5'/></dhcp></ip>
<portgroup name='p1' default='yes'/><portgroup name='p2'/></network>`);
const before = formatNetwork(network);

/** The lines an update takes away and adds. */
function changes(command: UpdateCommand, section: UpdateSection, xml: string, parentIndex = -1): string[] {
  const after = formatNetwork(updateNetwork(network, { command, section, parentIndex, xml }));
  assert.equal(formatNetwork(network), before, "the network itself stays as it was");
  const old = before.split("\n");
  const now = after.split("\n");
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

function refuses(
  code: Parameters<typeof isLibvirtError>[1],
  command: UpdateCommand,
  section: UpdateSection,
  xml: string,
  parentIndex = -1,
): void {
  assert.throws(
    () => updateNetwork(network, { command, section, parentIndex, xml }),
    (error) => isLibvirtError(error, code) || assert.fail(String(error)),
    `${command} ${section} ${xml}`,
  );
}

test("DHCP hosts: any shared identity is a clash; deletion needs all that is said to fit", () => {
  const fresh = "<host mac='00:16:3e:77:e2:00' ip='192.168.122.30'/>";
  assert.deepEqual(changes("add-last", "ip-dhcp-host", fresh), [`+ ${fresh}`]);
  assert.equal(
    updateNetwork(network, { command: "add-first", section: "ip-dhcp-host", parentIndex: 0, xml: fresh }).ips[0]?.dhcp
      ?.hosts[0]?.ip,
    "192.168.122.30",
  );
  assert.deepEqual(changes("add-last", "ip-dhcp-host", "<host id='0:1:3' ip='2001:db8::6'/>", 2), [
    "+ <host id='0:1:3' ip='2001:db8::6'/>",
  ]);
  for (const clash of [
    "<host mac='00:16:3E:77:E2:ED' ip='192.168.122.30'/>",
    "<host mac='00:16:3e:77:e2:00' name='a' ip='192.168.122.30'/>",
    "<host mac='00:16:3e:77:e2:00' name='x' ip='192.168.122.10'/>",
  ]) {
    refuses("OPERATION_INVALID", "add-last", "ip-dhcp-host", clash);
  }
  assert.deepEqual(changes("modify", "ip-dhcp-host", "<host name='a' ip='192.168.122.41'/>"), [
    "- <host mac='00:16:3e:77:e2:ed' name='a' ip='192.168.122.10'/>",
    "+ <host name='a' ip='192.168.122.41'/>",
  ]);
  for (const key of ["mac='00:16:3e:3e:a9:1a'", "name='b'", "ip='192.168.122.11'"]) {
    assert.deepEqual(changes("delete", "ip-dhcp-host", `<host ${key}/>`), [
      "- <host mac='00:16:3e:3e:a9:1a' name='b' ip='192.168.122.11'/>",
    ]);
  }
  refuses("OPERATION_INVALID", "delete", "ip-dhcp-host", "<host mac='00:16:3e:77:e2:ed' ip='192.168.122.11'/>");
  refuses("XML_ERROR", "delete", "ip-dhcp-host", "<host/>");
  refuses("XML_ERROR", "delete", "ip-dhcp-host", "<host id='0:1:2'/>", 2);
  refuses("XML_ERROR", "modify", "ip-dhcp-host", "<host mac='00:16:3e:77:e2:ed'/>");
});

test("DHCP is for one IPv4 address of a network, and for one that is there", () => {
  refuses("OPERATION_INVALID", "add-last", "ip-dhcp-host", "<host mac='00:16:3e:77:e2:00' ip='10.0.0.30'/>", 1);
  refuses("OPERATION_INVALID", "add-last", "ip-dhcp-host", "<host mac='00:16:3e:77:e2:00' ip='10.0.0.30'/>", 5);
});

test("DHCP ranges", () => {
  const fresh = "<range start='192.168.122.130' end='192.168.122.131'/>";
  assert.deepEqual(changes("add-last", "ip-dhcp-range", fresh), [`+ ${fresh}`]);
  const known = "<range start='192.168.122.2' end='192.168.122.100'/>";
  assert.deepEqual(changes("delete", "ip-dhcp-range", known), [`- ${known}`]);
  refuses("OPERATION_INVALID", "add-last", "ip-dhcp-range", known);
  refuses("OPERATION_UNSUPPORTED", "modify", "ip-dhcp-range", known);
  refuses("OPERATION_INVALID", "delete", "ip-dhcp-range", fresh);
  refuses("XML_ERROR", "delete", "ip-dhcp-range", "<range start='192.168.122.2'/>");
  refuses("XML_ERROR", "add-last", "ip-dhcp-range", "<range start='1.2.3.4' end='1.2.3.5'/>");
});

test("interfaces: the first is the device that is printed", () => {
  assert.deepEqual(changes("delete", "forward-interface", "<interface dev='e1'/>"), [
    "- <forward dev='e1' mode='private'>",
    "- <interface dev='e1'/>",
    "+ <forward dev='e2' mode='private'>",
  ]);
  assert.match(changes("add-first", "forward-interface", "<interface dev='e0'/>").join(), /\+ <forward dev='e0'/);
  refuses("OPERATION_INVALID", "add-last", "forward-interface", "<interface dev='e1'/>");
  refuses("OPERATION_UNSUPPORTED", "modify", "forward-interface", "<interface dev='e1'/>");
  refuses("OPERATION_INVALID", "delete", "forward-interface", "<interface dev='e9'/>");
  refuses("XML_ERROR", "delete", "forward-interface", "<interface/>");
});

test("port groups: one of a name, one default", () => {
  assert.deepEqual(changes("modify", "portgroup", "<portgroup name='p2' trustGuestRxFilters='yes'/>"), [
    "- <portgroup name='p2'>",
    "+ <portgroup name='p2' trustGuestRxFilters='yes'>",
  ]);
  refuses("OPERATION_INVALID", "add-last", "portgroup", "<portgroup name='p2'/>");
  refuses("OPERATION_INVALID", "add-last", "portgroup", "<portgroup name='p3' default='yes'/>");
  refuses("OPERATION_INVALID", "modify", "portgroup", "<portgroup name='p2' default='yes'/>");
  refuses("OPERATION_INVALID", "modify", "portgroup", "<portgroup name='p9'/>");
  refuses("XML_ERROR", "delete", "portgroup", "<portgroup/>");
});

test("DNS records are added and deleted, not modified", () => {
  const host = "<host ip='1.2.3.5'><hostname>h2</hostname></host>";
  assert.equal(changes("add-last", "dns-host", host)[0], "+ <host ip='1.2.3.5'>");
  for (const key of ["<host ip='1.2.3.4'/>", "<host><hostname>h2</hostname></host>"]) {
    assert.equal(changes("delete", "dns-host", key)[0], "- <host ip='1.2.3.4'>");
  }
  refuses("OPERATION_INVALID", "add-last", "dns-host", "<host ip='1.2.3.4'><hostname>h3</hostname></host>");
  refuses("OPERATION_INVALID", "delete", "dns-host", "<host ip='9.9.9.9'/>");
  refuses("XML_DETAIL", "delete", "dns-host", "<host/>");
  refuses("XML_DETAIL", "add-last", "dns-host", "<host ip='1.2.3.5'/>");
  refuses("OPERATION_UNSUPPORTED", "modify", "dns-host", host);

  assert.deepEqual(changes("delete", "dns-txt", "<txt name='t1'/>"), ["- <txt name='t1' value='v1'/>"]);
  refuses("OPERATION_INVALID", "add-last", "dns-txt", "<txt name='t1' value='x'/>");
  refuses("OPERATION_INVALID", "delete", "dns-txt", "<txt name='t7'/>");
  refuses("XML_DETAIL", "delete", "dns-txt", "<txt value='v1'/>");

  assert.deepEqual(changes("delete", "dns-srv", "<srv protocol='udp'/>"), ["- <srv service='s' protocol='udp'/>"]);
  refuses("OPERATION_INVALID", "delete", "dns-srv", "<srv service='s'/>");
  refuses("OPERATION_INVALID", "delete", "dns-srv", "<srv protocol='pudding'/>");
  refuses("XML_DETAIL", "delete", "dns-srv", "<srv protocol='udp' port='9'/>");
  refuses(
    "OPERATION_INVALID",
    "add-last",
    "dns-srv",
    "<srv service='s' protocol='tcp' domain='d' target='.' port='6'/>",
  );
});

test("other sections, other elements and text that is no XML are refused", () => {
  for (const section of ["bridge", "domain", "ip", "forward", "forward-pf", "none"] as const) {
    refuses("OPERATION_UNSUPPORTED", "modify", section, "<x/>");
  }
  refuses("XML_ERROR", "add-last", "ip-dhcp-host", "<foo/>");
  refuses("XML_DETAIL", "add-last", "ip-dhcp-host", "<host");
  refuses("INVALID_ARG", "none", "dns-txt", "<txt name='n' value='v'/>");
});
