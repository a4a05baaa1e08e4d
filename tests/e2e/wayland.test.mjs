// Scanning on Wayland: sway, and the real portal, which leaves its picture in a file.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { confirmAndJudge, dragAround, OVERLAY, pressCode, sheetOf } from './harness/codes.mjs'
import { SCREEN } from './harness/desktop.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { family } from './harness/processes.mjs'
import { Sway } from './harness/sway.mjs'

const WAYLAND = { on: Sway, portal: false, app: {} }

/** Lays a sheet with codes on the desktop itself: under every window, in the middle of a monitor. */
async function layOut(desktop, codes, { output = 'HEADLESS-1', x = 0, width = SCREEN.width, height = SCREEN.height, scale = 1 } = {}) {
  const sheet = await sheetOf(desktop, codes)
  await desktop.sway('output', output, 'bg', sheet.file, 'center')
  const [left, top] = [x + (width - sheet.width / scale) / 2, (height - sheet.height / scale) / 2]
  const placed = sheet.codes.map(({ box, ...code }) => ({
    ...code,
    box: { x: left + box.x / scale, y: top + box.y / scale, width: box.width / scale, height: box.height / scale },
  }))
  return { codes: placed, blank: { x: left + 10, y: top + 10, brightness: 255 } }
}

/** Presses "scan the screen", past the page that says what the desktop will ask, and waits for the frozen picture. */
async function freeze({ app, desktop }, sheet, { asks = false, monitors = 1 } = {}) {
  await app.goToAdd()
  if (asks) {
    await app.press('way-scan')
    await app.find('screen-scan-asks')
    app.press('asks-go-on').catch(() => {})
  } else app.pressScan()
  await until('the frozen screen', async () => (await desktop.windows(OVERLAY)).length === monitors)
  await until('the dimmed picture', async () => {
    const now = await desktop.brightness(sheet.blank.x, sheet.blank.y)
    return now < sheet.blank.brightness * 0.9 && now > sheet.blank.brightness * 0.15
  })
}

/** Everything that portals of any desktop are known to leave. */
function leavings(desktop) {
  const files = (folder) => (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []).map((name) => join(folder, String(name)))
  return [...files(desktop.env.HOME), ...files(desktop.env.TMPDIR), '/tmp/out.png'].filter((path) => /\.(png|jpe?g|bmp|ppm)$/i.test(path) && existsSync(path))
}

journey('a_code_under_our_own_window_is_scanned_through_the_portal', WAYLAND, async (world) => {
  const { app, desktop } = world
  const sheet = await layOut(desktop, [{ account: 'pressed' }, { account: 'dragged', beside: { x: 420, y: 0 } }])
  await app.createVault()
  const window = await desktop.geometry(app.window)
  assert.deepEqual([window.width, window.height], [SCREEN.width, SCREEN.height], 'our window covers everything')

  await freeze(world, sheet, { asks: true })
  assert.deepEqual(leavings(desktop), [], 'the portal’s file is gone while the picture is still shown')
  await pressCode(desktop, sheet.codes[0])
  await confirmAndJudge(world, sheet.codes[0])

  // The desktop has shown its screen once: the page that prepares for the question does not come again.
  await freeze(world, sheet)
  await dragAround(desktop, sheet.codes[1])
  await confirmAndJudge(world, sheet.codes[1])

  await freeze(world, sheet)
  await desktop.key('Escape')
  await until('the window back', async () => (await desktop.windows(OVERLAY)).length === 0 && (await desktop.windows(/Warifu/)).length === 1)
  await app.find('screen-add')
  assert.deepEqual(leavings(desktop), [])
})
