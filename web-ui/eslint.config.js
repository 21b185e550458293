import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['.svelte-kit/', 'build/', 'node_modules/', 'src/lib/api/schema.d.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      // TypeScript knows the names; the rule does not.
      'no-undef': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // One place talks to the network: `src/lib/api`.
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Use $lib/api.' }],
      'max-lines': ['error', { max: 500 }],
      // State here is replaced whole (`$state.raw`), so that a reader never sees half a change.
      'svelte/prefer-svelte-reactivity': 'off',
      // The pages always sit at the root of the hub, which serves nothing else on its port.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['src/lib/api/http.ts', 'src/service-worker.ts', 'dev/**'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig } },
  },
);
