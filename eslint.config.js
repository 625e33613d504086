import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** hooks/core decides and never acts: no I/O, no clock, no environment may be reached from it. */
const outsideTheCore = {
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          regex: '^node:(?!crypto$)',
          message: 'hooks/core is pure: gather the fact in hooks/io and pass it in.',
        },
        {
          regex: '^(@kubernetes/|execa$)',
          message: 'hooks/core is pure: gather the fact in hooks/io and pass it in.',
        },
        { regex: '/(io|commands)/', message: 'hooks/core does not know who calls it.' },
      ],
    },
  ],
  'no-restricted-globals': [
    'error',
    ...['process', 'console', 'fetch', 'setTimeout', 'setInterval', 'Date', 'performance'].map((name) => ({
      name,
      message: 'hooks/core is pure: pass the value in.',
    })),
  ],
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'hooks/core/values/generated/'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      complexity: ['error', 15],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  { files: ['hooks/core/**'], rules: outsideTheCore },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
);
