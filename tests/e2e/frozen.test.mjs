// The frozen screen in the hands of a person who takes their time, or changes their mind.
import assert from 'node:assert/strict'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'

/** Longer than the app waits for an overlay that does not come to life. */
const A_WHILE_MS = 15_000

journey('the_frozen_screen_waits_and_escape_leaves_it', {}, async ({ app, desktop, portal, browser }) => {
  await portal.walkToSetup()
  await browser.front()
  await app.createVault()
  const overlay = await app.freezeScreen()
  await new Promise((resolve) => setTimeout(resolve, A_WHILE_MS))
  assert.ok((await desktop.windows(/Warifu scan/)).includes(overlay), 'it is still there')
  await desktop.key('Escape')
  await until('the overlay gone', async () => (await desktop.windows(/Warifu scan/)).length === 0)
  await app.find('screen-add')
  assert.equal((await desktop.xdotool('getactivewindow')).trim(), app.window, 'the main window is in front again')
  assert.equal(await app.count('error-message'), 0)

  // And again, at once: what was left behind by the first time must not end the second.
  const again = await app.freezeScreen()
  await new Promise((resolve) => setTimeout(resolve, A_WHILE_MS))
  assert.ok((await desktop.windows(/Warifu scan/)).includes(again))
  await desktop.key('Escape')
  await app.find('screen-add')
})
