// What a journey left on the disk: no picture may be there, and no secret, but for what the journey itself put there.
import { execFile } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Larger files are not ours: our largest is the vault. */
const LARGEST = 64 << 20

/** Where portals and GVfs show other files anew; whoever looks there when they have ended may wait for ever. */
const MOUNTED = /\/(doc|gvfs)$/

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Folders that all programs share: what others write there is none of our business, unless it holds what is ours. */
export const SHARED = ['/tmp', '/var/tmp', '/dev/shm', `/run/user/${process.getuid()}`]

/**
 * Looks through everything a journey may have written.
 *
 * @param {{
 *   home: string, since: number, secrets: Iterable<string>, typed?: Iterable<string>, ours?: Iterable<string>, others?: RegExp, shared?: string[]
 * }} where `home` is the folder only this journey uses; `since` is when it began, in ms; `secrets` are keys in Base32 that
 * nobody else has; `typed` are keys others may have as well, looked for in `home` alone; `ours` are the files it wrote itself; `others` matches paths of programs that are not ours.
 * @returns {Promise<{ findings: string[], files: string[] }>} What is there and should not be, and all the files searched.
 */
export async function leftBehind({ home, since, secrets, typed = [], ours = [], others = /^$/, shared = SHARED }) {
  const needles = [...secrets].flatMap(spellings)
  const all = [...typed].flatMap(spellings).concat(needles)
  const excused = new Set(ours)
  const findings = []
  const files = []
  const privately = [...walk(home)].filter(({ path }) => !excused.has(path) && !others.test(path))
  for (const { path } of privately) {
    const bytes = read(path)
    if (!bytes) continue
    files.push(path)
    const picture = pictureIn(bytes)
    if (picture) findings.push(`${path}: a picture (${picture})`)
    findings.push(...held(bytes, all).map((name) => `${path}: the secret as ${name}`))
  }
  for (const folder of shared) {
    for (const { path, changed } of walk(folder, (path) => path !== home && couldBeOurs(path, since))) {
      if (changed < since || excused.has(path)) continue
      const bytes = read(path)
      if (!bytes) continue
      findings.push(...held(bytes, needles).map((name) => `${path}: the secret as ${name}`))
      if (pictureIn(bytes) && (await shows(path, secrets))) findings.push(`${path}: a picture of the secret`)
    }
  }
  return { findings, files }
}

/** The kind of a picture, wherever in the bytes it begins if its mark is long enough to mean something there. */
export function pictureIn(bytes) {
  const start = bytes.subarray(0, 16).toString('latin1')
  if (bytes.includes('\x89PNG\r\n\x1a\n', 0, 'latin1')) return 'PNG'
  if (bytes.includes('\xff\xd8\xff\xe0\x00\x10JFIF', 0, 'latin1') || start.startsWith('\xff\xd8\xff')) return 'JPEG'
  if (/^RIFF[^]{4}WEBP/.test(start) || bytes.includes('WEBPVP8', 0, 'latin1')) return 'WebP'
  if (start.startsWith('BM') && bytes.length >= 26 && bytes.readUInt32LE(2) === bytes.length) return 'BMP'
  if (/^GIF8[79]a/.test(start)) return 'GIF'
  if (/^P[1-7][\s#]/.test(start)) return 'PPM'
  return null
}

/** A key in every spelling a careless program would use. */
function spellings(secret) {
  const text = secret.replaceAll(/[\s=]/g, '').toUpperCase()
  const bytes = decode(text)
  return [
    ...textSpellings('Base32', Buffer.from(text)),
    ...textSpellings('Base32 in groups of four', Buffer.from(text.match(/.{1,4}/g).join(' '))),
    ...textSpellings('hex', Buffer.from(bytes.toString('hex'))),
    { name: 'raw bytes', part: bytes },
    ...base64('base64 of the bytes', bytes),
    ...base64('base64 of Base32', Buffer.from(text)),
  ]
}

/** As it is whatever the case, and in two bytes a letter. */
function textSpellings(name, part) {
  const wide = (text) => Buffer.from(text.toString('utf8'), 'utf16le')
  return [{ name, part: lower(part), lower: true }, { name: `${name}, UTF-16`, part: lower(wide(part)), lower: true }]
}

/** In base64 a text looks different at each of three places: the letters that are the same whatever stands around it. */
function base64(name, bytes) {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
    const from = Math.ceil((before * 4) / 3)
    const to = Math.floor((padded.length * 8) / 6)
    const text = padded.toString('base64').slice(from, to)
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')].map((spelling) => ({ name, part: Buffer.from(spelling) }))
  })
}

function held(bytes, needles) {
  const small = lower(bytes)
  return [...new Set(needles.filter((needle) => (needle.lower ? small : bytes).includes(needle.part)).map(({ name }) => name))]
}

/** A to Z in small letters, and every other byte as it is. */
function lower(bytes) {
  return Buffer.from(bytes.toString('latin1').replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()), 'latin1')
}

function decode(text) {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}

/** Whether a picture shows a code with one of the keys. */
async function shows(path, secrets) {
  const said = await run('zbarimg', ['--quiet', '--raw', path]).then(({ stdout }) => stdout.toUpperCase(), () => '')
  return [...secrets].some((secret) => said.includes(secret.replaceAll(/[\s=]/g, '').toUpperCase()))
}

/** Every plain file below a folder, with when it was last changed. What goes away meanwhile is not left behind. */
function* walk(folder, enter = () => true) {
  let entries = []
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!MOUNTED.test(path) && enter(path)) yield* walk(path, enter)
    } else if (entry.isFile()) {
      try {
        const { size, mtimeMs, ctimeMs } = lstatSync(path)
        if (size > 0 && size <= LARGEST) yield { path, changed: Math.max(mtimeMs, ctimeMs) }
      } catch {
        // Gone.
      }
    }
  }
}

/** A program writes into a shared folder itself, into a folder it has just made there, or into one of its own name; not into others'. */
function couldBeOurs(path, since) {
  if (/\/warifu-e2e-/.test(path)) return false
  try {
    return lstatSync(path).birthtimeMs >= since || /warifu|webkit|gtk|gdk/i.test(path)
  } catch {
    return false
  }
}

function read(path) {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}
