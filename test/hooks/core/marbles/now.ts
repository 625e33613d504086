import { startKey, type StartConditions } from '../../../../hooks/core/marbles/conditions.ts';
import { intermediateCertificate, rootCertificate } from '../../builders.ts';

/** What Marbles start under now. */
export const now: StartConditions = {
  bootstrapping: 6,
  rootCertificate,
  intermediateCertificate,
  nonce: '',
};
export const key = startKey(now);
