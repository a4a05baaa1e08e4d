// The frozen screen on several monitors: of other sizes, beside, above and left of one another.
import assert from 'node:assert/strict'
import { assertFramed, confirmAndJudge, dragAround, freeze, OVERLAY, pressCode, show } from './harness/codes.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { arrange } from './harness/screens.mjs'

const GREY = [118, 121, 126, 255]
/** Grey on grey, without a border: hardly seen by a person, and by few programs. */
const FAINT = { scale: 4, quiet: 0, light: GREY, dark: [96, 99, 104, 255] }

const place = ({ x, y, width, height }) => ({ x, y, width, height })
const two = [{ x: 0, y: 0, width: 1600, height: 1000 }, { x: 1600, y: 0, width: 1280, height: 1024 }]

journey('each_monitor_is_frozen_and_gives_its_codes', { portal: false, desktop: { monitors: two } }, async (world) => {
  const { app, desktop } = world
  const first = await show(desktop, { x: 200, y: 200 }, [{ account: 'first' }])
  const second = await show(desktop, { x: 1800, y: 250 }, [{ account: 'second' }])
  const faint = await show(desktop, { x: 2350, y: 600 }, [{ account: 'faint', look: FAINT }], { paper: GREY })
  await app.createVault()
  const before = await desktop.geometry(app.window)

  const overlays = await freeze(world, [first, second, faint], two.length)
  assert.deepEqual(overlays.map(place), two, 'one over each monitor, and nothing else')
  const pixels = await desktop.pixels()
  assertFramed(pixels, first.codes[0])
  assertFramed(pixels, second.codes[0])
  await pressCode(desktop, second.codes[0])
  await confirmAndJudge(world, second.codes[0])
  assert.deepEqual(await desktop.geometry(app.window), before, 'the window is where it was')

  await freeze(world, [first, second, faint], two.length)
  await dragAround(desktop, faint.codes[0])
  await confirmAndJudge(world, faint.codes[0])

  await freeze(world, [first, second, faint], two.length)
  await pressCode(desktop, first.codes[0])
  await confirmAndJudge(world, first.codes[0])
})

// The desktop begins at its left edge: a main monitor with another one left of it is not at 0, 0. A desktop with larger letters tells
// xcap a scale of its own.
const left = [{ x: 0, y: 111, width: 1024, height: 889 }, { x: 1024, y: 0, width: 1366, height: 900, primary: true }, { x: 2390, y: 200, width: 800, height: 600 }]
for (const dpi of [96, 144]) {
  journey(`monitors_left_and_right_of_the_main_one_at_${dpi}_dpi`, { portal: false, app: { place: { x: 20, y: 180, width: 900, height: 780 } }, desktop: { monitors: left } }, async (world) => {
    const { app, desktop } = world
    const sheets = []
    for (const [account, x, y] of [['left', 500, 400], ['main', 1500, 200], ['right', 2700, 310]]) sheets.push(await show(desktop, { x, y }, [{ account }]))
    await app.createVault()
    // Asked for at each capture. Our page was there before: WebDriver presses beside the buttons of a page with larger letters.
    await desktop.run('xrdb', ['-merge', '-'], { input: `Xft.dpi:\t${dpi}\n` })
    const before = await desktop.geometry(app.window)
    const overlays = await freeze(world, sheets, left.length)
    assert.deepEqual(overlays.map(place), left.map(place))
    const pixels = await desktop.pixels()
    for (const { codes } of sheets) assertFramed(pixels, codes[0])
    // What is to be done is said on the main monitor alone.
    assert.deepEqual(left.map((monitor) => hinted(pixels, monitor)), [false, true, false])
    await pressCode(desktop, sheets[0].codes[0])
    await confirmAndJudge(world, sheets[0].codes[0])
    assert.deepEqual(await desktop.geometry(app.window), before, 'the window is where it was')
    await freeze(world, sheets, left.length)
    await dragAround(desktop, sheets[2].codes[0])
    await confirmAndJudge(world, sheets[2].codes[0])
  })
}

journey('one_monitor_that_mirrors_another_is_frozen_once', { portal: false, desktop: { monitors: [two[0], two[0]] } }, async (world) => {
  const { app, desktop } = world
  const sheet = await show(desktop, { x: 200, y: 200 }, [{ account: 'both' }])
  await app.createVault()
  const overlays = await freeze(world, [sheet], 1)
  assert.deepEqual(overlays.map(place), [two[0]])
  await pressCode(desktop, sheet.codes[0])
  await confirmAndJudge(world, sheet.codes[0])
})

journey('a_monitor_unplugged_while_the_screen_is_frozen_ends_the_scan_alone', { portal: false, desktop: { monitors: two } }, async (world) => {
  const { app, desktop } = world
  const first = await show(desktop, { x: 700, y: 550 }, [{ account: 'first' }])
  const second = await show(desktop, { x: 1800, y: 250 }, [{ account: 'second' }])
  await app.createVault()
  await freeze(world, [first, second], two.length)
  await arrange(desktop, [two[0]])
  await until('the overlays gone', async () => (await desktop.windows(OVERLAY)).length === 0)
  await app.find('screen-add')
  await freeze(world, [first], 1)
  await pressCode(desktop, first.codes[0])
  await confirmAndJudge(world, first.codes[0])
})

/** Whether the hint lies at the bottom of a monitor: in its dark box the letters are the only light ones on black. */
function hinted(pixels, { x, y, width, height }) {
  for (let dy = 40; dy < 110; dy += 2) {
    for (let dx = -250; dx < 250; dx += 1) {
      if (pixels.at(x + width / 2 + dx, y + height - dy).every((part) => part > 200)) return true
    }
  }
  return false
}
