import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { changesBetween } from '../../../../hooks/core/status-view/changes.ts';
import { viewOf, type StatusView } from '../../../../hooks/core/status-view/view.ts';
import type { StatusFacts } from '../../../../hooks/core/status-view/facts.ts';
import { sealingSpec } from '../../backups.ts';
import {
  anchorPod,
  coordinator,
  intermediateCertificate,
  manifestFingerprint,
  otherCertificate,
  pod,
  rootCertificate,
  type Change,
} from '../../builders.ts';
import { answering, linesOf, marbleWorkload, recordNow, seenCopy, statusFacts } from '../../status-facts.ts';

const view = (change: Change<StatusFacts> = () => undefined): StatusView =>
  viewOf(statusFacts(change), '0.1.0');
const section = (title: string, change?: Change<StatusFacts>): string[] => {
  const found = view(change).sections.find((each) => each.title === title);
  return found === undefined ? [] : linesOf(found);
};

describe('The view of status', () => {
  it('shows each pod with node, state and restarts', () => {
    const restarted = pod(({ status }) => {
      const [container] = status?.containerStatuses ?? [];
      if (container !== undefined) container.restartCount = 2;
    });
    const lines = section('Coordinator', (facts) => {
      facts.pods = known([restarted, pod()]);
      facts.answers = [known({ pod: restarted, coordinator: coordinator() }), unknown('no answer')];
    });
    expect(lines).to.include.members([
      'plain Release: mesh in marblerun',
      'plain Version: v1.9.1',
      'good deployment/marblerun-coordinator: 1 of 1 pods are available',
      'good pod/marblerun-coordinator-7c9f8d6b5-x2x4q: on sgx-1, state 3 AcceptingMarbles, 2 restarts of its containers',
      'unknown pod/marblerun-coordinator-7c9f8d6b5-x2x4q: on sgx-1; state not known: no answer',
    ]);
  });

  it('shows what makes the mesh what it is', () => {
    expect(section('Mesh')).to.deep.equal([
      `plain Manifest: ${manifestFingerprint}`,
      `plain Root certificate: ${rootCertificate}`,
      `plain Intermediate certificate: ${intermediateCertificate}`,
      'plain Seal mode: ProductKey',
      'plain Recovery: takes all 2 parties: alice, bob',
    ]);
  });

  it('shows an update that waits, and a Manifest that nobody can recover', () => {
    const answer = coordinator((it) => {
      it.pendingUpdate = known({ missingUsers: ['bob'] });
      if (it.manifest !== undefined) it.manifest.recoveryKeys = [];
    });
    const lines = section('Mesh', answering(answer));
    expect(lines).to.include('bad Waiting update: not acknowledged yet by bob');
    expect(lines.at(-1)).to.match(/^bad Recovery: The Manifest has no RecoveryKeys/);
  });

  it('shows in state 1 what the record knows, and how many parties are missing', () => {
    const lines = section('Mesh', (facts) => {
      answering({ state: 1 })(facts);
      facts.uploads = known(1);
    });
    expect(lines[0]).to.equal(`plain Manifest: ${manifestFingerprint} by the record`);
    expect(lines.at(-1)).to.equal('bad Recovery: all 2 parties are needed, 1 is missing');
  });

  it('says in words what differs from the record', () => {
    const lines = section('Record', (facts) => {
      facts.record = known(
        recordNow((it) => {
          it.coordinator = { version: 'v1.7.0', image: 'old:v1.7.0', node: 'sgx-2' };
          it.intermediateCertificate = otherCertificate;
        }),
      );
    });
    expect(lines.slice(1).map((line) => line.replace(/ghcr\S+/, 'IMAGE'))).to.deep.equal([
      'bad Differs: the Coordinator was on sgx-2 and is on sgx-1',
      'bad Differs: the version was v1.7.0 and is v1.9.1',
      'bad Differs: the image was old:v1.7.0 and is IMAGE',
      'bad Differs: the intermediate certificate was e07a93b4e07a and is 2b6c88d12b6c',
    ]);
    expect(section('Record').at(-1)).to.equal('good Compared: what runs is what the last rollout saw');
    expect(section('Record', (facts) => (facts.record = unknown('it is forbidden')))).to.deep.equal([
      'unknown Record: not known: it is forbidden',
    ]);
  });

  it('shows how many copies of the state there are, the newest, and how it is put back', () => {
    const copies = (change?: Change<StatusFacts>): string[] => section('Copies of the sealed state', change);
    expect(copies((facts) => (facts.copies = known([2, 3, 1].map(seenCopy))))).to.deep.equal([
      'plain Copies: 3',
      'plain Newest: 2026-10-03T09:30:00.000Z, Coordinator v1.8.0, sealed on sgx-1, in secret/marblerun-coordinator-backup-3',
      'plain To put it back: marblerun-hooks restore mesh -n marblerun',
    ]);
    const bare = { ...seenCopy(1), time: '', coordinatorVersion: '', node: '' };
    expect(copies((facts) => (facts.copies = known([bare])))[1]).to.equal(
      'plain Newest: secret/marblerun-coordinator-backup-1',
    );
    expect(copies((facts) => (facts.copies = unknown('it is forbidden')))).to.deep.equal([
      'unknown Copies: not known: it is forbidden',
    ]);
    expect(copies()).to.have.lengthOf(1);
    expect(copies()[0]).to.match(/^plain Copies: none: .*only what is on a volume is copied$/);
    const sealing = (facts: StatusFacts) => (facts.deployment.spec.template.spec = sealingSpec());
    expect(copies(sealing)).to.deep.equal([
      'plain Copies: none: the next upgrade of a mesh makes one, or marblerun-hooks backup',
    ]);
  });

  it('shows the anchor, whether it is Ready and beside the Coordinator', () => {
    const name = 'deployment/marblerun-coordinator-anchor';
    const anchored = (change: Change<ReturnType<typeof anchorPod>>): string[] =>
      section('Anchor', ({ anchor }) => {
        if (anchor.known && anchor.value !== undefined) anchor.value.pods = [anchorPod(change)];
      });
    expect(section('Anchor')).to.deep.equal([`good ${name}: Ready on sgx-1`]);
    expect(anchored(({ spec }) => (spec.nodeName = 'sgx-2'))[0]).to.contain(
      'Ready on sgx-2, not beside the Coordinator',
    );
    expect(anchored((it) => delete it.status?.conditions)[0]).to.match(/^bad .* not Ready on sgx-1: /);
    expect(section('Anchor', (facts) => (facts.anchor = known(undefined)))[0]).to.match(
      /^plain Anchor: none/,
    );
  });

  it('shows of each workload whether it is up to date, and which would restart', () => {
    const lines = section('Marbles', (facts) => {
      const template = (key: string) =>
        marbleWorkload('old', ({ spec }) => {
          spec.template.metadata = {
            ...spec.template.metadata,
            annotations: { 'marblerun-hooks/started-under': key },
          };
        });
      const off = marbleWorkload('off', ({ metadata, spec }) => {
        metadata.annotations = { 'marblerun-hooks/restart': 'never' };
        spec.template.metadata = {
          ...spec.template.metadata,
          annotations: { 'marblerun-hooks/started-under': '0' },
        };
      });
      facts.marbles = {
        workloads: [marbleWorkload('web'), template('0'), off],
        loose: [{ subject: 'pod/solo in shop', why: 'nothing controls the pod' }],
        unknown: ['rollouts is forbidden'],
      };
    });
    expect(lines).to.deep.equal([
      'good deployment/web in shop: up to date; 2 of 2 pods are available',
      'bad deployment/old in shop: would restart: it started under other conditions (rollout.nonce, or an earlier Coordinator); 2 of 2 pods are available',
      'plain deployment/off in shop: left alone: it started under other conditions (rollout.nonce, or an earlier Coordinator), but its annotation marblerun-hooks/restart is never; 2 of 2 pods are available',
      'plain pod/solo in shop: no rollout restarts it: nothing controls the pod',
      'unknown Others: not known: rollouts is forbidden',
    ]);
  });

  it('takes the settings of the rollout from the record', () => {
    const lines = section('Marbles', (facts) => {
      facts.record = known(
        recordNow((it) => {
          it.values = { rollout: { nonce: 'again' } };
        }),
      );
    });
    expect(lines[0]).to.contain('would restart');
  });

  it('judges no Marble while the Coordinator accepts none', () => {
    expect(section('Marbles', answering({ state: 1 }))[0]).to.equal(
      'plain deployment/web in shop: 2 of 2 pods are available',
    );
  });

  it('shows a detached roll and the rollout hook while they run, and no section where there is none', () => {
    const job = { metadata: { name: 'job' } };
    const running: Change<StatusFacts> = (facts) => (facts.rollouts = known({ hook: job, roll: job }));
    expect(section('Rollout hook', running)).to.deep.equal([
      'plain job/marblerun-coordinator-rollout: is running; 2 of 2 workloads are up to date',
    ]);
    expect(section('Detached roll', running)).to.deep.equal([
      'plain job/marblerun-coordinator-roll: is running; 2 of 2 workloads are up to date',
    ]);
    expect(section('Rollout hook')).to.deep.equal([]);
    expect(section('Detached roll')).to.deep.equal([]);
  });
});

describe('What is new between two looks', () => {
  it('is one line for each row that changed, came or went', () => {
    const lines = changesBetween(
      view(),
      view((facts) => {
        answering({ state: 1 })(facts);
        facts.marbles.workloads.pop();
      }),
    );
    expect(lines[0]).to.match(/^The Coordinator needs recovery/);
    expect(lines).to.include('Marbles, deployment/web in shop: 2 of 2 pods are available');
    expect(lines).to.include('Marbles, deployment/api in shop: gone');
    expect(lines.some((line) => line.startsWith('Coordinator, Release'))).to.equal(false);
  });

  it('is a copy that was made', () => {
    const [two, three] = [
      [1, 2],
      [1, 2, 3],
    ].map((days) => view((facts) => (facts.copies = known(days.map(seenCopy)))));
    expect(changesBetween(two ?? view(), three ?? view())).to.deep.equal([
      'Copies of the sealed state, Copies: 3',
      'Copies of the sealed state, Newest: 2026-10-03T09:30:00.000Z, Coordinator v1.8.0, sealed on sgx-1, in secret/marblerun-coordinator-backup-3',
    ]);
  });

  it('is nothing where nothing is', () => {
    expect(changesBetween(view(), view())).to.deep.equal([]);
  });
});
