/** Where the variables of a guest's firmware are kept that has no place of its own for them. */

/** @param folder of all such files */
export function variablesFile(folder: string, domain: string): string {
  return `${folder}/${domain}_VARS.fd`;
}
