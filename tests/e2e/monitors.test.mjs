// The frozen screen on several monitors: of other sizes, beside, above and left of one another.
import assert from 'node:assert/strict'
import { confirmAndJudge, assertFramed, dragAround, freeze, pressCode, show } from './harness/codes.mjs'
import { journey } from './harness/journey.mjs'

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
