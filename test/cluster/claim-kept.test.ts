import { describeKeptClaim } from './claim-kept.ts';

describeKeptClaim(4);
