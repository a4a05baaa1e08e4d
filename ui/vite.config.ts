import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte()],
  build: {
    // The real page is `dist`; the page with the stand-in (`--mode fake`) must never be mistaken for it.
    outDir: mode === 'fake' ? 'dist-fake' : 'dist',
    target: ['safari15', 'chrome109'],
    // The CSP knows no `data:`, and the polyfill for module preloading calls fetch.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: {
      input: ['index.html', 'overlay.html'],
      // Svelte's runtime keeps a few warnings; nothing of ours may write to a log that others can read.
      output: { minify: { compress: { dropConsole: true }, mangle: true, codegen: { removeWhitespace: true } } },
    },
  },
  test: { include: ['src/**/*.test.ts'] },
}));
