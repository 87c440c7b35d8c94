// SPDX-License-Identifier: Apache-2.0
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

export default defineConfig({
  // The data never change while the page is open.
  plugins: [svelte({ onwarn: (warning, say) => warning.code === 'state_referenced_locally' || say(warning) }), viteSingleFile({ removeViteModuleLoader: true })],
  build: { target: 'es2020', chunkSizeWarningLimit: 2000, reportCompressedSize: false },
});
