// A PDF in which a site has sent its code: read by the dialog and by dropping it, and by a process that keeps nothing.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'

const FOLDER = fileURLToPath(new URL('../fixtures/pdf', import.meta.url))

/** What the PDFs hold: the key of RFC 6238, which anyone may use. */
const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

/** A person's own copy. */
function saved(desktop, name) {
  const file = desktop.own(join(desktop.env.HOME, name))
  copyFileSync(join(FOLDER, name), file)
  desktop.typed.add(KEY)
  return file
}

/** The processes of the app that draw pages now. */
const drawing = (desktop) => desktop.run('pgrep', ['--full', '--', '--draw-pages-of-standard-input']).catch(() => '')

journey('a_pdf_gives_its_code_and_is_deleted_only_when_asked', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const letter = saved(desktop, 'chromium.pdf')
  await app.openPicture(letter)
  await app.confirm()
  await app.find('pictures')
  assert.match(await app.text('pictures'), /chromium\.pdf/)
  assert.match(await app.text('pictures'), sentence('pictures_pdf', 'ja', 'ui'))
  assert.ok(existsSync(letter))
  await app.press('pictures-delete')
  await app.find('pictures-deleted')
  assert.equal(existsSync(letter), false)
  await until('the entry', async () => (await app.count('entry-code')) === 1)
  assert.equal(await drawing(desktop), '', 'the process that drew it is gone')
})

journey('a_dropped_pdf_is_read', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  await app.drop(saved(desktop, 'chromium.pdf'))
  await app.confirm()
  await until('the entry', async () => (await app.count('entry-code')) === 1)
})

journey('a_pdf_with_a_password_says_what_to_do', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  await app.openPicture(saved(desktop, 'user-password-aes-256.pdf'))
  const said = await until('the answer', () => app.text('error-message'))
  assert.match(said, sentence('pdf_protected', 'ja'))
  assert.equal(await app.count('entry-code'), 0)
})
