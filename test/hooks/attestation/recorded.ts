import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { readCollateral, type Collateral } from '../../../hooks/core/attestation/collateral.ts';

const folder = join(import.meta.dirname, '../../../../shared/data/attestation');

/** A quote of a real SGX machine, and what Intel published for it in June 2025. */
export interface Recorded {
  quote: Buffer;
  collateral: Collateral;
  /** The path of the collateral. */
  collateralFile: string;
}

/**
 * The recorded quote, which is kept beside this repository; call it inside `describe`. Without it the suite is skipped, or
 * fails where REQUIRE_RECORDED_QUOTE is set.
 */
export function useRecorded(): () => Recorded {
  let recorded: Recorded | undefined;
  before('the recorded quote is there', function (this: Context) {
    if (!existsSync(folder) && process.env.REQUIRE_RECORDED_QUOTE !== '1') {
      console.log(`      skipped, there is no recorded quote in ${folder}`);
      this.skip();
    }
    const collateralFile = join(folder, 'sgx_quote_collateral.json');
    const read = readCollateral(readFileSync(collateralFile, 'utf8'));
    if ('problem' in read) throw new Error(read.problem);
    recorded = {
      quote: readFileSync(join(folder, 'sgx_quote.bin')),
      collateral: read.collateral,
      collateralFile,
    };
  });
  return () => {
    if (recorded === undefined)
      throw new Error('the recorded quote is there only while the tests of its suite run');
    return recorded;
  };
}
