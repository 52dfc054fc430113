// Writes what each published package exports to api/NAME.api.md; with --check only compares. Reads the declarations of the last build.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { conclude, root } from './lib/run.mjs';
import { workspacePackages } from './lib/workspace.mjs';

const isCheck = process.argv.includes('--check');
const temporary = join(root, 'node_modules/.cache/api');
const published = workspacePackages(root).filter(({ manifest }) => manifest.private !== true);

/** Nothing but the report is wanted: what TypeScript or TSDoc finds wrong is the business of other checks. */
const SILENT = { default: { logLevel: ExtractorLogLevel.None } };

/**
 * What is wrong with the report of a package.
 *
 * @param {import('./lib/workspace.mjs').WorkspacePackage} unit
 * @returns {string[]}
 */
function report({ folder, manifest: { name } }) {
  const entry = join(root, folder, 'dist/index.d.ts');
  const reportFileName = name.replace('@shootdown/', '');
  const compilerOptions = { target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(root, folder),
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFolder: join(root, 'api'),
        reportTempFolder: temporary,
        reportFileName,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: SILENT, tsdocMessageReporting: SILENT },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, folder, 'package.json'),
  });
  /** @type {string[]} */
  const problems = [];
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: !isCheck,
    messageCallback: (message) => {
      if (message.category === 'Compiler') problems.push(`${name}: ${message.text}`);
      message.handled = true;
    },
  });
  if (isCheck && apiReportChanged)
    problems.push(`api/${reportFileName}.api.md is not what ${name} exports: npm run api`);
  return problems;
}

mkdirSync(join(root, 'api'), { recursive: true });
const problems = published.flatMap(report);
rmSync(temporary, { recursive: true, force: true });
conclude(`API reports of ${published.length} packages`, problems);
