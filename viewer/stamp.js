// Writes what the page was built from beside it: a test compares it with the sources, so that nobody forgets to build.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const hash = createHash("sha256");
for (const name of readdirSync("source").sort()) hash.update(name).update(readFileSync(`source/${name}`));
for (const name of ["package-lock.json", "vite.config.ts"]) hash.update(name).update(readFileSync(name));
writeFileSync("src/main/resources/dev/nstm/viewer/page/source.txt", hash.digest("hex") + "\n");
