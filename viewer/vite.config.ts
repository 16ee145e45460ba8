import { defineConfig } from "vite";

// One folder of files without hashes in their names: they are committed, and the server tells browsers to keep none.
export default defineConfig({
  root: "source",
  base: "./",
  resolve: {
    alias: Object.fromEntries(["blosc", "zstd", "lz4"].map((codec) => [`numcodecs/${codec}`, "/absent.ts"])),
  },
  build: {
    target: "es2022",
    outDir: "../src/main/resources/dev/nstm/viewer/page",
    emptyOutDir: true,
    modulePreload: false,
    rollupOptions: {
      output: { entryFileNames: "app.js", chunkFileNames: "part-[name].js", assetFileNames: "app[extname]" },
    },
  },
});
