// The search for what a journey left behind finds what is there: without this, finding nothing would mean nothing.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { keyUri, qrImage, VARIANTS } from '../portal/qr.mjs'
import { leftBehind } from './harness/left-behind.mjs'

const SECRET = 'MZXW6YTBOI5GEYLSKRQXG5DJ'
const TYPED = 'JBSW Y3DP EHPK 3PXP'
const latin1 = (text) => Buffer.from(text, 'latin1')
const LINE = keyUri({ issuer: 'Midori Kenpo', account: 'a', secret: SECRET })

function png(text = LINE) {
  return Buffer.from(qrImage(text, VARIANTS.plain).uri.split(',')[1], 'base64')
}

function bitmap() {
  const bytes = Buffer.alloc(100)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  return bytes
}

/** Files in folders of their own, and what is found in them. */
async function search(files, { shared = {}, ours = [], since = 0 } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'warifu-left-'))
  const common = mkdtempSync(join(tmpdir(), 'common-'))
  try {
    for (const [folder, planted] of [[home, files], [common, shared]]) {
      for (const [name, bytes] of Object.entries(planted)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), bytes)
      }
    }
    const where = { home, shared: [common], since, secrets: [SECRET], typed: [TYPED], ours: ours.map((name) => join(home, name)) }
    return (await leftBehind(where)).findings.map((finding) => finding.replace(`${home}/`, '').replace(`${common}/`, 'shared '))
  } finally {
    for (const folder of [home, common]) rmSync(folder, { recursive: true })
  }
}

test('a_picture_of_any_kind_is_found_wherever_it_lies', async () => {
  const kinds = {
    PNG: png('nothing of ours'),
    JPEG: latin1('\xff\xd8\xff\xe0\x00\x10JFIF'),
    WebP: latin1('RIFF\x00\x00\x00\x00WEBPVP8 '),
    BMP: bitmap(),
    GIF: latin1('GIF89a'),
    PPM: latin1('P6\n1 1\n255\n\0\0\0'),
  }
  for (const [kind, bytes] of Object.entries(kinds)) {
    assert.deepEqual(await search({ 'home/.cache/deep/file': bytes }), [`home/.cache/deep/file: a picture (${kind})`])
  }
  assert.deepEqual(await search({ 'run/record': Buffer.concat([Buffer.alloc(77), png('within another file')]) }), ['run/record: a picture (PNG)'])
})

test('a_secret_is_found_in_every_spelling', async () => {
  const spellings = {
    'Base32': LINE,
    'Base32 in groups of four': SECRET.match(/.{1,4}/g).join(' ').toLowerCase(),
    'hex': decoded().toString('hex').toUpperCase(),
    'raw bytes': Buffer.concat([latin1('\0\x07'), decoded(), latin1('\xff')]),
    'Base32, UTF-16': Buffer.from(SECRET, 'utf16le'),
  }
  for (const [name, bytes] of Object.entries(spellings)) assert.deepEqual(await search({ file: bytes }), [`file: the secret as ${name}`], name)
  // Percent-encoded as part of another address.
  assert.deepEqual(await search({ file: encodeURIComponent(LINE) }), ['file: the secret as Base32'])
  for (const before of ['', 'a', 'ab', 'abc']) {
    assert.deepEqual(await search({ file: Buffer.concat([latin1(before), decoded(), latin1('end')]).toString('base64') }), ['file: the secret as base64 of the bytes'], before)
    assert.deepEqual(await search({ file: Buffer.from(before + LINE).toString('base64') }), ['file: the secret as base64 of Base32'], before)
  }
  assert.deepEqual(await search({ file: 'JBSWY3DPEHPK3PXP' }, { shared: { file: 'JBSWY3DPEHPK3PXP' } }), ['file: the secret as Base32'], 'one that others may have too')
})

test('what_the_journey_put_there_is_excused_by_its_path_alone', async () => {
  assert.deepEqual(await search({ 'mine.png': png() }, { ours: ['mine.png'] }), [])
  const copy = await search({ 'mine.png': png(), 'copy.png': png() }, { ours: ['mine.png'] })
  assert.deepEqual(copy, ['copy.png: a picture (PNG)'])
})

test('in_folders_of_all_programs_only_what_is_ours_counts', async () => {
  const shared = { 'theirs.png': png('https://example.org/'), 'ours.png': png(), 'line.txt': LINE }
  assert.deepEqual((await search({}, { shared })).sort(), ['shared line.txt: the secret as Base32', 'shared ours.png: a picture of the secret'])
  assert.deepEqual(await search({}, { shared, since: Date.now() + 60_000 }), [], 'what was there before')
  assert.deepEqual(await search({}, { shared: { 'just made/deep/line.txt': LINE }, since: Date.now() - 1000 }), ['shared just made/deep/line.txt: the secret as Base32'])
})

test('an_ordinary_file_is_nothing', async () => {
  assert.deepEqual(await search({ 'settings.json': '{"language":"ja"}', 'vault.warifu': Buffer.alloc(4000, 7), 'BM': 'BMW is not a picture' }), [])
})

/** The key as bytes, by another program than the one that is tried here. */
function decoded() {
  const bits = [...SECRET].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
}
