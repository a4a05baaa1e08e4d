// A desktop that draws everything twice as large: places on the page are points there, and places on the frozen picture are pixels.
import assert from 'node:assert/strict'
import { assertFramed, confirmAndJudge, dragAround, freeze, pressCode, show } from './harness/codes.mjs'
import { journey } from './harness/journey.mjs'

const place = ({ x, y, width, height }) => ({ x, y, width, height })
const monitors = [{ x: 0, y: 0, width: 2400, height: 1500 }, { x: 2400, y: 100, width: 1600, height: 1200 }]

for (const count of [1, 2]) {
  journey(`twice_as_large_on_${count}_monitors`, {
    portal: false,
    app: { place: { x: 1500, y: 60 } },
    desktop: { monitors: monitors.slice(0, count), env: { GDK_SCALE: '2' } },
  }, async (world) => {
    const { app, desktop } = world
    const near = await show(desktop, { x: 100, y: 150 }, [{ account: 'near' }, { account: 'right', beside: { x: 400, y: 0 } }])
    // In the corner, where an error of scale is largest.
    const far = await show(desktop, count === 1 ? { x: 1000, y: 1050 } : { x: 3500, y: 850 }, [{ account: 'far' }])
    await app.createVault()
    const before = await desktop.geometry(app.window)
    assert.equal(before.width, 840, 'the window is twice as large')
    const overlays = await freeze(world, [near, far], count)
    assert.deepEqual(overlays.map(place), monitors.slice(0, count))
    const pixels = await desktop.pixels()
    for (const code of [...near.codes, ...far.codes]) assertFramed(pixels, code, 2)
    await pressCode(desktop, far.codes[0])
    await confirmAndJudge(world, far.codes[0])
    assert.deepEqual(await desktop.geometry(app.window), before, 'the window is where it was')
    await freeze(world, [near, far], count)
    await dragAround(desktop, near.codes[1])
    await confirmAndJudge(world, near.codes[1])
  })
}
