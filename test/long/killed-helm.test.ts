import { describeKilledHelm } from '../cluster/killed-helm.ts';

describeKilledHelm(3);
