import { describeUpgrades } from './upgrade.ts';

// With Helm 3 in test/long.
describeUpgrades(4, 10);
