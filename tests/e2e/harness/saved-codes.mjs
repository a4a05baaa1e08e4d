// Pictures of QR codes as people come by them: saved from a page, or shown by a phone.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VARIANTS, qrImage } from '../../portal/qr.mjs'

/** A key is looked for wherever it may not be. A damaged one is none. */
function watch(desktop, secret) {
  if (/^[A-Z2-7]+$/.test(secret)) desktop.secrets.add(secret)
}

/** The key URI of an account, whose key nobody else may use; `more` is what its query says besides. */
export function lineOf(desktop, { issuer, account, secret }, more = '') {
  watch(desktop, secret)
  const e = encodeURIComponent
  return `otpauth://totp/${e(issuer)}:${e(account)}?secret=${secret}&issuer=${e(issuer)}${more}`
}

/** A PNG with these texts as codes, one beside the other. Its path. */
export async function codesPicture(desktop, name, texts) {
  const files = texts.map((text, i) => {
    const file = join(desktop.home, `code-${i}.png`)
    writeFileSync(file, Buffer.from(qrImage(text, VARIANTS.plain).uri.replace('data:image/png;base64,', ''), 'base64'))
    return file
  })
  const picture = join(desktop.env.HOME, name)
  // The journey's own, not something the app left.
  desktop.own(picture)
  await desktop.run('convert', [...files, '-bordercolor', 'white', '-border', '20', '+append', '+repage', picture])
  await desktop.run('rm', files)
  return picture
}

/** The lines of a Google Authenticator export: one code a part, each with its accounts. */
export function exportLines(desktop, parts, batchId = 77) {
  for (const { secret } of parts.flat()) watch(desktop, secret)
  return parts.map((accounts, index) => {
    const entries = accounts.map(({ issuer, account, secret }) =>
      message([[1, bytes(fromBase32(secret))], [2, bytes(Buffer.from(account))], [3, bytes(Buffer.from(issuer))], [4, 1], [5, 1], [6, 2]]))
    const payload = message([...entries.map((entry) => [1, bytes(entry)]), [2, 1], [3, parts.length], [4, index], [5, batchId]])
    return `otpauth-migration://offline?data=${encodeURIComponent(payload.toString('base64'))}`
  })
}

const bytes = (content) => ({ content })

/** A protocol buffers message: numbers as varints, the rest with its length before it. */
function message(fields) {
  return Buffer.concat(
    fields.flatMap(([number, value]) =>
      typeof value === 'number' ? [varint(number << 3), varint(value)] : [varint((number << 3) | 2), varint(value.content.length), value.content]),
  )
}

function varint(value) {
  const out = []
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...out, left])
    out.push((left & 0x7f) | 0x80)
  }
}

function fromBase32(text) {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
}
