import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { makeGround } from "./ground.mjs";

makeGround();

// Built beside the Python that serves it; `make web` runs this.
export default defineConfig({
  plugins: [svelte()],
  worker: { format: "es" },
  build: {
    outDir: "../src/karvan/interfaces/web",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/v1": "http://127.0.0.1:8000" } },
});
