// Codes where they are hard to get at: under our own window, in a corner of the screen, many at once, close to one another.
import assert from 'node:assert/strict'
import { assertFramed, confirmAndJudge, freeze, OVERLAY, pressCode, show } from './harness/codes.mjs'
import { SCREEN } from './harness/desktop.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'

const TIGHT = { scale: 4, quiet: 4, light: [255, 255, 255, 255], dark: [0, 0, 0, 255] }

journey('a_code_under_our_own_window_and_one_in_the_corner', { portal: false, app: { place: { x: 300, y: 60 } } }, async (world) => {
  const { app, desktop } = world
  const under = await show(desktop, { x: 310, y: 150 }, [{ account: 'under' }])
  // Its last modules are the last pixels of the screen: of its border nothing is left on two sides.
  const corner = await show(desktop, { x: SCREEN.width, y: SCREEN.height }, [{ account: 'corner', look: { ...TIGHT, quiet: 0 } }], { cut: true })
  const { x, y, width, height } = corner.codes[0].box
  assert.deepEqual([x + width, y + height], [SCREEN.width, SCREEN.height])
  await app.createVault()
  await desktop.activate(app.window)
  const before = await desktop.geometry(app.window)
  const { box } = under.codes[0]
  assert.ok(box.x > before.x && box.y > before.y && box.x + box.width < before.x + before.width, 'the code is covered')

  await freeze(world, [under])
  assertFramed(await desktop.pixels(), under.codes[0])
  await pressCode(desktop, under.codes[0])
  await confirmAndJudge(world, under.codes[0])
  assert.deepEqual(await desktop.geometry(app.window), before, 'the window is where it was')

  await freeze(world, [under, corner])
  await pressCode(desktop, corner.codes[0])
  await confirmAndJudge(world, corner.codes[0])
})

journey('ten_codes_at_once_each_with_its_own_frame', { portal: false, app: { place: { x: 1150, y: 60 } } }, async (world) => {
  const { app, desktop } = world
  const many = Array.from({ length: 8 }, (_, index) => ({ account: `of ten ${index}`, look: TIGHT, beside: { x: (index % 4) * 330, y: Math.floor(index / 4) * 270 } }))
  const sheet = await show(desktop, { x: 10, y: 90 }, many)
  // Two of them with nothing between but their borders.
  const close = await show(desktop, { x: 60, y: 672 }, [{ account: 'close left', look: TIGHT }, { account: 'close right', look: TIGHT, beside: { x: 190, y: 0 } }], { margin: 40 })
  await app.createVault()
  await freeze(world, [sheet])
  const pixels = await desktop.pixels()
  for (const code of sheet.codes) assertFramed(pixels, code)
  await desktop.key('Escape')
  await until('the overlay gone', async () => (await desktop.windows(OVERLAY)).length === 0)
  await app.find('screen-add')
  assert.equal(await app.count('error-message'), 0)

  await freeze(world, [sheet])
  await pressCode(desktop, close.codes[1])
  await confirmAndJudge(world, close.codes[1])
  await freeze(world, [sheet])
  await pressCode(desktop, sheet.codes[6])
  await confirmAndJudge(world, sheet.codes[6])
})
