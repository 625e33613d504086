import { describeUpgrades } from './upgrade.ts';

describeUpgrades(4, 10);
describeUpgrades(3, 2);
