/** Short examples for the reference pages, about networks, storage, secrets and devices. They run on `test:///default`. */
import { type Connection, NetworkUpdateCommand, NetworkUpdateSection } from "../../src/api/index.ts";

export async function virNetworkDefineXML(conn: Connection): Promise<void> {
  const network = await conn.networkDefineXML(`
    <network>
      <name>lab</name>
      <forward mode='nat'/>
      <bridge name='virbr7'/>
      <ip address='192.168.77.1' netmask='255.255.255.0'>
        <dhcp><range start='192.168.77.10' end='192.168.77.99'/></dhcp>
      </ip>
    </network>`);
  await network.create();
  await network.setAutostart(true);
}

export async function virNetworkUpdate(conn: Connection): Promise<void> {
  const network = await conn.networkLookupByName("default");
  const host = "<host mac='52:54:00:6d:90:02' name='web' ip='192.168.122.20'/>";
  await network.update(NetworkUpdateCommand.ADD_LAST, NetworkUpdateSection.IP_DHCP_HOST, -1, host);
}

export async function virStoragePoolDefineXML(conn: Connection): Promise<void> {
  const pool = await conn.storagePoolDefineXML(`
    <pool type='dir'>
      <name>images</name>
      <target><path>/srv/images</path></target>
    </pool>`);
  await pool.create();
  const { capacity, available } = await pool.info();
  console.log(`${available} of ${capacity} bytes are free`);
}

export async function virStorageVolCreateXML(conn: Connection): Promise<void> {
  const pool = await conn.storagePoolLookupByName("default-pool");
  const volume = await pool.createXML(`
    <volume>
      <name>web.img</name>
      <capacity unit='GiB'>20</capacity>
    </volume>`);
  console.log(await volume.path());
}

export async function virSecretSetValue(conn: Connection): Promise<void> {
  const secret = await conn.secretDefineXML(`
    <secret>
      <usage type='volume'><volume>/srv/images/web.luks</volume></usage>
    </secret>`);
  await secret.setValue(Buffer.from("open sesame"));
}

export async function virNodeDeviceGetXMLDesc(conn: Connection): Promise<void> {
  for (const device of await conn.listAllDevices()) {
    console.log(await device.listCaps(), await device.xmlDesc());
  }
}

export async function virInterfaceGetXMLDesc(conn: Connection): Promise<void> {
  const iface = await conn.interfaceLookupByName("eth1");
  console.log(iface.macString(), await iface.xmlDesc());
}
