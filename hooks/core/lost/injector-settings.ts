import { injectorName, injectorWebhook, startsInjector } from '../injector.ts';
import type { Deployment, MutatingWebhookConfiguration } from '../objects.ts';
import type { Settings } from '../settings.ts';
import type { Reading } from './live-deployment.ts';
import { imagePath } from './old-keys.ts';
import { isBelow, isNothing, valueAt, type Path, type Tree } from './tree.ts';

const at = (key: string): Path => ['marbleInjector', key];

/**
 * The values that an injector was rendered from, as far as its objects tell: the same for this chart's and for upstream's
 * (MarbleRun, charts/templates/marble-injector.yaml). One that belongs to another release is not touched by this one.
 */
export function readInjector(
  injector: Deployment | undefined,
  webhook: MutatingWebhookConfiguration | undefined,
  { release, values }: Settings,
): Reading {
  const owner = injector?.metadata.annotations?.['meta.helm.sh/release-name'];
  if (injector === undefined || owner !== release.name) return [];
  const reading: Reading = [
    [at('start'), true],
    [at('replicas'), injector.spec.replicas],
    ...readContainer(injector),
    ...(webhook === undefined ? [] : readWebhook(webhook, values)),
  ];
  // What a chart left out, such as what it has no value for, nobody has set.
  return reading.filter(([, value]) => value !== undefined);
}

function readContainer({ spec }: Deployment): Reading {
  const container = spec.template.spec.containers.find(({ name }) => name === injectorName);
  if (container === undefined) return [];
  const { image = '', imagePullPolicy, args = [], env = [] } = container;
  const path = imagePath(image.replace(/@.*$/, '').replace(/:[^:/]*$/, ''));
  const resourceKey = args
    .map((arg) => /^--?sgxResource=(.*)$/.exec(arg)?.[1])
    .find((key) => key !== undefined);
  return [
    [at('repository'), path.repository],
    [at('image'), path.image],
    [at('pullPolicy'), imagePullPolicy],
    [at('resourceKey'), resourceKey],
    [at('httpErrorLogLevel'), env.find(({ name }) => name === 'EDG_HTTP_ERROR_LOG_LEVEL')?.value],
  ];
}

/** Where cert-manager fills in the authority, nobody has set it. */
function readWebhook({ metadata, webhooks = [] }: MutatingWebhookConfiguration, values: Tree): Reading {
  const [only] = webhooks;
  const certManager = metadata.annotations?.['cert-manager.io/inject-ca-from'] !== undefined;
  return [
    [at('useCertManager'), certManager],
    [at('CABundle'), certManager ? '' : only?.clientConfig?.caBundle],
    [at('namespaceSelector'), only?.namespaceSelector],
    ...readObjectSelector(only?.objectSelector, values),
  ];
}

/**
 * Without what this chart adds to each, so that none of its own pods is selected. An empty one, which selects every pod, is
 * none to go back to: the injector refuses pods that are no Marbles.
 */
function readObjectSelector(selector: Tree | undefined, values: Tree): Reading {
  const added = valueAt(values, ['global', 'coordinatorComponentLabel']);
  const { matchExpressions = [] } = (selector ?? {}) as { matchExpressions?: { key: string }[] };
  const chosen = { ...selector, matchExpressions: matchExpressions.filter(({ key }) => key !== added) };
  return isNothing(chosen) ? [] : [[at('objectSelector'), chosen]];
}

/**
 * Whether a setting of the injector is not missed: it had none, or its certificate comes from elsewhere now, which leaves the
 * other way to get one without use.
 */
export function isOfNoUse(path: Path, before: Tree, after: Tree): boolean {
  if (!isBelow(path, ['marbleInjector'])) return false;
  if (!startsInjector(before)) return true;
  const other = { CABundle: 'useCertManager', useCertManager: 'CABundle' }[path[1] ?? ''];
  return other !== undefined && !isNothing(valueAt(after, at(other)));
}

/** The flag that keeps the authority of the webhook. It is long, and the cluster has it. */
export function authorityFlag(namespace: string): string {
  const path = "jsonpath='{.webhooks[0].clientConfig.caBundle}'";
  return `--set marbleInjector.CABundle="$(kubectl get mutatingwebhookconfiguration ${injectorWebhook(namespace)} -o ${path})"`;
}
