import { describeUpgrades } from '../cluster/upgrade.ts';

describeUpgrades(4, 10);
describeUpgrades(3, 10);
