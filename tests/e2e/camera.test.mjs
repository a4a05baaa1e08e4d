// The camera: a code on paper, whatever it says; and no camera, one that is in use, one that is pulled out. Off whenever nobody looks.
import assert from 'node:assert/strict'
import { App } from './harness/app.mjs'
import { HAS_CAMERA, PaperCamera } from './harness/camera.mjs'
import { confirmAndJudge } from './harness/codes.mjs'
import { journey } from './harness/journey.mjs'
import { canaryKey } from './harness/memory.mjs'
import { until } from './harness/poll.mjs'
import { exportLines, lineOf } from './harness/saved-codes.mjs'
import { sentence } from './harness/sentences.mjs'

const [EACCES, EBUSY] = [13, 16]
const LOCALES = { ja: 'ja_JP.UTF-8', en: 'en_US.UTF-8' }
const PAPER = { issuer: 'Midori Kenpo', account: 'hanako.suzuki@example.jp', secret: canaryKey() }
const FILMED = { issuer: 'Aozora', account: '7654321', secret: canaryKey() }

async function says(app, code, language) {
  const said = await until(`why there is no picture (${code})`, () => app.text('error-message'))
  assert.match(said, sentence(code, language))
}

/** Goes to the camera's page and waits for the picture in it. */
async function look(app) {
  await app.goToAdd()
  await app.press('way-camera')
  await isSeen(app)
}

/** Something of what the camera sees is drawn: the wall behind the paper, wherever the paper is. */
async function isSeen(app) {
  await until('what the camera sees', () => app.driver.executeScript(`
    const canvas = document.querySelector('[data-testid="camera-picture"] canvas')
    const [red, green, blue] = canvas.getContext('2d').getImageData(5, 5, 1, 1).data
    return canvas.width === 640 && canvas.height === 360 && [red, green, blue].every((part) => Math.abs(part - 158) < 8)`))
}

for (const [language, LANG] of Object.entries(LOCALES)) {
  journey(`without_a_camera_there_are_other_ways_in_${language}`, { portal: false, desktop: { env: { LANG } } }, async ({ app, t }) => {
    if (HAS_CAMERA) return t.diagnostic('this machine has a camera of its own')
    await app.createVault()
    await app.goToAdd()
    await app.press('way-camera')
    await says(app, 'camera_none', language)
    await app.press('camera-again')
    await says(app, 'camera_none', language)
    await app.press('camera-cancel')
    await app.find('screen-add')
    await app.typeKey({ text: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', issuer: 'Midori', account: 'hanako' })
    await app.confirm()
  })
}

journey('a_code_on_paper_becomes_an_account', { portal: false, app: false }, async (world) => {
  const { desktop } = world
  const camera = await PaperCamera.plugIn(desktop)
  const app = (world.app = await App.start(desktop))
  await app.createVault()
  await app.goToAdd()
  assert.deepEqual(camera.log, [], 'nobody has touched the camera yet')

  await look(app)
  assert.match(await app.text('camera-state'), /Paper Camera/)
  assert.deepEqual(camera.log, ['open', 'on'])
  await camera.sees(lineOf(desktop, PAPER))
  await confirmAndJudge(world, PAPER)
  await camera.isOff()
  assert.deepEqual(camera.log, ['open', 'on', 'off', 'close'])

  // What is no key is told, and not looked at again and again.
  await camera.sees(null)
  await look(app)
  await camera.sees('https://example.com/')
  await app.find('screen-reading-failed')
  await says(app, 'code_is_web_link', 'ja')
  await camera.isOff()
  const calls = camera.log.length
  await camera.sees(null, { kind: 'jpeg' })
  assert.equal(camera.log.length, calls)
  // A camera that hands over JPEG pictures, and a damaged one now and then.
  await app.press('failed-again')
  await isSeen(app)
  await camera.sees(lineOf(desktop, FILMED), { kind: 'jpeg' })
  await confirmAndJudge(world, FILMED)
  await camera.isOff()
})

journey('an_export_is_shown_to_the_camera_part_by_part', { portal: false, app: false }, async (world) => {
  const { desktop } = world
  const [one, two] = [PAPER, FILMED]
  const camera = await PaperCamera.plugIn(desktop)
  const app = (world.app = await App.start(desktop))
  await app.createVault()
  const lines = exportLines(desktop, [[one], [two]])
  await look(app)
  await camera.sees(lines[0])
  await app.find('screen-checklist')
  await app.press('export-camera')
  // The telephone still shows the first part.
  await until('that it was read before', async () => (await app.text('camera-state')).includes('もう読み取ってあります'))
  assert.equal(await app.shows('camera-picture'), true)
  await camera.sees(lines[1])
  await until('both accounts', async () => (await app.count('check-row')) === 2)
  await camera.isOff()
  await app.press('check-add')
  await until('both in the list', async () => (await app.count('entry-code')) === 2)
})

journey('the_camera_is_off_when_nobody_looks', { portal: false, app: false }, async (world) => {
  const { desktop } = world
  const camera = await PaperCamera.plugIn(desktop)
  const app = (world.app = await App.start(desktop))
  await app.createVault()

  await look(app)
  await app.back()
  await app.find('screen-add')
  await camera.isOff()

  // At once again, and locked: by keys, since the page has no button for it.
  await look(app)
  await desktop.activate(app.window)
  await desktop.key('ctrl+l')
  await app.find('screen-locked')
  await camera.isOff()
  assert.equal(await app.count('camera-picture'), 0)
  assert.deepEqual((await app.invoke('camera_look')).error.code, 'locked')
  await app.unlock()

  await look(app)
  camera.unplug()
  await says(app, 'camera_failed', 'ja')
  await camera.isOff()
  await app.press('camera-again')
  await says(app, 'camera_none', 'ja')
  await camera.sees(null)
  await app.press('camera-again')
  await isSeen(app)
  camera.seesNothingButNoise()
  await says(app, 'camera_failed', 'ja')
  await camera.isOff()

  await camera.sees(null)
  for (const [number, code] of [[EBUSY, 'camera_busy'], [EACCES, 'camera_denied']]) {
    camera.fails(number)
    await app.press('camera-again')
    await says(app, code, 'ja')
  }
  camera.fails(null)
  await app.press('camera-again')
  await isSeen(app)
})
