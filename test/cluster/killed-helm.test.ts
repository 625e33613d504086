import { describeKilledHelm } from './killed-helm.ts';

describeKilledHelm(4);
