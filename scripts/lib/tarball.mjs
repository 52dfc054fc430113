/**
 * The name that npm and pnpm give to the tarball of a package: `@shootdown/core` is `shootdown-core-0.1.0.tgz`.
 *
 * @param {{ readonly name: string, readonly version: string }} manifest
 */
export function tarballName({ name, version }) {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}
