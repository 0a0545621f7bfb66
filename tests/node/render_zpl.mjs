// Renders ZPL with zpl-renderer-js (an independent printer) for tests/node/rendering.py.
// stdin: JSON [{zpl, width_mm, height_mm, dpmm}]; stdout: JSON, for each job a list of PNGs
// in base64, one a label. One process renders many: starting it costs most.
import { readFileSync, writeSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { createRequire } from "node:module";

// For Node 18: it has no global `crypto`, and takes the package's ES module for CommonJS.
globalThis.crypto ??= webcrypto;
const { ready } = createRequire(import.meta.url)("zpl-renderer-js");
const { api } = await ready;
const jobs = JSON.parse(readFileSync(0, "utf8"));
const answers = [];
for (const { zpl, width_mm, height_mm, dpmm } of jobs) {
  answers.push(await api.zplToBase64MultipleAsync(zpl, width_mm, height_mm, dpmm));
}
const text = Buffer.from(JSON.stringify(answers));
for (let at = 0; at < text.length; ) {
  try {
    at += writeSync(1, text, at);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error; // the pipe is full; its reader is on its way
  }
}
process.exit(0);
