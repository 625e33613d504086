import { describeUpgrades } from './upgrade.ts';

// More of them, and with Helm 3, in test/long.
describeUpgrades(4, 4);
