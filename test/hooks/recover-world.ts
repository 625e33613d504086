import { generateKeyPairSync } from 'node:crypto';
import type { RecoverTools, Vouched } from '../../hooks/commands/recover.ts';
import type { Given } from '../../hooks/core/recovery/uploadable.ts';
import type { Report } from '../../hooks/core/report.ts';
import type { CoordinatorFacts } from '../../hooks/core/states.ts';
import { paths } from '../../hooks/io/paths.ts';
import type { RecoveryApi, RecoveryUpload, UploadAnswer } from '../../hooks/io/recovery-api.ts';
import { coordinator, image, namespace, record } from './builders.ts';
import { encryptedFor, party } from './core/recovery/parties.ts';
import { look } from './look.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import { coordinatorPodSpec } from './pod-spec.ts';

/** Of whom two recover the Coordinator. */
export const [alice, bob, carol] = [party('alice'), party('bob'), party('carol')] as const;
export const parties = [alice, bob, carol];
const digests = Object.fromEntries(parties.map(({ name, key }) => [name, key.digest]));
/** What each of them has. */
export const share = Buffer.alloc(33, 4);
/** The Coordinator's. */
export const ephemeral = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Tools for `recover`, and what was done with them. */
export interface World {
  tools: RecoverTools;
  cluster: MemoryCluster;
  uploads: RecoveryUpload[];
  steps: string[];
  progress: string[];
  results: string[];
  /** What was done, where it was stopped. */
  stopped: string[];
  said: string[];
  helmRuns: string[][];
  report(): Report;
}

export interface WorldOptions {
  given?: Partial<Given>;
  /** How many secrets it takes. */
  threshold?: number;
  vouched?: (api: RecoveryApi) => Vouched;
  refuse?: (index: number) => string | undefined;
  recovered?: CoordinatorFacts;
  state?: number;
  tools?: Partial<RecoverTools>;
}

/** A Coordinator v1.9.1 in Recovery with three parties, which two secrets recover. */
export function world(options: WorldOptions = {}): World {
  const { threshold = 2, recovered = coordinator(), refuse = () => undefined } = options;
  let answer: CoordinatorFacts = { state: options.state ?? 1 };
  const tools = look(() => answer, { spec: coordinatorPodSpec(`${image}:v1.9.1`) });
  const { cluster } = tools;
  cluster.put(paths.configMap(namespace, 'marblerun-coordinator-record'), {
    metadata: { name: 'marblerun-coordinator-record' },
    data: {
      'record.json': JSON.stringify(
        record((object) => (object.recoveryKeys = { parties: 3, threshold, digests })),
      ),
    },
  });
  let taken = 0;
  const made: World = {
    ...{ cluster, uploads: [], steps: [], progress: [], results: [], stopped: [], said: [], helmRuns: [] },
    tools: undefined as never,
    report: () => JSON.parse(made.results.at(-1) ?? '') as Report,
  };
  const api: RecoveryApi = {
    ephemeralKey: () => Promise.resolve(ephemeral.publicKey),
    upload: (upload): Promise<UploadAnswer> => {
      const why = refuse(made.uploads.push(upload));
      if (why !== undefined) return Promise.resolve({ taken: false, why });
      taken++;
      if (taken < threshold) return Promise.resolve({ taken: true, remaining: 3 - taken });
      answer = recovered;
      return Promise.resolve({ taken: true, remaining: 0 });
    },
  };
  const vouched = options.vouched ?? ((api) => ({ ok: true, how: 'enclave', warnings: [], api }));
  made.tools = {
    ...tools,
    given: { secrets: [], keys: [], signatures: [], uploads: [], ...options.given },
    vouch: () => Promise.resolve(vouched(api)),
    rollout: {
      cluster: () => cluster,
      driver: '',
      confirm: undefined,
      always: false,
      helm: (args) => {
        made.helmRuns.push([...args]);
        return Promise.resolve(0);
      },
      say: (line) => void made.said.push(line),
    },
    step: (line) => void made.steps.push(line),
    stopped: (text) => void made.stopped.push(text),
    progress: (line) => void made.progress.push(line),
    result: (text) => void made.results.push(text),
    format: 'json',
    programVersion: '0.1.0',
    ...options.tools,
  };
  return made;
}

/** What alice and bob give. */
export const two: Partial<Given> = {
  secrets: [encryptedFor(alice, share), encryptedFor(bob, share)],
  keys: [alice.key, bob.key],
};
