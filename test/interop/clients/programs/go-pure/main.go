// What programs in Go do with a hypervisor by digitalocean's pure Go client, which speaks the wire itself. Prints one
// JSON object.
// arguments: URI of a QEMU connection with a running domain "guest", URI of a test connection
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	libvirt "github.com/digitalocean/go-libvirt"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// A URI such as qemu+unix:///system?socket=PATH.
func open(text string) *libvirt.Libvirt {
	uri, err := url.Parse(text)
	must(err)
	conn, err := net.DialTimeout("unix", uri.Query().Get("socket"), 10*time.Second)
	must(err)
	client := libvirt.New(conn)
	must(client.ConnectToURI(libvirt.ConnectURI(strings.TrimSuffix(uri.Scheme, "+unix") + "://" + uri.Path)))
	return client
}

func lifecycle(client *libvirt.Libvirt, domain libvirt.Domain) []int32 {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	events, err := client.LifecycleEvents(ctx)
	must(err)
	must(client.DomainSuspend(domain))
	must(client.DomainResume(domain))
	return []int32{(<-events).Event, (<-events).Event}
}

func main() {
	out := map[string]interface{}{}
	qemu := open(os.Args[1])
	domains, _, err := qemu.ConnectListAllDomains(1, 0)
	must(err)
	names := []string{}
	for _, domain := range domains {
		names = append(names, domain.Name)
	}
	out["domains"] = names
	guest, err := qemu.DomainLookupByName("guest")
	must(err)
	state, reason, err := qemu.DomainGetState(guest, 0)
	must(err)
	out["state"] = []int32{state, reason}
	_, err = qemu.DomainLookupByName("nosuch")
	out["missing"] = libvirt.IsNotFound(err)
	out["events"] = lifecycle(qemu, guest)
	answer, err := qemu.QEMUDomainMonitorCommand(guest, `{"execute":"query-name"}`, 0)
	must(err)
	out["monitor"] = strings.Contains(answer, `"guest"`)
	must(qemu.Disconnect())

	test := open(os.Args[2])
	pool, err := test.StoragePoolLookupByName("default-pool")
	must(err)
	volume, err := test.StorageVolCreateXML(pool, "<volume><name>go</name><capacity>1048576</capacity></volume>", 0)
	must(err)
	kind, capacity, _, err := test.StorageVolGetInfo(volume)
	must(err)
	out["volume"] = []interface{}{kind, capacity}
	must(test.StorageVolDelete(volume, 0))
	domain, err := test.DomainDefineXML(
		"<domain type='test'><name>go</name><memory>8192</memory><os><type>hvm</type></os></domain>")
	must(err)
	must(test.DomainCreate(domain))
	active, err := test.DomainIsActive(domain)
	must(err)
	out["created"] = active
	must(test.DomainDestroy(domain))
	must(test.DomainUndefine(domain))
	must(test.Disconnect())
	text, err := json.Marshal(out)
	must(err)
	fmt.Println(string(text))
}
