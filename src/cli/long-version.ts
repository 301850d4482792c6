/** What `tsvirt -V` prints. */
export function longVersion(version: string): string {
  return `tsvirt ${version}, libvirt in TypeScript

Runs on Node.js ${process.versions.node}, speaks the API of libvirt 9.0.0
`;
}
