// Pictures that cannot be used: each says why, in a sentence of its own, in both languages, and nothing is lost.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'

const FOLDER = fileURLToPath(new URL('../fixtures/qr', import.meta.url))
const LOCALES = { ja: 'ja_JP.UTF-8', en: 'en_US.UTF-8' }
/** What each bad picture is answered with. */
const ANSWERS = {
  'not-a-picture.png': 'not_a_picture',
  'truncated.png': 'picture_truncated',
  'huge-header.png': 'picture_too_large',
  'no-code.png': 'no_code_found',
  'web-link.png': 'code_is_web_link',
  'wifi.png': 'code_is_wifi',
  'microsoft-push.png': 'code_is_microsoft_push',
  'part-1-of-2.png': 'code_is_part',
  'no-secret.png': 'secret_missing',
  'illegal-secret.png': 'secret_illegal_character',
  'digits-99.png': 'digits_out_of_range',
  'period-0.png': 'period_out_of_range',
}

test('every_picture_is_either_answered_here_or_usable', () => {
  const pictures = readdirSync(FOLDER).filter((file) => !file.endsWith('.json'))
  const unknown = pictures.filter((file) => !ANSWERS[file] && !/^(totp|hotp|migration|two-codes|parts-together)/.test(file))
  assert.deepEqual(unknown, [])
  assert.deepEqual(Object.keys(ANSWERS).filter((file) => !pictures.includes(file)), [])
})

for (const [language, LANG] of Object.entries(LOCALES)) {
  journey(`bad_pictures_say_why_in_${language}`, { portal: false, desktop: { env: { LANG } } }, async ({ app, t }) => {
    await app.createVault()
    for (const [file, error] of Object.entries(ANSWERS)) {
      await app.openPicture(join(FOLDER, file))
      const said = await until(`what ${file} is answered with`, () => app.text('error-message'))
      assert.match(said, sentence(error, language), file)
      t.diagnostic(`${file}: ${error}`)
      await app.leaveReading()
    }
    assert.equal(await app.count('entry-code'), 0)
  })
}
