import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { checkManifest } from '../../../../hooks/core/manifest-check/check.ts';
import { manifestSchema, manifestSchemaFile } from '../../../../schemas/manifest-schema.ts';
import { cases, type Case } from '../../../manifest/corpus.ts';

const text = readFileSync(manifestSchemaFile, 'utf8');
const ajv = new Ajv({ allErrors: true });
const fits = ajv.compile(JSON.parse(text) as object);
const corpus = ['shape.yaml', 'sections.yaml', 'secrets.yaml'].flatMap(cases);

/** Where the schema wants what people write, and the Coordinator takes more: other cases of words, null, bytes as numbers. */
const takenAllTheSame =
  /lower case|any case|BASE64|null|long s|list of numbers|no base64|reads a shared|two users meet|TCB status/;

/** What JSON schema does not see: how a number is written, what is in a text, and the first of two keys. */
const notSeen =
  /action of another|fraction|exponent|too large|null in|text in the place|bytes that|date as|day that|256$|IP address|no base64|stands twice/;

/** Mistakes of types and words, which a schema is for. */
const marked = [
  'wrong-type',
  'secret-type-unknown',
  'role-type-unknown',
  'role-action-unknown',
  'seal-mode',
  'feature-gate-unknown',
];

function knows({ text }: Case): boolean {
  return !checkManifest(text, 'v1.9.1').findings.some(({ code }) => code === 'unknown-key');
}

describe('manifest.schema.json', () => {
  it('is in step with the keys that the rules know', async () => {
    expect(text, 'run npm run generate').to.equal(await manifestSchema());
  });

  for (const each of corpus.filter(
    ({ refused, title }) => refused === undefined && !takenAllTheSame.test(title),
  )) {
    it(`${knows(each) ? 'has nothing against' : 'marks'} ${each.title}`, () => {
      const fine = fits(JSON.parse(each.text));
      expect(fine, ajv.errorsText(fits.errors)).to.equal(knows(each));
    });
  }

  for (const { title, text } of corpus.filter(
    ({ refused = '', title }) => marked.includes(refused) && !notSeen.test(title),
  )) {
    it(`marks ${title}`, () => {
      expect(fits(JSON.parse(text))).to.equal(false);
    });
  }

  it('takes an update of Packages alone', () => {
    expect(fits({ Packages: { backend: { SecurityVersion: 3 } } })).to.equal(true);
  });
});
