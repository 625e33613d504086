import { describeRecovery } from '../cluster/recovery-wait.ts';

describeRecovery({
  version: 'v1.9.1',
  parties: ['alice', 'bob', 'carol'],
  missing: [3, 2, 1].map(
    (count) => `all 3 parties are needed, ${count} ${count === 1 ? 'is' : 'are'} missing`,
  ),
});
