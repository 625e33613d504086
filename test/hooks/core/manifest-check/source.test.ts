import { expect } from 'chai';
import { readSource, type Value } from '../../../../hooks/core/manifest-check/source.ts';

function rootOf(text: string): Value {
  const source = readSource(text);
  if ('problems' in source) throw new Error(source.problems.map(({ message }) => message).join());
  return source.root;
}

/** A value as JSON, without its places; a number as its text in brackets. */
function plain(value: Value): unknown {
  switch (value.kind) {
    case 'map':
      return Object.fromEntries(value.entries.map(({ key, value: inner }) => [key, plain(inner)]));
    case 'list':
      return value.items.map(plain);
    case 'number':
      return [value.text];
    case 'boolean':
      return value.is;
    case 'null':
      return null;
    default:
      return value.text;
  }
}

describe('readSource', () => {
  it('says where keys and values stand in JSON', () => {
    const root = rootOf('{\n  "Config": {"SealMode": "x"},\n\t"TLS": null\n}');
    if (root.kind !== 'map') throw new Error('no map');
    const [config, tls] = root.entries;
    expect(config).to.include({ key: 'Config', line: 2, column: 3 });
    expect(tls).to.include({ key: 'TLS', line: 3, column: 2 });
    if (config?.value.kind !== 'map') throw new Error('no map');
    expect(config.value.entries[0]?.value).to.include({ text: 'x', line: 2, column: 26 });
  });

  it('says where keys and values stand in YAML', () => {
    const root = rootOf('# about\nConfig:\n  SealMode: x\n');
    if (root.kind !== 'map') throw new Error('no map');
    const [config] = root.entries;
    expect(config).to.include({ key: 'Config', line: 2, column: 1 });
    if (config?.value.kind !== 'map') throw new Error('no map');
    expect(config.value.entries[0]?.value).to.include({ text: 'x', line: 3, column: 13 });
  });

  it('keeps numbers of JSON as they are written, and both of two equal keys', () => {
    const root = rootOf('{"a": 1.0, "b": 1e3, "a": -0, "c": 18446744073709551615}');
    if (root.kind !== 'map') throw new Error('no map');
    const numbers = root.entries.map(
      ({ key, value }) => `${key} ${value.kind === 'number' ? value.text : ''}`,
    );
    expect(numbers).to.deep.equal(['a 1.0', 'b 1e3', 'a -0', 'c 18446744073709551615']);
  });

  const yaml: [string, string, unknown][] = [
    ['yes and no as YAML 1.1 does', 'a: yes\nb: no\nc: on', { a: true, b: false, c: true }],
    ['numbers in other bases', 'a: 0x1F\nb: 0755', { a: ['31'], b: ['493'] }],
    ['times of day as texts', 'a: 10:30\nb: 2040-01-01', { a: '10:30', b: '2040-01-01' }],
    ['keys that are no texts', '8080: a\ntrue: b', { '8080': 'a', true: 'b' }],
    [
      'aliases and merged maps',
      'a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2',
      {
        a: { b: ['1'] },
        c: { b: ['1'] },
        d: { b: ['1'], e: ['2'] },
      },
    ],
    ['blocks of text', 'a: |\n  one\n  two\n', { a: 'one\ntwo\n' }],
    ['nothing', 'a:\nb: ~', { a: null, b: null }],
    ['an empty file', '', null],
  ];
  for (const [title, text, expected] of yaml) {
    it(`reads ${title}`, () => {
      expect(plain(rootOf(text))).to.deep.equal(expected);
    });
  }

  const json: [string, string][] = [
    ['escapes', String.raw`{"a":"\u00e9\ud83d\ude00\/\n\t\"\\"}`],
    ['tabs and line ends of Windows', '{\r\n\t"a"\t:\r\n\t[\t]\r\n}\r\n'],
    ['long texts and keys', JSON.stringify({ ['k'.repeat(2000)]: 'v'.repeat(5000) })],
    ['signs that YAML has a meaning for', '{"a":"- # & * ! | > %","? b":"@`","---":"..."}'],
    ['maps without spaces', '{"a":{"b":["c",{"d":"e"}]},"f":true,"g":null}'],
  ];
  for (const [title, text] of json) {
    it(`reads ${title} in JSON as JSON does`, () => {
      expect(plain(rootOf(text))).to.deep.equal(JSON.parse(text));
    });
  }

  const refused: [string, string, object][] = [
    ['a key that stands twice in YAML', 'a: 1\nb: 2\na: 3', { code: 'duplicate-key', line: 3, column: 1 }],
    ['what is neither JSON nor YAML', 'a: [1\nb: 2', { code: 'not-readable', line: 2 }],
    ['a map as a key', '? {a: 1}\n: 2', { code: 'not-readable' }],
    ['infinity', 'a: .inf', { code: 'not-readable' }],
  ];
  for (const [title, text, problem] of refused) {
    it(`refuses ${title}`, () => {
      const source = readSource(text);
      expect('problems' in source && source.problems[0]).to.include({ severity: 'block', ...problem });
    });
  }
});
