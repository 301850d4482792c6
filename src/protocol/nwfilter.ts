/** Procedures about network filters and their bindings. */
import { NWFILTER_BINDING_LIST_MAX, NWFILTER_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { nwfilter, nwfilterBinding, uuid } from "./shapes.ts";
import { array, int, string, uint } from "./xdr/index.ts";

/** Network filters. */
export const nwfilterProcedures = remote("nwfilter", {
  nwfilterLookupByName: procedure(175, {
    args: { name: string },
    result: { nwfilter },
    cFunction: "virNWFilterLookupByName",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["nwfilter:getattr"],
  }),

  nwfilterLookupByUuid: procedure(176, {
    args: { uuid },
    result: { nwfilter },
    cFunction: "virNWFilterLookupByUUID",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["nwfilter:getattr"],
  }),

  nwfilterGetXmlDesc: procedure(177, {
    args: { nwfilter, flags: uint },
    result: { xml: string },
    cFunction: "virNWFilterGetXMLDesc",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["nwfilter:read"],
  }),

  connectNumOfNwfilters: procedure(178, {
    result: { num: int },
    cFunction: "virConnectNumOfNWFilters",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_nwfilters"],
    aclFilter: ["nwfilter:getattr"],
  }),

  connectListNwfilters: procedure(179, {
    args: { maxnames: int },
    result: { names: array(string, NWFILTER_LIST_MAX) },
    cFunction: "virConnectListNWFilters",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_nwfilters"],
    aclFilter: ["nwfilter:getattr"],
  }),

  nwfilterDefineXml: procedure(180, {
    args: { xml: string },
    result: { nwfilter },
    cFunction: "virNWFilterDefineXML",
    since: "0.8.0",
    readOnly: "denied",
    priority: "high",
    acl: ["nwfilter:write", "nwfilter:save"],
  }),

  nwfilterUndefine: procedure(181, {
    args: { nwfilter },
    cFunction: "virNWFilterUndefine",
    since: "0.8.0",
    readOnly: "denied",
    priority: "high",
    acl: ["nwfilter:delete"],
  }),

  connectListAllNwfilters: procedure(286, {
    args: { needResults: int, flags: uint },
    result: { filters: array(nwfilter, NWFILTER_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllNWFilters",
    since: "0.10.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_nwfilters"],
    aclFilter: ["nwfilter:getattr"],
  }),

  nwfilterDefineXmlFlags: procedure(431, {
    args: { xml: string, flags: uint },
    result: { nwfilter },
    cFunction: "virNWFilterDefineXMLFlags",
    since: "7.7.0",
    readOnly: "denied",
    priority: "high",
    acl: ["nwfilter:write", "nwfilter:save"],
  }),
});

/** Network filters in use on ports. */
export const nwfilterBindingProcedures = remote("nwfilterBinding", {
  nwfilterBindingLookupByPortDev: procedure(397, {
    args: { name: string },
    result: { nwfilter: nwfilterBinding },
    cFunction: "virNWFilterBindingLookupByPortDev",
    since: "4.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["nwfilter_binding:getattr"],
  }),

  nwfilterBindingGetXmlDesc: procedure(398, {
    args: { nwfilter: nwfilterBinding, flags: uint },
    result: { xml: string },
    cFunction: "virNWFilterBindingGetXMLDesc",
    since: "4.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["nwfilter_binding:read"],
  }),

  nwfilterBindingCreateXml: procedure(399, {
    args: { xml: string, flags: uint },
    result: { nwfilter: nwfilterBinding },
    cFunction: "virNWFilterBindingCreateXML",
    since: "4.5.0",
    readOnly: "denied",
    priority: "high",
    acl: ["nwfilter_binding:create"],
  }),

  nwfilterBindingDelete: procedure(400, {
    args: { nwfilter: nwfilterBinding },
    cFunction: "virNWFilterBindingDelete",
    since: "4.5.0",
    readOnly: "denied",
    priority: "high",
    acl: ["nwfilter_binding:delete"],
  }),

  connectListAllNwfilterBindings: procedure(401, {
    args: { needResults: int, flags: uint },
    result: { bindings: array(nwfilterBinding, NWFILTER_BINDING_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllNWFilterBindings",
    since: "4.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_nwfilter_bindings"],
    aclFilter: ["nwfilter_binding:getattr"],
  }),
});
