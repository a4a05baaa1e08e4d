// The app and every process it starts open no internet socket, seen from the kernel's side.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, PASSWORD, PROGRAM } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { CALLS, callCount, internetCalls } from './harness/trace.mjs'

journey('no_internet_socket_over_a_whole_journey', { app: false }, async (world) => {
  const { desktop, browser, portal, t } = world
  const first = join(desktop.home, 'first.trace')
  const second = join(desktop.home, 'second.trace')

  // The first day, driven: set up, scan the screen, log in.
  world.app = await App.start(desktop, { trace: first })
  const automation = automationPort(world.app)
  await world.app.createVault()
  await portal.walkToSetup()
  const code = await browser.onScreen('qr')
  await world.app.freezeScreen()
  await desktop.click(code.x + code.width / 2, code.y + code.height / 2)
  await world.app.confirm()
  const used = await world.app.copy()
  await portal.paste()
  assert.equal(await portal.loggedIn(), portal.user)
  await world.app.stop()
  world.app = null
  assert.deepEqual(internetCalls(first, automation), [])
  t.diagnostic(`the first day: ${callCount(first)} socket calls, none to the internet`)

  // The second day, with nothing but a keyboard: no driver, so nothing to excuse.
  const plain = desktop.launch('strace', ['-f', '-qq', '-e', CALLS, '-o', second, PROGRAM])
  await portal.logOut()
  await portal.logIn()
  await until('the clipboard empty', async () => (await desktop.clipboard()) === '')
  await desktop.activate(await desktop.window(/Warifu/))
  await until('a new code, by keyboard alone', async () => {
    await desktop.key('ctrl+a')
    await desktop.type(PASSWORD)
    await desktop.key('Return')
    return until('the list', async () => {
      await desktop.key('ctrl+c')
      const held = await desktop.clipboard()
      return /^[0-9]{6}$/.test(held) && held !== used
    }, 45_000)
  })
  await portal.paste()
  assert.equal(await portal.loggedIn(), portal.user)
  await desktop.end(plain)
  assert.deepEqual(internetCalls(second), [])
  t.diagnostic(`the second day: ${callCount(second)} socket calls, none to the internet`)
})

journey('the_trace_would_show_a_connection', { app: false }, async ({ desktop, portal }) => {
  const file = join(desktop.home, 'control.trace')
  const script = `require('net').connect(${new URL(portal.address).port}, '127.0.0.1').on('connect', function () { this.destroy() })`
  await desktop.run('strace', ['-f', '-qq', '-e', CALLS, '-o', file, process.execPath, '-e', script])
  assert.ok(internetCalls(file).some((call) => /connect\(.*AF_INET/.test(call)))
  assert.ok(internetCalls(file, 1).some((call) => /connect\(.*AF_INET/.test(call)), 'another port is not excused')
})

/** The port the driver told the app's WebKit to listen on. */
function automationPort(app) {
  const [pid] = app.processes().find(([, command]) => command === 'warifu')
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
  return Number(/WEBKIT_INSPECTOR_SERVER=127\.0\.0\.1:(\d+)/.exec(environment)[1])
}
