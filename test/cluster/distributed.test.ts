import { describeDistributed } from './distributed.ts';

describeDistributed(2);
