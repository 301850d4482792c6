/** What libvirt's test driver accepts, refuses and prints for the same documents. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import { formatNetwork, parseNetwork } from "./index.ts";

const uuid = "eb486e5c-4df5-42ee-ae4a-ad8557998d00";
const wrap = (inner: string): string => `<network><name>zz</name><uuid>${uuid}</uuid>${inner}</network>`;

/** Asserts what is printed for a part of a network, without the lines that every isolated network has. */
function prints(inner: string, expected: string): void {
  const lines = formatNetwork(parseNetwork(wrap(inner))).split("\n");
  const own = lines.filter((line) => !/^<|^ {2}<(name|uuid)>|^ {2}<bridge stp='on' delay='0'\/>/.test(line));
  assert.equal(own.join("\n"), `${expected}\n`);
}

function refuses(inner: string, code: Parameters<typeof isLibvirtError>[1], message = /./): void {
  assert.throws(
    () => parseNetwork(inner.startsWith("<network") ? inner : wrap(inner)),
    (error) => {
      assert.ok(isLibvirtError(error, code), String(error));
      assert.match(error.message, message);
      return true;
    },
    inner,
  );
}

const ip = (inner: string): string => `<ip address='192.168.122.1' netmask='255.255.255.0'>${inner}</ip>`;
const dhcp = (inner: string): string => ip(`<dhcp>${inner}</dhcp>`);
const dhcp6 = (inner: string): string =>
  `<ip family='ipv6' address='2001:db8::1' prefix='64'><dhcp>${inner}</dhcp></ip>`;

test("a name is needed, and cannot be a path", () => {
  refuses("<network/>", "NO_NAME");
  refuses("<network><name></name></network>", "NO_NAME");
  refuses("<network><name>a/b</name></network>", "XML_DETAIL");
  refuses("<network><name>a</name><uuid>zz</uuid></network>", "XML_ERROR", /not a UUID/);
});

test("everything is printed in libvirt's order", () => {
  const shuffled = `<network ipv6='yes' trustGuestRxFilters='yes' connections='3' xmlns:dq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
<dq:options><dq:option value='a=b'/></dq:options>
<portgroup name='pg1' trustGuestRxFilters='no' default='yes'><vlan trunk='yes'><tag id='42' nativeMode='tagged'/><tag id='10'/></vlan><bandwidth><outbound burst='2' peak='3' average='4'/><inbound average='1000'/></bandwidth><virtualport><parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='p'/></virtualport></portgroup>
<virtualport type='openvswitch'><parameters profileid='a' interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>
<route address='10.1.0.0' prefix='16' gateway='192.168.122.10' metric='3'/>
<ip address='192.168.122.1' prefix='24' localPtr='yes'><dhcp><bootp server='1.2.3.4' file='x'/><host ip='192.168.122.9' name='a' mac='0:1:2:3:4:5'><lease expiry='0'/></host><range end='192.168.122.200' start='192.168.122.100'><lease expiry='120'/></range></dhcp><tftp root='/x'/></ip>
<ip family='ipv6' address='2001:db8:0::1' prefix='64'/>
<port isolated='no'/>
<bandwidth><inbound peak='1'  average='1000'/></bandwidth>
<dns enable='yes' forwardPlainNames='yes'><host ip='1.2.3.4'><hostname>a</hostname></host><srv weight='1' priority='1' port='5' target='t' domain='d' protocol='tcp' service='s'/><srv protocol='udp' service='s'/><txt value='' name='x'/><forwarder domain='x' addr='::1'/></dns>
<domain localOnly='yes' name='ex'/>
<mac address='52:54:00:17:3F:47'/>
<mtu size='1400'/>
<bridge macTableManager='kernel' delay='05' stp='off' zone='z' name='v1'/>
<forward mode='nat' dev='eth0' managed='no'><interface dev='eth0' connections='4'/><nat ipv6='no'><port start='1' end='2'/><address end='1.2.3.5' start='1.2.3.4'/></nat></forward>
<metadata><a:b xmlns:a='u'/></metadata>
<uuid>EB486E5C4DF542EEAE4AAD8557998D00</uuid><name>n1</name></network>`;
  const expected = `<network ipv6='yes' trustGuestRxFilters='yes' xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
  <name>n1</name>
  <uuid>${uuid}</uuid>
  <metadata>
    <a:b xmlns:a="u"/>
  </metadata>
  <forward dev='eth0' mode='nat'>
    <nat ipv6='no'>
      <address start='1.2.3.4' end='1.2.3.5'/>
      <port start='1' end='2'/>
    </nat>
    <interface dev='eth0'/>
  </forward>
  <bridge name='v1' zone='z' stp='off' delay='5' macTableManager='kernel'/>
  <mtu size='1400'/>
  <mac address='52:54:00:17:3f:47'/>
  <domain name='ex' localOnly='yes'/>
  <dns enable='yes' forwardPlainNames='yes'>
    <forwarder domain='x' addr='::1'/>
    <txt name='x' value=''/>
    <srv service='s' protocol='tcp' domain='d' target='t' port='5' priority='1' weight='1'/>
    <srv service='s' protocol='udp'/>
    <host ip='1.2.3.4'>
      <hostname>a</hostname>
    </host>
  </dns>
  <bandwidth>
    <inbound average='1000' peak='1'/>
  </bandwidth>
  <port isolated='no'/>
  <ip address='192.168.122.1' prefix='24' localPtr='yes'>
    <tftp root='/x'/>
    <dhcp>
      <range start='192.168.122.100' end='192.168.122.200'>
        <lease expiry='120' unit='minutes'/>
      </range>
      <host mac='0:1:2:3:4:5' name='a' ip='192.168.122.9'>
        <lease expiry='0'/>
      </host>
      <bootp file='x' server='1.2.3.4'/>
    </dhcp>
  </ip>
  <ip family='ipv6' address='2001:db8::1' prefix='64'>
  </ip>
  <route address='10.1.0.0' prefix='16' gateway='192.168.122.10' metric='3'/>
  <virtualport type='openvswitch'>
    <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='a'/>
  </virtualport>
  <portgroup name='pg1' default='yes' trustGuestRxFilters='no'>
    <vlan trunk='yes'>
      <tag id='42' nativeMode='tagged'/>
      <tag id='10'/>
    </vlan>
    <virtualport>
      <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='p'/>
    </virtualport>
    <bandwidth>
      <inbound average='1000'/>
      <outbound average='4' peak='3' burst='2'/>
    </bandwidth>
  </portgroup>
  <dnsmasq:options>
    <dnsmasq:option value='a=b'/>
  </dnsmasq:options>
</network>
`;
  const network = parseNetwork(shuffled, { inactive: true });
  assert.equal(formatNetwork(network, { inactive: true }), expected);
  assert.deepEqual(parseNetwork(formatNetwork(network)), network);
  const live = formatNetwork(parseNetwork(shuffled));
  assert.match(live, /^<network connections='3' ipv6='yes'/);
  assert.match(live, /<interface dev='eth0' connections='4'\/>/);
});

test("forwarding: the device is the first interface, and one kind of target counts", () => {
  prints("<forward mode='vepa' dev='a'/>", "  <forward dev='a' mode='vepa'>\n    <interface dev='a'/>\n  </forward>");
  prints(
    "<forward mode='passthrough'><pf dev='a'/><interface dev='b'/></forward>",
    "  <forward dev='b' mode='passthrough'>\n    <interface dev='b'/>\n  </forward>",
  );
  prints("<forward mode='hostdev'/>", "  <forward mode='hostdev' managed='no'/>");
  prints(
    "<forward mode='hostdev' managed='no'><address type='pci' domain='010' bus='0x1f' slot='0x1f' function='7'/><driver name='kvm'/></forward>",
    `  <forward mode='hostdev' managed='no'>
    <driver name='kvm'/>
    <address type='pci' domain='0x0008' bus='0x1f' slot='0x1f' function='0x7'/>
  </forward>`,
  );
  refuses("<forward mode='foo'/>", "XML_ERROR", /'foo' is not one of nat, route/);
  refuses("<forward mode='open'/>", "XML_ERROR", /needs an <ip>/);
  refuses(`<forward mode='open' dev='a'/>${ip("")}`, "XML_ERROR", /not allowed with mode='open'/);
  refuses(
    `<forward mode='nat'><interface dev='a'/><interface dev='b'/></forward>${ip("")}`,
    "XML_ERROR",
    /one interface/,
  );
  refuses("<forward mode='vepa'><interface dev='a'/><interface dev='a'/></forward>", "XML_ERROR", /twice/);
  refuses(
    "<forward mode='hostdev'><address type='pci' bus='1'/><address type='pci' bus='1'/></forward>",
    "XML_ERROR",
    /0000:01:00.0/,
  );
  refuses("<forward mode='route'><nat><port start='1' end='2'/></nat></forward>", "XML_ERROR", /mode='nat'/);
  refuses(`<forward><nat><address start='1.2.3.4' end='1.2.3.3'/></nat></forward>${ip("")}`, "XML_ERROR", /reversed/);
  refuses(`<forward><nat><port start='5' end='1'/></nat></forward>${ip("")}`, "XML_DETAIL");
  refuses(
    `<forward><nat><address start='::1' end='::2'/></nat></forward>${ip("")}`,
    "XML_ERROR",
    /not an IPv4 address/,
  );
});

test("bridges: libvirt's own have STP and delay, others have only a name", () => {
  prints("<forward mode='bridge'/><bridge name='a'/>", "  <forward mode='bridge'/>\n  <bridge name='a'/>");
  prints(
    "<bridge name='x' macTableManager='libvirt'/>",
    "  <bridge name='x' stp='on' delay='0' macTableManager='libvirt'/>",
  );
  for (const what of ["stp='on'", "delay='3'", "zone='z'"])
    refuses(`<forward mode='bridge'/><bridge name='a' ${what}/>`, "XML_ERROR");
  refuses("<forward mode='bridge' dev='e'/><bridge name='a'/>", "XML_ERROR", /not both/);
  refuses("<forward mode='vepa'><interface dev='a'/></forward><bridge name='b'/>", "XML_ERROR", /bridge name/);
  refuses("<forward mode='private' dev='x'/><bridge macTableManager='kernel'/>", "XML_ERROR", /macTableManager/);
  refuses("<forward mode='bridge'/><bridge name='b'/><mtu size='9000'/>", "XML_ERROR", /mtu/);
});

test("addresses: family, mask and prefix fit each other", () => {
  prints("<ip address='1.2.3.4' prefix='0'/>", "  <ip address='1.2.3.4'>\n  </ip>");
  prints("<ip address='10.1' prefix='8'/>", "  <ip address='10.0.0.1' prefix='8'>\n  </ip>");
  refuses("<ip/>", "XML_ERROR", /attribute 'address'/);
  refuses("<ip address='1.2.3.400'/>", "XML_ERROR");
  refuses("<ip address='010.1.1.1'/>", "XML_ERROR");
  refuses("<ip address='1.2.3.4' family='ipv6'/>", "CONFIG_UNSUPPORTED");
  refuses("<ip address='::1'/>", "CONFIG_UNSUPPORTED", /no family/);
  refuses("<ip address='1.2.3.4' netmask='255.0.0.0' prefix='8'/>", "CONFIG_UNSUPPORTED", /both/);
  refuses("<ip address='1.2.3.4' prefix='33'/>", "CONFIG_UNSUPPORTED");
  refuses("<ip family='ipv6' address='2001::1' prefix='129'/>", "CONFIG_UNSUPPORTED");
  refuses("<ip family='ipv6' address='2001::1' netmask='255.0.0.0'/>", "CONFIG_UNSUPPORTED");
  refuses("<ip family='ipv6' address='2001::1' prefix='64'><tftp root='/x'/></ip>", "CONFIG_UNSUPPORTED", /tftp/);
});

test("DHCP ranges lie within their network", () => {
  const range = (start: string, end: string, inner = ""): string =>
    dhcp(`<range start='${start}' end='${end}'>${inner}</range>`);
  assert.equal(parseNetwork(wrap(range("192.168.122.1", "192.168.122.7"))).ips[0]?.dhcp?.ranges.length, 1);
  refuses(range("192.168.122.5", "192.168.122.2"), "XML_ERROR", /reversed/);
  refuses(range("192.168.123.5", "192.168.123.7"), "XML_ERROR", /not within 192.168.122.1\/24/);
  refuses(range("192.168.122.0", "192.168.122.7"), "XML_ERROR", /network's own/);
  refuses(range("192.168.122.2", "192.168.122.255"), "XML_ERROR", /broadcast/);
  refuses(range("::1", "::2"), "XML_ERROR", /family/);
  refuses(
    "<ip address='10.0.0.1' prefix='8'><dhcp><range start='10.0.0.2' end='10.1.0.2'/></dhcp></ip>",
    "XML_ERROR",
    /65535/,
  );
  refuses(dhcp6("<range start='2001:db8::5' end='2001:db8::6:0'/>"), "XML_ERROR", /65535/);
  refuses(range("192.168.122.2", "192.168.122.7", "<lease expiry='1'/>"), "CONFIG_UNSUPPORTED", /2 minutes/);
  refuses(range("192.168.122.2", "192.168.122.7", "<lease expiry='119' unit='seconds'/>"), "CONFIG_UNSUPPORTED");
  refuses(range("192.168.122.2", "192.168.122.7", "<lease expiry='1' unit='days'/>"), "XML_ERROR", /days/);
});

test("DHCP hosts are known by MAC address or name, in IPv6 by DUID or name", () => {
  prints(
    dhcp("<host name='x' ip='192.168.122.3'/><host mac='00:00:00:00:00:01' name='' ip='192.168.123.3'/>"),
    `  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <host name='x' ip='192.168.122.3'/>
      <host mac='00:00:00:00:00:01' ip='192.168.123.3'/>
    </dhcp>
  </ip>`,
  );
  refuses(dhcp("<host ip='192.168.122.3'/>"), "XML_ERROR", /mac or a name/);
  refuses(dhcp("<host mac='0:1:2:3:4:5'/>"), "XML_ERROR", /'ip'/);
  refuses(dhcp("<host mac='zz' ip='192.168.122.3'/>"), "XML_ERROR", /'zz'/);
  refuses(dhcp("<host mac='01:00:00:00:00:01' ip='192.168.122.3'/>"), "XML_ERROR", /multicast/);
  refuses(dhcp6("<host mac='00:00:00:00:00:01' ip='2001:db8::5'/>"), "XML_ERROR");
  refuses(dhcp6("<host id='zz' ip='2001:db8::5'/>"), "XML_ERROR", /'z'/);
  refuses(dhcp6("<host ip='2001:db8::5'/>"), "XML_ERROR", /id or a name/);
});

test("what says nothing is dropped", () => {
  prints(dhcp("<bootp/>"), "  <ip address='192.168.122.1' netmask='255.255.255.0'>\n  </ip>");
  prints(
    `${ip("<tftp/>")}<dns/><domain localOnly='yes'/><mac/><mtu size='0'/><bandwidth/>`,
    "  <ip address='192.168.122.1' netmask='255.255.255.0'>\n  </ip>",
  );
  prints("<bandwidth><inbound average='0'/></bandwidth>", "  <bandwidth>\n  </bandwidth>");
});

test("DNS records", () => {
  const dns = (inner: string): string => `<dns>${inner}</dns>`;
  prints(dns("<srv service='x' protocol='sctp'/>"), "  <dns>\n    <srv service='x' protocol='sctp'/>\n  </dns>");
  refuses("<dns enable='no'><txt name='a' value='b'/></dns>", "XML_ERROR");
  refuses(dns("<txt value='b'/>"), "XML_ERROR");
  refuses(dns("<txt name='a b' value='b'/>"), "XML_DETAIL");
  refuses(dns("<srv protocol='tcp'/>"), "XML_ERROR");
  refuses(dns("<srv service='x' protocol='tcp' port='1'/>"), "XML_DETAIL", /target/);
  refuses(dns("<srv service='x' protocol='tcp' target='t' port='70000'/>"), "XML_ERROR");
  refuses(dns(`<srv service='${"x".repeat(600)}' protocol='tcp'/>`), "XML_DETAIL");
  refuses(dns("<host ip='1.2.3.4'/>"), "XML_DETAIL");
  refuses(dns("<forwarder/>"), "XML_ERROR");
  refuses(dns("<forwarder addr='x'/>"), "XML_ERROR");
});

test("VLANs, virtual ports and bandwidth", () => {
  const bridged = "<forward mode='bridge'/><bridge name='a'/>";
  const vlan = (inner: string): string => `${bridged}<virtualport type='openvswitch'/><vlan${inner}</vlan>`;
  assert.equal(parseNetwork(wrap(vlan("><tag id='1'/><tag id='2'/>"))).vlan?.trunk, true);
  refuses(vlan(">"), "XML_ERROR", /at least one/);
  refuses(vlan("><tag id='5000'/>"), "XML_ERROR", /4095/);
  refuses(vlan(" trunk='no'><tag id='1'/><tag id='2'/>"), "XML_ERROR", /trunk/);
  refuses(vlan(" trunk='no'><tag id='1' nativeMode='tagged'/>"), "XML_ERROR", /native/);
  refuses(vlan("><tag id='1' nativeMode='untagged'/><tag id='2' nativeMode='tagged'/>"), "XML_ERROR", /duplicate/);
  refuses(`${bridged}<virtualport/>`, "XML_ERROR", /type/);
  refuses(`${bridged}<virtualport type='802.1Qbg'><parameters profileid='x'/></virtualport>`, "XML_ERROR", /profileid/);
  refuses(
    `${bridged}<virtualport type='802.1Qbg'><parameters managerid='256'/></virtualport>`,
    "XML_ERROR",
    /managerid/,
  );
  refuses(
    `${bridged}<virtualport type='802.1Qbh'><parameters profileid='${"x".repeat(50)}'/></virtualport>`,
    "XML_ERROR",
  );
  refuses("<bandwidth><inbound/></bandwidth>", "XML_DETAIL");
  refuses("<bandwidth><inbound floor='1'/></bandwidth>", "CONFIG_UNSUPPORTED");
  refuses("<bandwidth classID='5'><inbound average='1'/></bandwidth>", "XML_DETAIL");
});

test("static routes lead to networks, through a gateway that can be reached", () => {
  const route = (attributes: string): string => `${ip("")}<route ${attributes}/>`;
  const shown = "  <ip address='192.168.122.1' netmask='255.255.255.0'>\n  </ip>\n";
  prints(
    route("address='0.0.0.0' prefix='0' gateway='192.168.122.2'"),
    `${shown}  <route address='0.0.0.0' prefix='0' gateway='192.168.122.2'/>`,
  );
  prints(
    route("address='0.0.0.0' gateway='192.168.122.2'"),
    `${shown}  <route address='0.0.0.0' gateway='192.168.122.2'/>`,
  );
  refuses(route("address='10.0.0.0' prefix='8'"), "XML_ERROR", /gateway/);
  refuses(route("address='10.0.0.1' prefix='8' gateway='192.168.122.2'"), "XML_ERROR", /not the address of a network/);
  refuses(route("address='10.1.0.0' netmask='255.0.0.0' gateway='192.168.122.2'"), "XML_ERROR");
  refuses(route("address='192.168.1.0' netmask='255.0.255.0' gateway='192.168.122.2'"), "XML_ERROR");
  refuses(route("address='10.0.0.0' prefix='8' gateway='192.168.123.2'"), "CONFIG_UNSUPPORTED", /unreachable/);
  refuses(route("family='ipv6' address='2001::' prefix='8' gateway='192.168.122.2'"), "XML_ERROR");
  refuses(route("address='10.0.0.0' prefix='8' netmask='255.0.0.0' gateway='192.168.122.2'"), "XML_ERROR");
  refuses(route("address='10.0.0.0' prefix='8' metric='0' gateway='192.168.122.2'"), "XML_ERROR", /[Zz]ero/);
  refuses(route("address='10.0.0.0' prefix='33' gateway='192.168.122.2'"), "XML_ERROR");
});
