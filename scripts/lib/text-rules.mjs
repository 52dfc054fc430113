/** What belongs to one machine or one network, never to the repository. Written so that no pattern matches its own source. */
const foreign = [
  {
    pattern: /(?:^|[\s"'`(=:])\/(?:wor[k]|roo[t]|hom[e]|tm[p]|User[s])\/[\w.-]/,
    what: 'an absolute path of one machine',
  },
  {
    pattern: /registr[y]\.\w+\.\w+|npmj[s]\.(?:org|com)|yarnpk[g]\.com|verdacci[o]|artifactor[y]/i,
    what: 'the name of a registry',
  },
  { pattern: /(?:localhos[t]|127\.0\.0\.[1]):\d+/, what: 'an address of one machine' },
];

/**
 * @param {string} path
 * @param {string} text
 * @returns {string[]} one line for each, `path:line: what`
 */
export function textProblems(path, text) {
  return text.split('\n').flatMap((line, index) => {
    const found = foreign.flatMap(({ pattern, what }) => (pattern.test(line) ? [`${path}:${index + 1}: ${what}`] : []));
    const fetched = path === 'pnpm-lock.yaml' && /https?:\/\/|tarball:/.test(line);
    return fetched ? [...found, `${path}:${index + 1}: an address in the lockfile`] : found;
  });
}
