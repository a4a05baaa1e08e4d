// Pictures that cannot be used: each says why, in a sentence of its own, in both languages, and nothing is lost.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'

const FOLDER = fileURLToPath(new URL('../fixtures/qr', import.meta.url))
const LOCALES = { ja: 'ja_JP.UTF-8', en: 'en_US.UTF-8' }
const cases = []

test('fixtures_are_there', () => assert.ok(cases.length >= 10, `${cases.length} bad pictures in tests/fixtures/qr`))

for (const [language, LANG] of Object.entries(LOCALES)) {
  journey(`bad_pictures_say_why_in_${language}`, { portal: false, desktop: { env: { LANG } } }, async ({ app, t }) => {
    await app.createVault()
    for (const { file, error } of cases) {
      await app.openPicture(join(FOLDER, file))
      const said = await until(`what ${file} is answered with`, () => app.text('error-message'))
      assert.match(said, sentence(error, language), file)
      t.diagnostic(`${file}: ${error}`)
      await app.leaveReading()
    }
    assert.equal(await app.count('entry-code'), 0)
  })
}
