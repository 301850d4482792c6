/** A path with repeated slashes and the last one taken away; two leading slashes mean something to POSIX and stay. */
export function cleanPath(path: string): string {
  const leading = /^\/+/.exec(path)?.[0].length ?? 0;
  const start = leading === 2 ? "//" : leading > 0 ? "/" : "";
  const rest = path.slice(leading).replace(/\/+/g, "/").replace(/\/$/, "");
  return start + rest;
}
