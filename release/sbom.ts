import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { root } from './bundle.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component } & Readonly<Record<string, unknown>>;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * Lists in CycloneDX what the hook program was bundled from. npm knows every package of the lock file, most of which only
 * build and test; the bundler knows which of them went in.
 */
export async function sbomOf(sources: readonly string[], version: string, date: Date): Promise<string> {
  const { stdout } = await execa('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], {
    cwd: root,
  });
  const bom = JSON.parse(stdout) as Bom;
  const inside = packagesOf(sources);
  const components = bom.components.filter(({ name }) => inside.has(name)).map(shipped);
  const missing = [...inside].filter((name) => !components.some((component) => component.name === name));
  if (missing.length > 0) throw new Error(`package-lock.json does not know ${missing.join(', ')}`);
  const own = { ...bom.metadata.component, type: 'application', name: 'marblerun-hooks', version };
  const refs = new Set([own['bom-ref'], ...components.map((component) => component['bom-ref'])]);
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  const metadata = { ...bom.metadata, timestamp: date.toISOString(), component: own };
  const content = { ...bom, metadata, components, dependencies };
  return `${JSON.stringify({ ...content, serialNumber: serialOf({ components, version }) }, undefined, 2)}\n`;
}

/** What only development needs for npm is what the bundle ships. */
function shipped(component: Component): Component {
  const properties = component.properties?.filter(({ name }) => name !== 'cdx:npm:package:development') ?? [];
  return { ...component, scope: 'required', properties };
}

/** The names of the npm packages that source files belong to. */
export function packagesOf(sources: readonly string[]): Set<string> {
  const names = sources.flatMap((source) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? [];
    return name === undefined ? [] : [name];
  });
  return new Set(names);
}

/** A serial number that is the same for the same content, where npm draws a random one. */
function serialOf(content: object): string {
  const hex = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const [a, b, c, d, e] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(13, 16),
    hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `urn:uuid:${a}-${b}-8${c}-8${d}-${e}`;
}
