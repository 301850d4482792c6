/**
 * What Linux is told so that it comes up soon on an emulated processor, as host and as guest: to protect its pages and to
 * check that they are protected takes a quarter of the time, and what it tries of itself has been tried before.
 */
export const linuxOptions = [
  ...["quiet", "mitigations=off", "rodata=off", "noreplace-smp", "cryptomgr.notests", "apparmor=0", "no_timer_check"],
  "initcall_blacklist=init_kprobe_trace,load_system_certificate_list,cubictcp_register,init_graph_tracefs",
].join(" ");
