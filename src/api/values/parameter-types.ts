/** The types of the typed parameters that libvirt's functions take, by name: no name means two types. */
import { TypedParameterType } from "../../protocol/index.ts";

const { INT, UINT, LLONG, ULLONG, BOOLEAN, STRING } = TypedParameterType;

const names: { readonly [Type in TypedParameterType]?: string } = {
  [INT]: `shares numa_mode thread_pool_min thread_pool_max disks_port compression.mt.level compression.mt.threads
    compression.mt.dthreads auto_converge.initial auto_converge.increment parallel.connections parallel.channels`,
  [UINT]: `weight cap inbound.average inbound.peak inbound.burst inbound.floor outbound.average outbound.peak
    outbound.burst poll_grow poll_shrink granularity shm_pages_to_scan shm_sleep_millisecs shm_merge_across_nodes`,
  [LLONG]: `reservation limit vcpu_quota emulator_quota global_quota iothread_quota process-id`,
  [ULLONG]: `cpu_shares vcpu_period emulator_period global_period iothread_period hard_limit soft_limit min_guarantee
    swap_hard_limit poll_max_ns bandwidth bandwidth.postcopy compression.xbzrle.cache buf-size sev-secret-set-address
    unix-user-id unix-group-id process-time
    total_bytes_sec read_bytes_sec write_bytes_sec total_iops_sec read_iops_sec write_iops_sec
    total_bytes_sec_max read_bytes_sec_max write_bytes_sec_max total_iops_sec_max read_iops_sec_max write_iops_sec_max
    total_bytes_sec_max_length read_bytes_sec_max_length write_bytes_sec_max_length total_iops_sec_max_length
    read_iops_sec_max_length write_iops_sec_max_length size_iops_sec`,
  [BOOLEAN]: `cmt mbmt mbml cpu_cycles instructions cache_references cache_misses branch_instructions branch_misses
    bus_cycles stalled_cycles_frontend stalled_cycles_backend ref_cpu_cycles cpu_clock task_clock page_faults
    context_switches cpu_migrations page_faults_min page_faults_maj alignment_faults emulation_faults`,
  [STRING]: `device_weight device_read_iops_sec device_write_iops_sec device_read_bytes_sec device_write_bytes_sec
    group_name numa_nodeset sev-secret-header sev-secret file dxml image_format destination_name destination_xml
    persistent_xml migrate_uri graphics_uri listen_address migrate_disks migrate_disks_detect_zeroes disks_uri
    compression tls.destination user-name group-name unix-user-name unix-group-name sasl-user-name
    x509-distinguished-name selinux-context`,
};

/** The type of the parameter of that name; a name that is not here has the type that its value suggests. */
export const parameterTypes: ReadonlyMap<string, TypedParameterType> = new Map(
  Object.entries(names).flatMap(([type, list]) =>
    list.split(/\s+/).map((name): [string, TypedParameterType] => [name, Number(type) as TypedParameterType]),
  ),
);
