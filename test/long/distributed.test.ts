import { describeDistributed } from '../cluster/distributed.ts';

describeDistributed(5);
