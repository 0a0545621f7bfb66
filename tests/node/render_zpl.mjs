// Renders ZPL with zpl-renderer-js (an independent printer) for tests/node/rendering.py.
// stdin: JSON [{zpl, width_mm, height_mm, dpmm}]; stdout: JSON, for each job a list of PNGs
// in base64, one a label. One process renders many: starting it costs most.
import { readFileSync, writeSync } from "node:fs";
import * as renderer from "zpl-renderer-js";

// Node 18 sees a CommonJS module's names below its default only.
const { api } = await (renderer.ready ?? renderer.default.ready);
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
