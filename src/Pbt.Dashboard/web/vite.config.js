import { defineConfig } from 'vite';

// One script and one style with fixed names, beside index.html: pbt embeds the three, and puts them into one file for a report.
export default defineConfig({
  base: './',
  build: {
    outDir: process.env.PBT_PAGE_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      output: {
        inlineDynamicImports: true,
        entryFileNames: 'page.js',
        assetFileNames: 'page.[ext]',
      },
    },
  },
});
