// QR codes in real windows, the frozen screen over them, and whether what was read from them is right.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { oathtool, PERIOD } from '../../portal/judge.mjs'
import { keyUri, qrImage, VARIANTS } from '../../portal/qr.mjs'
import { canaryKey } from './memory.mjs'
import { literal, until } from './poll.mjs'

/** Windows that lie over the monitors. */
export const OVERLAY = /^Warifu scan/

/** The paper around a code, in pixels. */
const MARGIN = 70

/** The line around a code that was found, and how much further out than the code it is, as a share of it. */
const LINE = [39, 64, 124]
const OUTSIDE = 0.1

const WHITE = [255, 255, 255, 255]

let shown = 0

/**
 * Shows codes on one sheet of paper in a window of its own.
 *
 * @param {import('./desktop.mjs').Desktop} desktop
 * @param {{ x: number, y: number }} at Where about the window goes.
 * @param {object[]} codes For each: `account`, and if it matters `look` (see VARIANTS), `beside` (its place on the paper) and `secret`.
 * @param {{ cut?: boolean, paper?: number[], margin?: number }} options `cut`: the paper ends at the right and the bottom where the codes do, and lies in the corner there.
 * @returns What is shown: the window with `paper`, a point of it where no code is, and each code with `box`, its place on the desktop
 * without its border.
 */
export async function show(desktop, at, codes, { cut = false, paper = WHITE, margin = MARGIN } = {}) {
  const paperWithCodes = await sheetOf(desktop, codes, { cut, paper, margin })
  const { name, file, width, height } = paperWithCodes
  if (cut) at = { x: at.x - width, y: at.y - height }
  desktop.launch('display', ['-geometry', `+${at.x}+${at.y}`, file])
  const window = await desktop.window(new RegExp(literal(name)))
  if (cut) {
    // How much frame the window manager adds to what it is asked for shows only afterwards.
    const aim = { ...at }
    await until('the paper in the corner', async () => {
      const now = await desktop.geometry(window)
      if (now.x === at.x && now.y === at.y) return true
      await desktop.xdotool('windowmove', window, aim.x, aim.y)
      const moved = await desktop.geometry(window)
      aim.x += at.x - moved.x
      aim.y += at.y - moved.y
      return false
    })
  }
  const sheet = await desktop.geometry(window)
  const boxes = paperWithCodes.codes.map((code) => ({ ...code, box: { ...code.box, x: sheet.x + code.box.x, y: sheet.y + code.box.y } }))
  const free = cut ? { x: margin / 4, y: margin / 4 } : { x: width - margin / 4, y: height - margin / 4 }
  const blank = { x: sheet.x + Math.round(free.x), y: sheet.y + Math.round(free.y), brightness: paper[1] }
  return { window, blank, codes: boxes }
}

/** A picture file of one sheet of paper with codes on it; `box` of each is its place there, without its border. See `show`. */
export async function sheetOf(desktop, codes, { cut = false, paper = WHITE, margin = MARGIN } = {}) {
  shown += 1
  const name = `sheet-${shown}.png`
  const drawn = codes.map((code, index) => draw(desktop, code, `code-${shown}-${index}.png`))
  const place = ({ beside }) => ({ x: margin + (beside?.x ?? 0), y: margin + (beside?.y ?? 0) })
  const end = cut ? 0 : margin
  const width = end + Math.max(...drawn.map((code) => place(code).x + code.size))
  const height = end + Math.max(...drawn.map((code) => place(code).y + code.size))
  const colour = `rgb(${paper.slice(0, 3).join(',')})`
  const pasted = drawn.flatMap((code) => [code.file, '-geometry', `+${place(code).x}+${place(code).y}`, '-composite'])
  const file = desktop.own(join(desktop.home, name))
  await desktop.run('convert', ['-size', `${width}x${height}`, `xc:${colour}`, ...pasted, file])
  const boxes = drawn.map((code) => {
    const quiet = code.look.quiet * code.look.scale
    const { x, y } = place(code)
    const side = code.size - 2 * quiet
    return { ...code, box: { x: x + quiet, y: y + quiet, width: side, height: side } }
  })
  return { name, file, width, height, codes: boxes }
}

function draw(desktop, { account, secret = canaryKey(), look = VARIANTS.plain, beside }, name) {
  desktop.secrets.add(secret)
  const { uri, size } = qrImage(keyUri({ issuer: 'Midori Kenpo', account, secret }), look)
  const file = desktop.own(join(desktop.home, name))
  writeFileSync(file, Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64'))
  return { account, secret, look, beside, file, size }
}

/**
 * Presses "scan the screen" and waits until every monitor shows the frozen picture: each sheet is darker than it was, and yet not as dark
 * as an empty window.
 *
 * @returns {Promise<object[]>} The overlay windows with their places, from left to right.
 */
export async function freeze({ app, desktop }, sheets, monitors = 1) {
  await app.goToAdd()
  app.pressScan()
  await until('the frozen screen on every monitor', async () => (await desktop.windows(OVERLAY)).length === monitors)
  for (const { blank } of sheets) {
    await until('the dimmed picture', async () => {
      const now = await desktop.brightness(blank.x, blank.y)
      return now < blank.brightness * 0.9 && now > blank.brightness * 0.15
    })
  }
  const windows = await desktop.windows(OVERLAY)
  const places = await Promise.all(windows.map(async (window) => ({ window, ...(await desktop.geometry(window)) })))
  return places.sort((a, b) => a.x - b.x || a.y - b.y)
}

/** Where the line around a code really is on the screen, seen from the code's middle. */
export function lineAround(pixels, { x, y, width, height }) {
  const middle = { x: Math.round(x + width / 2), y: Math.round(y + height / 2) }
  const far = Math.max(width, height)
  const walk = (dx, dy) => {
    for (let step = 0; step < far; step += 1) {
      const [px, py] = [middle.x + dx * step, middle.y + dy * step]
      if (px < 0 || py < 0 || px >= pixels.width || py >= pixels.height) return null
      if (pixels.at(px, py).every((part, index) => Math.abs(part - LINE[index]) < 12)) return dx ? px : py
    }
    return null
  }
  return { left: walk(-1, 0), right: walk(1, 0), top: walk(0, -1), bottom: walk(0, 1) }
}

/** The code is framed where it is: not beside it, and not in another size. */
export function assertFramed(pixels, { box, account }, scale = 1) {
  const { left, right, top, bottom } = lineAround(pixels, box)
  const grown = box.width * OUTSIDE
  // The line is 4 wide, and a decoder's corners are not exact to the pixel.
  const near = (found, expected) => found !== null && Math.abs(found - expected) <= 5 * scale
  const told = `${account}: the line is at ${JSON.stringify({ left, right, top, bottom })}, the code at ${JSON.stringify(box)}`
  assert.ok(near(left, box.x - grown) && near(right, box.x + box.width + grown), told)
  assert.ok(near(top, box.y - grown) && near(bottom, box.y + box.height + grown), told)
}

/** Presses the middle of a code. */
export async function pressCode(desktop, { box }) {
  await desktop.click(box.x + box.width / 2, box.y + box.height / 2)
}

/** Drags a box around a code. */
export async function dragAround(desktop, { box }, air = 12) {
  await desktop.drag({ x: box.x - air, y: box.y - air }, { x: box.x + box.width + air, y: box.y + box.height + air })
}

/** The page asks about this account and no other; it is added, and its code is the one that another program makes of the secret. */
export async function confirmAndJudge({ app, desktop }, { account, secret }) {
  await app.find('screen-confirm')
  assert.equal(await app.value('confirm-account'), account)
  assert.equal((await desktop.windows(OVERLAY)).length, 0, 'no overlay is left')
  await app.confirm()
  await app.searchFor(account)
  await until(`${account}: the code oathtool makes of the secret`, async () => {
    const before = await app.text('entry-code')
    const [code] = await oathtool(secret, Math.floor(Date.now() / 1000 / PERIOD) * PERIOD)
    return before === code
  }, 10_000)
  await app.fill('search', '')
}
