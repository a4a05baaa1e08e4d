// Locked, no process of ours holds a password, a key or a secret in its memory; open, the secrets are sealed.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { qrImage, keyUri, VARIANTS } from '../portal/qr.mjs'
import { journey } from './harness/journey.mjs'
import { canary, canaryKey, keysOf, search, told, whyNot } from './harness/memory.mjs'
import { until } from './harness/poll.mjs'
import { Undriven } from './harness/undriven.mjs'

/** Fifty make the proof, and some minutes: `cargo xtask memory`. */
const CYCLES = Number(process.env.WARIFU_MEMORY_CYCLES ?? 10)
/** Nothing may be left this long after the keys that lock. */
const LIMIT_MS = 2000
/** The names of the program's process, of its page's and of the network's (which has nothing to do), as the kernel cuts them off. */
const [PROGRAM, PAGE, NETWORK] = ['warifu', 'WebKitWebProces', 'WebKitNetworkPr']

/** In the environment of every process: found always, or the search is blind. */
const ALWAYS = canary(24)
const options = { app: false, portal: false, desktop: { env: { WARIFU_CANARY: ALWAYS } }, timeout: 1_800_000 }

journey('locking_leaves_no_secret_in_any_memory', options, async ({ desktop, t }) => {
  const reason = await whyNot()
  if (reason) return t.skip(reason)
  const [password, typed, scanned] = [phrase(), canaryKey(), canaryKey()]
  const app = await Undriven.start(desktop)
  await app.create(password)
  await app.addTyped({ key: typed, issuer: 'Midori Kenpo', account: 'hanako' })
  const { x, y } = await showCode(desktop, scanned)
  await app.addScanned(x, y)
  const needles = async () => [`password text ${password}`, `typed base32 ${typed}`, `scanned base32 ${scanned}`, ...(await keysOf(app.vaultFile, password))]

  // The control: open, what was typed is in the page, and the key that seals the file is in the program.
  const open = await look(app, await needles())
  const holds = (process, needle) => open.found.some((hit) => hit.process === process && hit.needle.startsWith(needle) && hit.part === 'whole')
  assert.ok(holds(PAGE, 'password') && holds(PAGE, 'typed'), `the page holds what was typed: ${told(open.found)}`)
  assert.ok(holds(PROGRAM, 'content-key'), `the program holds the key: ${told(open.found)}`)
  // Apart from that key nothing is in the program even now: the secrets are sealed.
  const unsealed = open.found.filter(({ process, needle }) => process === PROGRAM && !needle.startsWith('content-key'))
  assert.deepEqual(told(unsealed), [])

  for (const [pid, name] of app.processes()) {
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m, `${name} writes no core file`)
  }
  // How the program's own heap is wiped is nothing to its page.
  assert.doesNotMatch(readFileSync(`/proc/${app.page()}/environ`, 'utf8'), /Malloc=|GLIBC_TUNABLES|TUNABLES_BEFORE/)

  let slowest = 0
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    if (cycle > 1) await app.unlock(password)
    // Each save has keys of its own.
    const wanted = await needles()
    const at = await app.lock()
    slowest = Math.max(slowest, Date.now() - at)
    await new Promise((resolve) => setTimeout(resolve, at + LIMIT_MS - Date.now()))
    const locked = await look(app, wanted)
    assert.deepEqual(told(locked.found), [], `cycle ${cycle} of ${CYCLES}`)
  }
  const bytes = open.searched.reduce((sum, process) => sum + process.bytes, 0)
  t.diagnostic(`${CYCLES} cycles of unlocking, use and locking: nothing found ${LIMIT_MS / 1000} s after any of them`)
  t.diagnostic(`${bytes >> 20} MiB searched each time; the new page there after ${slowest} ms at most`)
})

journey('so_does_locking_by_idle_minutes', options, async ({ desktop, t }) => {
  const reason = await whyNot()
  if (reason) return t.skip(reason)
  const [password, typed] = [phrase(), canaryKey()]
  const settings = join(desktop.env.XDG_CONFIG_HOME, 'warifu')
  mkdirSync(settings, { recursive: true })
  writeFileSync(join(settings, 'settings.json'), '{"lock_after_minutes":1}')
  const app = await Undriven.start(desktop)
  await app.create(password)
  await app.addTyped({ key: typed, issuer: 'Midori Kenpo', account: 'hanako' })
  const needles = [`password text ${password}`, `typed base32 ${typed}`, ...(await keysOf(app.vaultFile, password))]
  const page = app.page()
  assert.notDeepEqual((await look(app, needles)).found, [], 'open, something is found')
  // The person is elsewhere meanwhile.
  const { window } = await showCode(desktop, canaryKey())
  await desktop.activate(window)
  await until('the page renewed, untouched', () => app.page() !== undefined && app.page() !== page, 150_000)
  await new Promise((resolve) => setTimeout(resolve, LIMIT_MS))
  assert.deepEqual(told((await look(app, needles)).found), [])
  assert.equal((await desktop.xdotool('getactivewindow')).trim(), window, 'the new page did not come to the front')
  // And it is a page that can be used: the caret is in the field.
  await app.unlock(password)
})

/** Searches all processes of the app. That it sees them all is shown each time. */
async function look(app, needles) {
  const { found, searched } = await search(app.processes(), [`always text ${ALWAYS}`, ...needles])
  assert.deepEqual(searched.map(({ process }) => process).sort(), [NETWORK, PAGE, PROGRAM], 'one page, and nobody else')
  for (const { process, pid, bytes, refused } of searched) {
    // Nothing can go while they are stopped: what cannot be read is mapped from a device, and is not where a secret was ever put.
    assert.equal(refused, 0, `all of ${process} could be read, and not ${bytes} bytes without ${refused}`)
    assert.ok(found.some((hit) => hit.pid === pid && hit.needle === 'always' && hit.part === 'whole'), `the search is blind in ${process}`)
  }
  return { found: found.filter(({ needle }) => needle !== 'always'), searched }
}

/** A password as people are told to choose them, and nobody else has. */
function phrase() {
  return `${canary(5)}-${canary(6)} ${canary(7)}-${canary(6)}`
}

/** Shows a QR code in a window, and says where its middle is. */
async function showCode(desktop, secret) {
  const file = desktop.own(join(desktop.home, 'code.png'))
  desktop.secrets.add(secret)
  const { uri } = qrImage(keyUri({ issuer: 'Midori Kenpo', account: 'taro', secret }), VARIANTS.plain)
  writeFileSync(file, Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64'))
  desktop.launch('display', ['-geometry', '+900+300', file])
  const window = await desktop.window(/code\.png/)
  const geometry = await desktop.xdotool('getwindowgeometry', '--shell', window)
  const number = (name) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(geometry)[1])
  return { window, x: number('X') + number('WIDTH') / 2, y: number('Y') + number('HEIGHT') / 2 }
}
