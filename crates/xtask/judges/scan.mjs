// Reads the pictures of `cargo xtask bench scan` with jsQR, as the browser extensions do: one JSON line for each picture.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, modules] = process.argv.slice(2);
const jsQR = createRequire(resolve(modules, 'package.json'))('jsqr');

for (const line of readFileSync(join(folder, 'pictures.jsonl'), 'utf8').trim().split('\n')) {
  const { picture } = JSON.parse(line);
  const raw = readFileSync(join(folder, `${picture}.rgba`));
  const [width, height] = [raw.readUInt32LE(0), raw.readUInt32LE(4)];
  const pixels = new Uint8ClampedArray(raw.buffer, raw.byteOffset + 8, width * height * 4);
  const start = performance.now();
  let texts = [];
  try {
    const found = jsQR(pixels, width, height);
    if (found) texts = [found.data];
  } catch {
    // It falls over some pictures.
  }
  console.log(JSON.stringify({ picture, reader: 'jsQR', ms: performance.now() - start, texts }));
}
