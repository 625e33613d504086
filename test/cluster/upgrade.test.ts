import { describeUpgrades } from './upgrade.ts';

// With Helm 3 as often, in test/long.
describeUpgrades(4, 10);
