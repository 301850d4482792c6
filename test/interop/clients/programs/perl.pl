# What programs in Perl do with a hypervisor, by Sys::Virt. Prints one JSON object.
# arguments: URI of a QEMU connection with a running domain "guest", URI of a test connection
use strict;
use warnings;
use JSON::PP;
use Sys::Virt;
use Sys::Virt::Domain;

my ($qemu_uri, $test_uri) = @ARGV;
my %out;
my $qemu = Sys::Virt->new(uri => $qemu_uri);
$out{type} = $qemu->get_type;
$out{guest} = [map { $_->get_name } $qemu->list_all_domains(Sys::Virt::Domain::LIST_ACTIVE)];
my $guest = $qemu->get_domain_by_name("guest");
$out{state} = $guest->get_info->{state};
$out{xml} = $guest->get_xml_description =~ /<name>guest<\/name>/ ? 1 : 0;
$out{os} = $guest->get_os_type;
$out{stats} = exists(($qemu->get_all_domain_stats(0))[0]->{data}) ? 1 : 0;
eval { $qemu->get_domain_by_name("nosuch") };
$out{missing} = $@->code;

my $test = Sys::Virt->new(uri => $test_uri);
# As libvirt's test kit does: each kind is counted, listed the old way, looked up.
$out{domains} = $test->num_of_domains;
$out{ids} = [$test->list_domain_ids($out{domains})];
$out{networks} = [map { $_->get_name } $test->list_networks];
$out{pools} = [map { $_->get_name } $test->list_storage_pools];
$out{defined} = $test->num_of_defined_domains;
my $domain = $test->define_domain("<domain type='test'><name>perl</name><memory>8192</memory><os><type>hvm</type></os></domain>");
$domain->create;
$domain->suspend;
$out{paused} = $domain->get_info->{state};
$domain->resume;
$domain->set_memory(4096);
$out{memory} = $domain->get_info->{memory};
$domain->save("/tmp/tsvirt-perl.$$");
$out{saved} = $domain->is_active;
$test->restore_domain("/tmp/tsvirt-perl.$$");
unlink "/tmp/tsvirt-perl.$$";
$test->get_domain_by_name("perl")->destroy;
$domain->undefine;
print JSON::PP->new->canonical->encode(\%out), "\n";
