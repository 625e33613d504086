import { parseArgs } from 'node:util';
import { packageRelease, platforms } from './package.ts';

const usage = `Usage: npm run package -- [OPTIONS]

Makes the files of a release in dist/release: the chart's archive, the SBOM of the hook program, and

  --url URL               the index.yaml of a chart repository at that address
  --merge FILE            with the entries of an older index.yaml
  --base FOLDER           the hook image as an OCI archive, on a base image in an OCI layout
  --platform NAME         for this platform instead of ${platforms.join(' and ')}; may be repeated
  --sign KEY              a provenance file for the chart, signed with this key
  --keyring FILE          of this keyring
  --passphrase-file FILE  which this passphrase opens
  --out FOLDER            in another folder; an earlier release in it goes

SOURCE_DATE_EPOCH is the date of the release; without it, that of the last commit. The same files, base and date give the
same bytes.`;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string' },
      merge: { type: 'string' },
      base: { type: 'string' },
      platform: { type: 'string', multiple: true },
      sign: { type: 'string' },
      keyring: { type: 'string' },
      'passphrase-file': { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.error(usage);
    return 0;
  }
  for (const [option, needs] of [
    ['merge', 'url'],
    ['platform', 'base'],
    ['sign', 'keyring'],
    ['keyring', 'sign'],
    ['passphrase-file', 'sign'],
  ] as const) {
    if (values[option] !== undefined && values[needs] === undefined) {
      console.error(`--${option} needs --${needs}`);
      return 2;
    }
  }
  for (const file of await packageRelease(values)) console.log(file);
  return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
