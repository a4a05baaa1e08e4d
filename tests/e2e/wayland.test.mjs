// Scanning on Wayland: sway, and the real portal, which leaves its picture in a file.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { assertFramed, confirmAndJudge, dragAround, OVERLAY, pressCode, sheetOf } from './harness/codes.mjs'
import { SCREEN } from './harness/desktop.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'
import { Sway } from './harness/sway.mjs'

/** Where the portal of sway puts its pictures. */
const MADE = '/tmp/out.png'

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
  await dimmed(desktop, sheet)
}

/** Waits until a sheet shows through the shade: darker than it was, and yet not as dark as an empty window. */
function dimmed(desktop, { blank }) {
  return until('the dimmed picture', async () => {
    const now = await desktop.brightness(blank.x, blank.y)
    return now < blank.brightness * 0.9 && now > blank.brightness * 0.15
  })
}

/** Everything that portals of any desktop are known to leave. */
function leavings(desktop) {
  const files = (folder) => (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []).map((name) => join(folder, String(name)))
  return [...files(desktop.env.HOME), ...files(desktop.env.TMPDIR), MADE].filter((path) => /\.(png|jpe?g|bmp|ppm)$/i.test(path) && existsSync(path))
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

/** The second monitor lies left of the first and is drawn twice as large: the portal's picture shows both in its scale. */
const TWO = [`resolution ${SCREEN.width}x${SCREEN.height} position 600 0`, 'resolution 1200x800 scale 2 position 0 0']

journey('several_monitors_with_scales_of_their_own', { ...WAYLAND, desktop: { env: { monitors: TWO } } }, async (world) => {
  const { app, desktop } = world
  const first = await layOut(desktop, [{ account: 'on the first' }], { x: 600 })
  const second = await layOut(desktop, [{ account: 'on the second' }], { output: 'HEADLESS-2', width: 600, height: 400, scale: 2 })
  await app.createVault()
  await freeze(world, first, { asks: true, monitors: 2 })
  await dimmed(desktop, second)
  const on = (code, x, scale) => ({ ...code, box: { x: (code.box.x - x) * scale, y: code.box.y * scale, width: code.box.width * scale, height: code.box.height * scale } })
  assertFramed(await desktop.pixelsOf('HEADLESS-1'), on(first.codes[0], 600, 1))
  assertFramed(await desktop.pixelsOf('HEADLESS-2'), on(second.codes[0], 0, 2), 2)
  await dragAround(desktop, second.codes[0], 8)
  await confirmAndJudge(world, second.codes[0])
})

/** No edge lies on a whole pixel. Programs, the one that shows the sheet too, draw twice as large, and sway makes it smaller. */
const HALF_AS_LARGE_AGAIN = [`resolution ${SCREEN.width}x${SCREEN.height} scale 1.5`]

journey('a_monitor_half_as_large_again', { ...WAYLAND, desktop: { env: { monitors: HALF_AS_LARGE_AGAIN } } }, async (world) => {
  const { app, desktop } = world
  const [{ rect }] = await desktop.outputs()
  const sheet = await layOut(desktop, [{ account: 'pressed' }, { account: 'dragged', beside: { x: 420, y: 0 } }], { ...rect, scale: 2 })
  await app.createVault()
  await freeze(world, sheet, { asks: true })
  await pressCode(desktop, sheet.codes[0])
  await confirmAndJudge(world, sheet.codes[0])
  await freeze(world, sheet)
  await dragAround(desktop, sheet.codes[1], 8)
  await confirmAndJudge(world, sheet.codes[1])
})

/** The page says why there is no picture, in both languages, and our window is back. */
async function says({ app, desktop }, code) {
  await app.find('screen-reading-failed')
  assert.match(await app.text('screen-reading-failed'), sentence(code, 'ja'))
  assert.equal((await desktop.windows(OVERLAY)).length, 0)
  assert.equal((await desktop.windows(/Warifu/)).length, 1, 'our window is back')
}

async function ask({ app }) {
  await app.goToAdd()
  await app.press('way-scan')
  await app.find('screen-scan-asks')
  app.press('asks-go-on').catch(() => {})
}

journey('a_desktop_without_a_portal_is_said', { ...WAYLAND, desktop: { env: { services: false } } }, async (world) => {
  await world.app.createVault()
  await ask(world)
  await says(world, 'capture_unsupported')
})

journey('a_portal_that_gives_no_picture_is_said', { ...WAYLAND, desktop: { env: { programs: false } } }, async (world) => {
  await world.desktop.permit('no')
  await world.app.createVault()
  await ask(world)
  await says(world, 'capture_denied')
  // The page that prepares for the question comes again: it was never answered well.
  await world.app.leaveReading()
  await ask(world)
  await says(world, 'capture_denied')
})

journey('a_picture_that_comes_too_late_is_removed_too', WAYLAND, async (world) => {
  const { app, desktop } = world
  let made = 0
  const watching = watch('/tmp', (_, name) => (made += Number(name === 'out.png')))
  try {
    const sheet = await layOut(desktop, [{ account: 'late' }])
    await app.createVault()
    await freeze(world, sheet, { asks: true })
    await pressCode(desktop, sheet.codes[0])
    await confirmAndJudge(world, sheet.codes[0])
    const maker = await desktop.maker()
    const errand = () => app.errands().length > 0
    const comesLate = async () => {
      const before = made
      process.kill(maker, 'SIGCONT')
      await until('the picture made', () => made > before)
      await until('the errand run', () => !errand())
      assert.deepEqual(leavings(desktop), [])
    }

    // The person was told, and has their window back.
    process.kill(maker, 'SIGSTOP')
    await app.goToAdd()
    app.pressScan()
    await until('that nobody answers', () => app.shows('screen-reading-failed'), 90_000)
    await says(world, 'capture_failed')
    assert.ok(errand(), 'somebody still waits for the picture')
    await comesLate()

    // The program died meanwhile.
    process.kill(maker, 'SIGSTOP')
    await app.leaveReading()
    app.pressScan()
    await until('the errand', errand)
    process.kill(app.program(), 'SIGKILL')
    await until('the end of the program', () => app.program() === undefined)
    assert.ok(errand(), 'somebody still waits for the picture')
    await comesLate()
  } finally {
    watching.close()
  }
})
