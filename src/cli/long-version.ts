const { bun, node } = process.versions;
const runtime = bun === undefined ? `Node.js ${node}` : `Bun ${bun}`;

/** What `tsvirt -V` prints. */
export function longVersion(name: string, version: string): string {
  return `${name} ${version}, libvirt in TypeScript

Runs on ${runtime}, speaks the API of libvirt 9.0.0
`;
}
