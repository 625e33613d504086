import { expect } from 'chai';
import type { AskedCheck } from '../../../hooks/cli/commands/check-manifest.ts';
import type { AskedBackup } from '../../../hooks/cli/commands/backup.ts';
import type { AskedCopy } from '../../../hooks/cli/commands/copy-sealed-state.ts';
import type { AskedPut } from '../../../hooks/cli/commands/put-sealed-state.ts';
import type { AskedRestore } from '../../../hooks/cli/commands/restore.ts';
import type { AskedStatus } from '../../../hooks/cli/commands/status.ts';
import type { AskedWatch } from '../../../hooks/cli/commands/watch.ts';
import type { AskedHook } from '../../../hooks/cli/hook.ts';
import { readCommandLine, type AskedWord } from '../../../hooks/cli/program.ts';
import { SettingsError } from '../../../hooks/core/settings.ts';

type Known =
  | AskedWord
  | AskedHook
  | AskedWatch
  | AskedBackup
  | AskedRestore
  | AskedCopy
  | AskedPut
  | AskedStatus
  | AskedCheck;

const inMesh = { namespace: 'mesh', context: undefined, kubeconfig: undefined };

const accepted: [string, Known][] = [
  ['', { command: 'help', about: '' }],
  ['--help', { command: 'help', about: '' }],
  ['-h', { command: 'help', about: '' }],
  ['help', { command: 'help', about: '' }],
  ['help status', { command: 'help', about: 'status' }],
  ['preflight --help', { command: 'help', about: 'preflight' }],
  ['preflight --config /hooks -h', { command: 'help', about: 'preflight' }],
  ['--version', { command: 'version' }],
  ['preflight --config /hooks', { command: 'preflight', config: '/hooks', format: 'text' }],
  [
    'rollout --detached --config /hooks',
    { command: 'rollout', config: '/hooks', format: 'text', detached: true },
  ],
  [
    'rollout --config=/hooks --output json',
    { command: 'rollout', config: '/hooks', format: 'json', detached: false },
  ],
  [
    'watch --coordinator https://coordinator:4433',
    {
      command: 'watch',
      coordinator: 'https://coordinator:4433',
      intervalSeconds: 5,
      deployment: '',
      holdSeconds: 50,
      limits: { graceSeconds: 600, downSeconds: 900 },
      readyPort: 8080,
    },
  ],
  [
    'watch --coordinator https://coordinator:4433 --interval 0.5 --deployment marblerun-coordinator --hold 20 --grace 5 --down 0.5 --ready-port 8081',
    {
      command: 'watch',
      coordinator: 'https://coordinator:4433',
      intervalSeconds: 0.5,
      deployment: 'marblerun-coordinator',
      holdSeconds: 20,
      limits: { graceSeconds: 5, downSeconds: 0.5 },
      readyPort: 8081,
    },
  ],
  [
    'backup --list -n mesh --output json',
    { command: 'backup', ...inMesh, release: '', list: true, format: 'json' },
  ],
  [
    'restore web -n mesh --copy other --replace -y',
    {
      command: 'restore',
      ...inMesh,
      release: 'web',
      copy: 'other',
      replace: true,
      yes: true,
      format: 'text',
    },
  ],
  [
    'copy-sealed-state --copies 3 --seal-dir /coordinator/data/ --node sgx-1 --coordinator-version v1.9.1 --manifest 91ab --simulation',
    {
      command: 'copy-sealed-state',
      copies: 3,
      sealDir: '/coordinator/data/',
      node: 'sgx-1',
      coordinatorVersion: 'v1.9.1',
      manifestFingerprint: '91ab',
      simulation: true,
    },
  ],
  [
    'put-sealed-state --from=/backups --seal-dir=/data --copy= --put-aside=no',
    { command: 'put-sealed-state', from: '/backups', sealDir: '/data', copy: '', replace: false },
  ],
  [
    'put-sealed-state --from=/backups --seal-dir=/data --copy=other --put-aside=yes',
    { command: 'put-sealed-state', from: '/backups', sealDir: '/data', copy: 'other', replace: true },
  ],
  [
    'status',
    {
      command: 'status',
      release: '',
      namespace: undefined,
      context: undefined,
      kubeconfig: undefined,
      coordinator: undefined,
      watch: false,
      intervalSeconds: 5,
      format: 'text',
    },
  ],
  [
    'status mesh -w -n shop --context prod --kubeconfig ./config --coordinator https://c --output json --interval 2',
    {
      command: 'status',
      release: 'mesh',
      namespace: 'shop',
      context: 'prod',
      kubeconfig: './config',
      coordinator: 'https://c',
      watch: true,
      intervalSeconds: 2,
      format: 'json',
    },
  ],
  [
    'check-manifest new.yaml',
    {
      command: 'check-manifest',
      file: 'new.yaml',
      current: undefined,
      fromCoordinator: false,
      namespace: undefined,
      context: undefined,
      kubeconfig: undefined,
      coordinatorVersion: '',
      format: 'text',
    },
  ],
  [
    'check-manifest - --current old.json --coordinator-version 1.8.0 --output json',
    {
      command: 'check-manifest',
      file: '-',
      current: 'old.json',
      fromCoordinator: false,
      namespace: undefined,
      context: undefined,
      kubeconfig: undefined,
      coordinatorVersion: '1.8.0',
      format: 'json',
    },
  ],
  [
    'check-manifest new.yaml --from-coordinator -n mesh',
    {
      command: 'check-manifest',
      file: 'new.yaml',
      current: undefined,
      fromCoordinator: true,
      namespace: 'mesh',
      context: undefined,
      kubeconfig: undefined,
      coordinatorVersion: '',
      format: 'text',
    },
  ],
];

const plans: [string, 'help' | 'plan'][] = [
  ['plan --help', 'help'],
  ['plan web ./chart -h', 'help'],
  ['plan web ./chart --set a=b --reuse-values', 'plan'],
];

const refused: [string, RegExp][] = [
  ['check-manifest', /^check-manifest needs a Manifest: a file, or - for standard input$/],
  ['check-manifest a.yaml b.yaml c.yaml', /^unexpected argument "b.yaml c.yaml"$/],
  ['check-manifest a.yaml --current b.yaml --from-coordinator', /give one of them$/],
  ['check-manifest - --current -', /^standard input can be one of the two Manifests only$/],
  ['check-manifest a.yaml --coordinator-version latest', /must be one such as v1\.9\.1, not "latest"$/],
  ['plan web', /^plan needs the release and the chart/],
  ['preflight', /^--config is missing$/],
  ['rollout --config=', /^--config is missing$/],
  ['watch', /^--coordinator is missing$/],
  ['status mesh other', /^unexpected argument "other"$/],
  ['--output json', /^no command given: it comes before its options, and "--output" stands in its place$/],
  ['upgrade --config /hooks', /^unknown command "upgrade"; see --help for those there are$/],
  ['stauts', /^unknown command "stauts"; did you mean status\?$/],
  ['help stauts', /^unknown command "stauts"; did you mean status\?$/],
  ['help status plan', /^unexpected argument "plan"$/],
  ['preflight rollout now --config /hooks', /^unexpected argument "rollout now"$/],
  ['status --grace 5', /^status has no option --grace$/],
  ['status --contxt prod', /^status has no option --contxt; did you mean --context\?$/],
  ['status -x', /^status has no option -x$/],
  ['status --namespace=', /^--namespace is empty: give a value, or leave it out$/],
  ['status --namespace', /^--namespace needs a value$/],
  ['status --namespace --watch', /--namespace.* is ambiguous/],
  ['status --watch=yes', /^--watch takes no value$/],
  ['preflight --config /hooks --output yaml', /^--output must be text or json, not "yaml"$/],
  ['watch --coordinator https://c --interval 0', /^--interval must be a number of seconds above 0, not "0"$/],
  ['watch --coordinator https://c --interval=-1', /above 0, not "-1"$/],
  ['watch --coordinator https://c --hold 0', /^--hold must be a number of seconds above 0, not "0"$/],
  ['watch --coordinator https://c --interval soon', /not "soon"$/],
  ['watch --coordinator https://c --interval Infinity', /not "Infinity"$/],
  ['preflight --config /hooks --force', /--force/],
  ['copy-sealed-state --copies 3 --coordinator-version v1', /^--seal-dir is missing$/],
  [
    'copy-sealed-state --seal-dir /data --coordinator-version v1 --copies 0',
    /^--copies must be a whole number above 0/,
  ],
  ['copy-sealed-state --seal-dir /data --coordinator-version v1', /^--copies is missing$/],
  ['put-sealed-state --seal-dir /data', /^--from is missing$/],
  [
    'put-sealed-state --from /backups --seal-dir /data --put-aside=',
    /^--put-aside must be yes or no, not ""$/,
  ],
];

describe('readCommandLine', () => {
  for (const [line, invocation] of accepted) {
    it(`understands "${line}"`, () => {
      expect(readCommandLine(words(line)).asked).to.deep.equal(invocation);
    });
  }

  for (const [line, command] of plans) {
    it(`takes "${line}" for ${command}`, () => {
      expect(readCommandLine(words(line)).asked.command).to.equal(command);
    });
  }

  for (const [line, message] of refused) {
    it(`refuses "${line}" and names what is wrong`, () => {
      expect(() => readCommandLine(words(line))).to.throw(SettingsError, message);
    });
  }
});

function words(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}
