import type { Lab } from '../lab/lab.ts';

/** The same lab, in which Helm and whatever else is run has these variables. */
export function withEnvironment(lab: Lab, env: Readonly<Record<string, string>>): Lab {
  const exec: Lab['exec'] = async (file, args, options) =>
    await lab.exec(file, args, { ...options, env: { ...env, ...options?.env } });
  return {
    ...lab,
    exec,
    helm: async (version, args, options) =>
      await exec(version === 4 ? 'helm' : 'helm3', args, { ...options, reject: false }),
  };
}
