// One journey: everything is started, the story runs, everything is ended; a picture of the screen is kept if it failed.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { App, PROGRAM } from './app.mjs'
import { Browser } from './browser.mjs'
import { Desktop } from './desktop.mjs'
import { leftBehind } from './left-behind.mjs'
import { Portal } from './portal.mjs'

/**
 * @param {string} name The fact that is shown.
 * @param {{ on?: typeof Desktop, portal?: { clockOffset?: number } | false, app?: object | false, timeout?: number }} options What is there when the story begins, and the longest it may take in ms.
 * @param {(world: { desktop: Desktop, app: App, browser?: Browser, portal?: Portal, t: object }) => Promise<void>} story
 */
export function journey(name, options, story) {
  test(name, { timeout: options.timeout ?? 240_000 }, async (t) => {
    if (!existsSync(PROGRAM)) throw new Error(`there is no app at ${PROGRAM}: build it, or name it in WARIFU_APP`)
    const desktop = await (options.on ?? Desktop).start(options.desktop)
    const world = { desktop, t }
    let failure = null
    try {
      if (options.portal !== false) {
        world.browser = await Browser.start(desktop)
        world.portal = await Portal.start(desktop, world.browser, options.portal)
      }
      if (options.app !== false) world.app = await App.start(desktop, options.app)
      await story(world)
    } catch (error) {
      failure = error
      const picture = await desktop.picture(name).catch((failure) => `no picture: ${failure.message}`)
      t.diagnostic(`the screen at the failure: ${picture}`)
      if (world.app) t.diagnostic(`the app's processes then: ${JSON.stringify(world.app.processes())}; it said: ${JSON.stringify(world.app.said)}`)
    }
    try {
      await world.app?.stop()
      await world.browser?.stop()
      await assertNothingLeft(desktop)
    } catch (left) {
      if (failure) t.diagnostic(`and then: ${left.message}`)
      failure ??= left
    } finally {
      await desktop.stop()
    }
    if (failure) throw failure
  })
}

/** Written by programs of the journey that are not ours: the browser with its profile. */
const OTHERS = /\/chromium\/|\.org\.chromium\.|\/\.pki\//

/** However the journey went, it left no picture, and its keys in no file. */
async function assertNothingLeft(desktop) {
  const { home, began: since, secrets, typed, ours } = desktop
  const { findings } = await leftBehind({ home, since, secrets, typed, ours, others: OTHERS })
  assert.deepEqual(findings, [], 'nothing is left on the disk')
}
