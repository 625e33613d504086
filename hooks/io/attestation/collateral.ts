import { readFile } from 'node:fs/promises';
import { collateralAddresses } from '../../core/attestation/addresses.ts';
import { readCollateral, type Collateral } from '../../core/attestation/collateral.ts';
import { within } from '../within.ts';
import { fetchCollateral } from './pccs.ts';

/** Where Intel's collateral for a quote comes from: a service (Intel's own where it is undefined), or a file. */
export type CollateralSource = { pccs: string | undefined } | { file: string };

/** Four requests that go out together. */
const fetchMilliseconds = 30_000;

/** Gets the collateral for a quote; rejects with an Error that says what to do instead. */
export async function collateralFrom(
  source: CollateralSource,
  { quote, trustAnchor }: { quote: Buffer; trustAnchor: Buffer },
  signal: AbortSignal,
): Promise<Collateral> {
  if ('file' in source) return await fromFile(source.file);
  try {
    const addresses = collateralAddresses(source.pccs, quote, trustAnchor);
    return await within(
      fetchMilliseconds,
      signal,
      async (bounded) => await fetchCollateral(addresses, bounded),
    );
  } catch (cause) {
    throw new Error(
      `Intel's collateral for the quote could not be fetched: ${(cause as Error).message}. ` +
        'Name a PCCS that this machine reaches (--pccs URL), or a file that was fetched elsewhere (--collateral FILE).',
      { cause },
    );
  }
}

async function fromFile(file: string): Promise<Collateral> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`the collateral in ${file} cannot be read: ${(cause as Error).message}`, { cause });
  });
  const read = readCollateral(text);
  if ('collateral' in read) return read.collateral;
  throw new Error(`${file} is no collateral: ${read.problem}. Fetch it again.`);
}
