import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { minVersion } from 'semver';
import { chartFile, chartFolder } from '../../release/chart.ts';
import { kubernetesVersions } from '../lab/programs.ts';

const minor = (version: string): string => /^v?(\d+\.\d+)\./.exec(version)?.[1] ?? '';

describe("The chart's README", () => {
  it('names the oldest Kubernetes that Chart.yaml allows, and those that the tests run on', async () => {
    const oldest = minor(minVersion((await chartFile()).kubeVersion)?.version ?? '');
    const tested = kubernetesVersions.map(minor).join(' and ');
    expect(readFileSync(join(chartFolder, 'README.md'), 'utf8')).to.contain(
      `Kubernetes has to be ${oldest} or newer; the tests run on ${tested}.`,
    );
  });
});
