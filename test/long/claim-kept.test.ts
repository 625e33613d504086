import { describeKeptClaim } from '../cluster/claim-kept.ts';

describeKeptClaim(3);
