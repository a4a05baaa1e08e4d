// A key URI as a PNG, and the key as text: what the set-up page shows.
import { crc32, deflateSync } from 'node:zlib'
import qrcode from 'qrcode-generator'

const WHITE = [255, 255, 255, 255]
const BLACK = [0, 0, 0, 255]

/**
 * How the code may look: as Keycloak draws it, and the ways real pages make it harder. `scale` is pixels a module, `quiet`
 * the width of the border in modules.
 */
export const VARIANTS = {
  plain: { scale: 5, quiet: 4, light: WHITE, dark: BLACK },
  small: { scale: 2, quiet: 2, light: WHITE, dark: BLACK },
  dark: { scale: 5, quiet: 0, light: [200, 204, 212, 255], dark: [20, 22, 28, 255] },
  inverted: { scale: 5, quiet: 4, light: [16, 18, 24, 255], dark: [236, 238, 242, 255] },
  transparent: { scale: 5, quiet: 4, light: [255, 255, 255, 0], dark: BLACK },
}

/** The key URI as Keycloak writes it. */
export function keyUri({ issuer, account, secret }) {
  const e = encodeURIComponent
  return `otpauth://totp/${e(issuer)}:${e(account)}?secret=${secret}&digits=6&algorithm=SHA1&issuer=${e(issuer)}&period=30`
}

/** The text as a QR code in a PNG data URI, and its size in pixels. */
export function qrImage(text, { scale, quiet, light, dark }) {
  const code = qrcode(0, 'L')
  code.addData(text)
  code.make()
  const modules = code.getModuleCount()
  const size = (modules + 2 * quiet) * scale
  const rows = Buffer.alloc(size * (size * 4 + 1)) // Each row begins with its filter: 0, none.
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const row = Math.floor(y / scale) - quiet
      const column = Math.floor(x / scale) - quiet
      const inside = row >= 0 && row < modules && column >= 0 && column < modules
      const colour = inside && code.isDark(row, column) ? dark : light
      rows.set(colour, y * (size * 4 + 1) + 1 + x * 4)
    }
  }
  return { uri: `data:image/png;base64,${png(size, rows).toString('base64')}`, size }
}

function png(size, rows) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6], 8) // 8 bits a channel, RGBA.
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/** Base32 of RFC 4648, without padding, as Keycloak shows it. */
export function base32(bytes) {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(group.padEnd(5, '0'), 2)]).join('')
}

/** The key in groups of four, for people. */
export const grouped = (key) => key.match(/.{1,4}/g).join(' ')
