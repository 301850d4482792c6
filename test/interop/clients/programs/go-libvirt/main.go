// What programs in Go do with a hypervisor by libvirt's own binding for Go, as KubeVirt and the Terraform provider do.
// Prints one JSON object.
// arguments: URI of a QEMU connection with a running domain "guest", URI of a test connection
package main

import (
	"encoding/json"
	"fmt"
	"os"

	libvirt "github.com/libvirt/libvirt-go"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func open(uri string) *libvirt.Connect {
	conn, err := libvirt.NewConnect(uri)
	must(err)
	return conn
}

// The events of a pause and what follows it.
func lifecycle(conn *libvirt.Connect, guest *libvirt.Domain) []int {
	heard := []int{}
	id, err := conn.DomainEventLifecycleRegister(nil,
		func(_ *libvirt.Connect, _ *libvirt.Domain, event *libvirt.DomainEventLifecycle) {
			heard = append(heard, int(event.Event))
		})
	must(err)
	must(guest.Suspend())
	must(guest.Resume())
	for len(heard) < 2 {
		must(libvirt.EventRunDefaultImpl())
	}
	must(conn.DomainEventDeregister(id))
	return heard
}

func main() {
	out := map[string]interface{}{}
	must(libvirt.EventRegisterDefaultImpl())
	qemu := open(os.Args[1])
	guest, err := qemu.LookupDomainByName("guest")
	must(err)
	state, reason, err := guest.GetState()
	must(err)
	out["state"] = []int{int(state), reason}
	info, err := guest.GetInfo()
	must(err)
	out["memory"] = info.MaxMem
	_, err = qemu.LookupDomainByName("nosuch")
	out["missing"] = int(err.(libvirt.Error).Code)
	out["events"] = lifecycle(qemu, guest)
	stats, err := qemu.GetAllDomainStats([]*libvirt.Domain{guest}, libvirt.DOMAIN_STATS_STATE, 0)
	must(err)
	out["stats"] = int(stats[0].State.State)
	must(guest.Free())
	_, err = qemu.Close()
	must(err)

	test := open(os.Args[2])
	pool, err := test.LookupStoragePoolByName("default-pool")
	must(err)
	volume, err := pool.StorageVolCreateXML("<volume><name>go</name><capacity>1048576</capacity></volume>", 0)
	must(err)
	volumeInfo, err := volume.GetInfo()
	must(err)
	out["volume"] = volumeInfo.Capacity
	must(volume.Delete(0))
	domain, err := test.DomainDefineXML(
		"<domain type='test'><name>go</name><memory>8192</memory><os><type>hvm</type></os></domain>")
	must(err)
	must(domain.Create())
	out["created"], err = domain.IsActive()
	must(err)
	must(domain.Destroy())
	must(domain.Undefine())
	_, err = test.Close()
	must(err)
	text, err := json.Marshal(out)
	must(err)
	fmt.Println(string(text))
}
