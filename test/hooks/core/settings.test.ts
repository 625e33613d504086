import { expect } from 'chai';
import { parseSettings, SettingsError } from '../../../hooks/core/settings.ts';
import { settings } from '../builders.ts';

/** Dotted path, a value that does not fit, what the message says of it. */
const wrong: [string, unknown, string][] = [
  ['release.name', 7, 'release.name must be a string'],
  ['release.revision', '7', 'release.revision must be a number'],
  ['coordinator.simulation', 'true', 'coordinator.simulation must be a boolean'],
  ['coordinator.clientPort', '4433', 'coordinator.clientPort must be a number'],
  ['anchor.deployment', undefined, 'anchor.deployment must be a string'],
  ['placement.stickiness', 'always', 'placement.stickiness must be one of required, preferred, none'],
  ['placement.avoidNodes', 'sgx-1', 'placement.avoidNodes must be a list'],
  ['placement.avoidNodes', [1], 'placement.avoidNodes must be a list'],
  ['placement.groupLabel.key', null, 'placement.groupLabel.key must be a string'],
  ['hooks.acknowledge', {}, 'hooks.acknowledge must be a list'],
  ['hooks.preflight.mode', 'off', 'hooks.preflight.mode must be one of enforce, warn'],
  ['hooks.deadlineSeconds', 0, 'hooks.deadlineSeconds must be a positive number'],
  ['hooks.deadlineSeconds', '200', 'hooks.deadlineSeconds must be a positive number'],
  ['rollout.maxConcurrent', 0, 'rollout.maxConcurrent must be a positive integer'],
  ['rollout.maxConcurrent', 0.5, 'rollout.maxConcurrent must be a positive integer'],
  ['recovery.mode', 'auto', 'recovery.mode must be one of manual, wait'],
  ['rollout.detach', 'yes', 'rollout.detach must be a boolean'],
  ['rollout.detachedDeadlineSeconds', 0, 'rollout.detachedDeadlineSeconds must be a positive number'],
  ['rollout.restart', true, 'rollout.restart must be one of auto, always, never'],
  ['values', [], 'values must be a map'],
  ['values', null, 'values must be a map'],
  ['schemaVersion', 2, 'schemaVersion must be 1'],
  ['schemaVersion', '1', 'schemaVersion must be 1'],
];

describe('parseSettings', () => {
  it('accepts what the chart renders', () => {
    expect(parseSettings(settings())).to.deep.equal(settings());
  });

  it('accepts keys that a newer chart adds', () => {
    expect(() => parseSettings({ ...settings(), later: true })).to.not.throw();
  });

  for (const [path, value, message] of wrong) {
    it(`refuses ${path} as ${shown(value)}`, () => {
      expect(() => parseSettings(withValue(path, value))).to.throw(SettingsError, message);
    });
  }

  it('names every key that is wrong at once', () => {
    expect(() => parseSettings({ schemaVersion: 1, release: { name: 'x' } }))
      .to.throw(SettingsError)
      .with.property('message')
      .that.contains('release.namespace must be a string; release.revision must be a number')
      .and.contains('values must be a map')
      .and.not.contains('release.name must');
  });

  for (const nothing of [undefined, null, 'text', [], 3]) {
    it(`refuses ${shown(nothing)} instead of settings`, () => {
      expect(() => parseSettings(nothing)).to.throw(SettingsError, 'schemaVersion must be 1');
    });
  }
});

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function withValue(path: string, value: unknown): unknown {
  const object = settings() as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((tree, key) => tree[key] as Record<string, unknown>, object);
  parent[last] = value;
  return object;
}
