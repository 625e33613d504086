import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SettingsError } from '../../../hooks/core/settings.ts';
import { dryRun, HelmError, runHelm, type DryRun, type HelmOptions } from '../../../hooks/io/helm.ts';
import { rejection } from '../rejection.ts';
import { planRequest } from '../plans.ts';

const manifest = '---\n# Source: chart/a.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n';
const release = { manifest, hooks: [{ manifest: manifest.replace('Secret', 'Job') }] };

describe('Helm', () => {
  let folder: string;
  let progress: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'helm-'));
    progress = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Has a program run in the place of Helm. */
  async function inPlaceOfHelm(script: string, signal = new AbortController().signal): Promise<HelmOptions> {
    const helm = join(folder, 'helm');
    await writeFile(helm, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return {
      environment: { PATH: process.env.PATH, HELM_BIN: helm },
      signal,
      progress: (line) => void progress.push(line),
    };
  }

  async function withHelm(script: string): Promise<DryRun> {
    return await dryRun(planRequest('web ./chart -n shop'), await inPlaceOfHelm(script));
  }

  async function failed(script: string): Promise<HelmError> {
    const error = await rejection(withHelm(script));
    if (error instanceof HelmError) return error;
    throw error;
  }

  it('answers with the objects and the hooks, and asks for a dry run on the server', async () => {
    const { objects, hooks } = await withHelm(
      `echo "$@" > ${folder}/words; echo 'Saving 1 charts'; echo 'WARNING: old flag' >&2; cat <<'END'\n${JSON.stringify(release)}\nEND`,
    );
    expect(objects.map(({ kind }) => kind)).to.deep.equal(['Secret']);
    expect(hooks.map(({ kind }) => kind)).to.deep.equal(['Job']);
    expect(progress).to.deep.equal(['WARNING: old flag']);
  });

  it('fails in the words of Helm', async () => {
    const { message, outside } = await failed("echo 'Error: unknown flag: --foo' >&2; exit 1");
    expect(message).to.equal('Error: unknown flag: --foo');
    expect(outside).to.equal(false);
  });

  it('tells a cluster that does not answer from a mistake', async () => {
    const { outside } = await failed("echo 'Error: kubernetes cluster unreachable: x' >&2; exit 1");
    expect(outside).to.equal(true);
  });

  it('names the version that it needs where Helm prints no release', async () => {
    expect((await failed('echo Done')).message).to.contain('version 3.13 or later');
  });

  it('names HELM_BIN where there is no Helm', async () => {
    const options = {
      environment: { HELM_BIN: join(folder, 'none') },
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    const error = await rejection(dryRun(planRequest('web ./chart'), options));
    expect(error).to.be.instanceOf(SettingsError);
    expect(error.message).to.match(/none" cannot be run \(ENOENT\): .* HELM_BIN$/);
  });

  it('tells each line of a command that runs, and answers how it ended', async () => {
    const script = 'echo "$@"; echo "Error: no such revision" >&2; exit 3';
    expect(await runHelm(['rollback', 'web', '4'], await inPlaceOfHelm(script))).to.equal(3);
    expect(progress).to.have.members(['rollback web 4', 'Error: no such revision']);
  });

  it('stops a command with the signal', async () => {
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort(new Error('stopped by SIGINT'));
    }, 300);
    expect(await runHelm([], await inPlaceOfHelm('exec sleep 60', stop.signal))).not.to.equal(0);
  });

  it('names HELM_BIN where a command has no Helm', async () => {
    const options = { ...(await inPlaceOfHelm('')), environment: { HELM_BIN: join(folder, 'none') } };
    expect(await rejection(runHelm([], options))).to.be.instanceOf(SettingsError);
  });
});
