import { missingKeys, parseEra, readEra, type Era } from '../era.ts';
import { SettingsError } from '../settings.ts';

/**
 * Which enclave is taken for the Coordinator: what MarbleRun's own clients compare (api/attestation/attestation.go at
 * v1.9.1). What is empty or 0 is not compared; either uniqueId, or signerId, productId and securityVersion are given.
 */
export type Expectation = Era;

/** The options of the command line that say which enclave is expected, as they were typed. */
export interface ExpectationFlags {
  'unique-id'?: string | undefined;
  'signer-id'?: string | undefined;
  'product-id'?: string | undefined;
  'security-version'?: string | undefined;
  /** Separated by commas, as in MarbleRun's CLI. */
  'accepted-tcb-statuses'?: string | undefined;
  'accepted-advisories'?: string | undefined;
}

/** Intel's words (MarbleRun v1.9.1: api/api.go, VerifyOptions). UpToDate needs no acceptance. */
const tcbStatuses = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDate',
  'OutOfDateConfigurationNeeded',
  'Revoked',
];

/** MarbleRun's default, of its API as of its CLI. */
const acceptedByDefault = ['UpToDate', 'SWHardeningNeeded'];

/** ProductID and SecurityVersion are 16 bits of an enclave's report, and 0 demands nothing. */
const largestNumber = 0xffff;

/**
 * The enclave that an era file (its text) and options describe; an option wins over the file. undefined where neither says
 * anything. Throws a SettingsError that names everything that is wrong. Unlike MarbleRun, which only warns, it refuses an
 * expectation that enclaves of any signer meet.
 */
export function expectationOf(flags: ExpectationFlags, eraText: string | undefined): Expectation | undefined {
  const given = Object.values(flags).some((value) => value !== undefined);
  if (!given && eraText === undefined) return undefined;
  const { problems: inFile, era } = fromFile(eraText);
  const { problems: inFlags, changes } = fromFlags(flags);
  const merged = { ...era, ...changes };
  const { acceptedTcbStatuses } = merged;
  const expected = {
    ...merged,
    acceptedTcbStatuses: acceptedTcbStatuses.length > 0 ? acceptedTcbStatuses : acceptedByDefault,
  };
  const broken = [...inFile, ...inFlags];
  const problems = broken.length > 0 ? broken : incomplete(expected);
  if (problems.length > 0) {
    throw new SettingsError(`which Coordinator is expected is not clear: ${problems.join('; ')}`);
  }
  return expected;
}

const nothing: Era = {
  uniqueId: '',
  signerId: '',
  productId: 0,
  securityVersion: 0,
  acceptedTcbStatuses: [],
  acceptedAdvisories: [],
};

function fromFile(text: string | undefined): { problems: string[]; era: Era } {
  if (text === undefined) return { problems: [], era: nothing };
  const map = parseEra(text);
  if (typeof map === 'string') return { problems: [`the era file ${map}`], era: nothing };
  const read = readEra(map);
  if ('era' in read) return { problems: [], era: read.era };
  return { problems: [`of the era file, ${read.problem}`], era: nothing };
}

function fromFlags(flags: ExpectationFlags): { problems: string[]; changes: Partial<Era> } {
  const problems: string[] = [];
  const read = <T>(
    name: keyof ExpectationFlags,
    isRight: (text: string) => boolean,
    what: string,
    value: (text: string) => T,
  ): T | undefined => {
    const text = flags[name];
    if (text === undefined) return undefined;
    if (isRight(text)) return value(text);
    problems.push(`--${name} must be ${what}`);
    return undefined;
  };
  const hash = (name: keyof ExpectationFlags) =>
    read(
      name,
      (text) => /^[0-9a-f]{64}$/i.test(text),
      '64 hexadecimal digits',
      (text) => text.toLowerCase(),
    );
  const number = (name: keyof ExpectationFlags) =>
    read(
      name,
      (text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= largestNumber,
      `a whole number from 1 to ${largestNumber}`,
      Number,
    );
  const list = (name: keyof ExpectationFlags) => read(name, () => true, '', listOf);
  const changes = {
    uniqueId: hash('unique-id'),
    signerId: hash('signer-id'),
    productId: number('product-id'),
    securityVersion: number('security-version'),
    acceptedTcbStatuses: list('accepted-tcb-statuses'),
    acceptedAdvisories: list('accepted-advisories'),
  };
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { problems, changes: Object.fromEntries(given) };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function incomplete(expected: Expectation): string[] {
  const { uniqueId, signerId, acceptedTcbStatuses } = expected;
  const missing = missingKeys(expected);
  if (uniqueId === '' && signerId === '') missing.unshift('SignerID');
  const unknown = acceptedTcbStatuses.filter((status) => !tcbStatuses.includes(status));
  return [
    ...(missing.length > 0
      ? [`there is neither a UniqueID nor ${missing.join(' and ')}; give an era file or options`]
      : []),
    ...unknown.map((status) => `"${status}" is no TCB status; there are ${tcbStatuses.join(', ')}`),
  ];
}
