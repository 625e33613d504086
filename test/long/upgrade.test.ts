import { describeUpgrades } from '../cluster/upgrade.ts';

describeUpgrades(3, 4);
