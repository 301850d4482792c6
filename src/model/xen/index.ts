/** Xen's own words for a domain, from and to definitions; and what Xen makes of a definition. */
export { formatXenConfiguration, parseXenConfiguration } from "./configuration.ts";
export { finishXenDomain, parseXenDomain, randomXenMac, validateXenDomain, xenCompletion } from "./definition.ts";
export { diskOf, targetOf, writeXlDisk } from "./disk-xl.ts";
export { isPci, isUsb, writePci, writeUsb } from "./hostdev.ts";
export { libxlConfig } from "./libxl.ts";
export { definitionOfLibxl, libxlEntry } from "./libxl-read.ts";
export { writePairs } from "./pairs.ts";
export { type Dialect, isHvm, usualHost, type XenHost } from "./setting.ts";
export { diskExpression, formatXendDomain, interfaceExpression, parseXendDomain, xendDomain } from "./sexpr/domain.ts";
export { formatSexpr, listsOf, parseSexpr, type Sexpr, wordAfter } from "./sexpr/syntax.ts";
export { readVif, writeVif } from "./vif.ts";
