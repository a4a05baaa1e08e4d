// Several codes at once: what is ticked is what is added, from pictures, from the clipboard and from an export of several parts; and
// what becomes of the picture that held the keys.
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { codesPicture, exportLines, lineOf } from './harness/saved-codes.mjs'
import { journey } from './harness/journey.mjs'
import { canaryKey } from './harness/memory.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'

/** Accounts with a key each that is nowhere else. */
const accounts = (names) => names.map((issuer, i) => ({ issuer, account: `hanako${i}`, secret: canaryKey() }))

/** The titles of the list to tick or of the accounts listed, in their order. */
const titles = (app, id) =>
  app.driver.executeScript(`return [...document.querySelectorAll('[data-testid="${id}"]')].map((row) => row.querySelector('.title').textContent.trim())`)
const ticks = (app) => app.driver.executeScript(`return [...document.querySelectorAll('[data-testid="check-tick"]')].map((box) => box.checked)`)
const listed = (app, names) =>
  until(`exactly ${names}`, async () => JSON.stringify((await titles(app, 'entry-copy')).sort()) === JSON.stringify([...names].sort()))

/** Ticks or unticks the row of this title, by the space bar. */
async function toggle({ app, desktop }, title) {
  const at = (await titles(app, 'check-row')).indexOf(title)
  assert.notEqual(at, -1, `${title} in the list to tick`)
  const before = (await ticks(app))[at]
  await desktop.activate(app.window)
  await app.driver.executeScript(`document.querySelectorAll('[data-testid="check-tick"]')[${at}].focus()`)
  await desktop.key('space')
  await until(`${title} toggled`, async () => (await ticks(app))[at] !== before)
}

/** Puts something on the real clipboard. xclip stays to hand it out. */
function hold(desktop, type, file) {
  desktop.launch('xclip', ['-selection', 'clipboard', '-t', type, '-i', file])
}

/** Where the page of {@link showCodes} is white. */
const WHITE = { x: 300, y: 700 }

/** Shows a picture on a white page that fills the left of the screen. */
async function showCodes(desktop, picture) {
  const page = join(desktop.home, 'page.png')
  desktop.own(page)
  await desktop.run('convert', ['-size', '1000x900', 'xc:white', picture, '-geometry', '+20+40', '-composite', page])
  desktop.launch('display', ['-geometry', '+0+0', page])
  await until('the page with the codes', async () => (await desktop.brightness(WHITE.x, WHITE.y)) > 250)
}

/** What the clipboard offers, as the names of types. */
const offered = (desktop) => desktop.run('xclip', ['-selection', 'clipboard', '-o', '-t', 'TARGETS'], { timeout: 5000 }).catch(() => '')

journey('what_is_ticked_is_what_is_added', { portal: false }, async (world) => {
  const { app, desktop, t } = world
  await app.createVault()
  const [bank, shop, mail, doctor] = accounts(['Bank', 'Shop', 'Mail', 'Doctor'])
  await app.typeKey({ text: shop.secret, issuer: shop.issuer, account: shop.account })
  await app.confirm()

  // A new key for an account that is there, and a page's address, which is no key at all.
  const newKey = { ...shop, secret: canaryKey() }
  const picture = await codesPicture(desktop, 'four codes.png', [lineOf(desktop, bank), lineOf(desktop, shop), lineOf(desktop, mail), lineOf(desktop, newKey), 'https://example.com/'])
  await app.openPicture(picture)
  await app.find('screen-checklist')
  assert.deepEqual((await titles(app, 'check-row')).sort(), ['Bank', 'Mail', 'Shop', 'Shop'])
  const standings = await app.driver.executeScript(`return [...document.querySelectorAll('[data-testid="check-row"]')].map((row) => row.dataset.standing).sort()`)
  assert.deepEqual(standings, ['new', 'new', 'other_key', 'present'])
  assert.equal((await ticks(app)).filter(Boolean).length, 2, 'only the new ones')
  assert.equal(await app.count('check-refusal'), 1, 'the address is named')
  await app.press('check-all')
  assert.equal((await ticks(app)).filter(Boolean).length, 3, 'not what is there already')
  await app.press('check-none')
  assert.equal(await (await app.find('check-add')).isEnabled(), false)
  await toggle(world, 'Bank')
  await app.press('check-add')
  await app.find('screen-list')
  await listed(app, ['Bank', 'Shop'])
  assert.match(await app.text('toast'), /./)

  // The picture holds codes that were not added: whoever deleted it now would lose them.
  assert.equal(await app.shows('pictures'), false)
  await app.openPicture(picture)
  await app.find('screen-checklist')
  assert.equal((await ticks(app)).filter(Boolean).length, 1, 'the bank is recognised')
  await app.press('check-cancel')
  await app.find('screen-add')

  // The old key is replaced only where that was ticked, and stays in the history.
  await app.openPicture(await codesPicture(desktop, 'new key.png', [lineOf(desktop, newKey), lineOf(desktop, doctor)]))
  await app.find('screen-checklist')
  await toggle(world, 'Shop')
  await app.find('check-same')
  await app.press('check-add')
  await listed(app, ['Bank', 'Doctor', 'Shop'])
  t.diagnostic(await app.text('after-adding'))
})

journey('the_same_key_with_other_settings_takes_the_place_of_the_wrong_ones', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const [bank] = accounts(['Bank'])
  await app.typeKey({ text: bank.secret, issuer: 'My bank', account: bank.account })
  await app.confirm()
  const right = await codesPicture(desktop, 'right.png', [lineOf(desktop, bank, '&digits=8&algorithm=SHA256&period=60')])
  await app.openPicture(right)
  await app.find('confirm-same-account')
  assert.match(await app.text('confirm-same-account'), /My bank[^]*6[^]*30[^]*8[^]*60[^]*SHA-256/)
  assert.equal(await app.value('confirm-issuer'), 'My bank', 'its owner knows it by that name')
  await app.confirm()
  await listed(app, ['My bank'])
  await until('eight digits', async () => /^[0-9]{8}$/.test(await app.text('entry-code')))
  // Now it is the same in everything.
  await app.openPicture(right)
  await app.find('confirm-present')
  await app.press('confirm-cancel')
})

journey('a_name_is_asked_for_where_none_was_read', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const [bank] = accounts(['Bank'])
  const nameless = canaryKey()
  desktop.secrets.add(nameless)
  await app.openPicture(await codesPicture(desktop, 'nameless.png', [lineOf(desktop, bank), `otpauth://totp/?secret=${nameless}`]))
  await app.find('screen-checklist')
  await app.press('check-add')
  await app.find('check-fault')
  assert.equal(await app.shows('screen-checklist'), true)
  await app.fill('check-issuer', 'Named now')
  await app.press('check-add')
  await listed(app, ['Bank', 'Named now'])
})

journey('export_of_three_parts_in_any_order', { portal: false }, async (world) => {
  const { app, desktop } = world
  await app.createVault()
  const names = ['One', 'Two', 'Three', 'Four', 'Five']
  const [one, two, three, four, five] = accounts(names)
  const lines = exportLines(desktop, [[one, two], [three], [four, five]])
  const parts = []
  for (const [i, line] of lines.entries()) parts.push(await codesPicture(desktop, `part ${i + 1}.png`, [line]))

  await app.openPicture(parts[2])
  await app.find('screen-checklist')
  assert.deepEqual(await titles(app, 'check-row'), ['Four', 'Five'])
  await toggle(world, 'Four')
  await app.chooseIn('export-picture', parts[0])
  await until('the first part', async () => (await app.count('check-row')) === 4)
  assert.deepEqual(await ticks(app), [false, true, true, true], 'what was unticked stays so')
  // A picture without a code, and the same part again, lose nothing.
  await app.chooseIn('export-picture', join(import.meta.dirname, '../fixtures/qr/no-code.png'))
  await until('why not', async () => (await app.shows('error-message')) || app.shows('check-refusal'))
  assert.deepEqual(await ticks(app), [false, true, true, true])
  await app.chooseIn('export-picture', parts[2])
  await app.find('check-refusal')
  assert.equal(await app.count('check-row'), 4)
  await app.chooseIn('export-picture', parts[1])
  await until('the second part', async () => (await app.count('check-row')) === 5)
  assert.equal(await app.shows('export-picture'), false, 'nothing is missing any more')
  await until('the focus where the buttons were', async () => (await app.inFocus()) === 'exports')
  await app.press('check-add')
  await listed(app, names.filter((name) => name !== 'Four'))
})

journey('the_picture_is_deleted_only_when_asked', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const [bank, shop, mail] = accounts(['Bank', 'Shop', 'Mail'])
  const kept = await codesPicture(desktop, 'kept.png', [lineOf(desktop, bank)])
  await app.openPicture(kept)
  await app.confirm()
  await app.find('pictures')
  assert.ok((await app.text('pictures')).includes(basename(kept)))
  await app.press('pictures-keep')
  await until('the question gone', async () => !(await app.shows('pictures')))
  assert.ok(existsSync(kept))

  const deleted = await codesPicture(desktop, 'deleted.png', [lineOf(desktop, shop), lineOf(desktop, mail)])
  await app.openPicture(deleted)
  await app.find('screen-checklist')
  await app.press('check-add')
  await app.press('pictures-delete')
  assert.ok((await app.text('pictures-deleted')).includes(basename(deleted)))
  assert.equal(existsSync(deleted), false)
  assert.ok(existsSync(kept))

  // Changed since it was read, it is another file: that one stays.
  const changed = await codesPicture(desktop, 'changed.png', [lineOf(desktop, { ...bank, issuer: 'Other', secret: canaryKey() })])
  await app.press('pictures-close')
  await app.openPicture(changed)
  await app.confirm()
  await app.find('pictures')
  writeFileSync(changed, 'something else')
  await app.press('pictures-delete')
  await app.find('picture-kept')
  assert.ok(existsSync(changed))
})

journey('pasted_picture_and_pasted_text_are_read_and_taken_off', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const [bank, shop, mail] = accounts(['Bank', 'Shop', 'Mail'])
  hold(desktop, 'image/png', await codesPicture(desktop, 'copied.png', [lineOf(desktop, bank)]))
  await until('the picture on the clipboard', async () => (await offered(desktop)).includes('image/png'))
  await app.goToAdd()
  await desktop.activate(app.window)
  await desktop.key('ctrl+v')
  await app.find('screen-confirm')
  assert.equal(await app.value('confirm-issuer'), 'Bank')
  await app.confirm()
  assert.match(await app.text('toast'), /クリップボードから消しました|taken off the clipboard/)
  await until('the clipboard without the picture', async () => !(await offered(desktop)).includes('image/png'))

  // Text, from the button and from the list.
  const text = join(desktop.home, 'lines.txt')
  desktop.own(text)
  writeFileSync(text, `QR-Code:${lineOf(desktop, shop)}\nand this is no line\n${lineOf(desktop, mail)}\n`)
  hold(desktop, 'UTF8_STRING', text)
  await until('the text on the clipboard', async () => (await desktop.clipboard()).includes('otpauth'))
  await app.goToAdd()
  await app.press('way-paste')
  await app.find('screen-checklist')
  assert.deepEqual(await titles(app, 'check-row'), ['Shop', 'Mail'])
  await app.press('check-add')
  await listed(app, ['Bank', 'Shop', 'Mail'])
  await until('the clipboard without the keys', async () => !(await desktop.clipboard()).includes('otpauth'))

  // With the caret in a field, too: there it is only text that belongs to the field.
  const doctor = accounts(['', '', '', 'Doctor'])[3]
  hold(desktop, 'image/png', await codesPicture(desktop, 'copied.png', [lineOf(desktop, doctor)]))
  await until('the picture on the clipboard', async () => (await offered(desktop)).includes('image/png'))
  await desktop.activate(app.window)
  await app.driver.executeScript(`document.querySelector('[data-testid="search"]').focus()`)
  await desktop.key('ctrl+v')
  await app.find('screen-confirm')
  await app.press('confirm-cancel')
  await app.back()
  writeFileSync(text, lineOf(desktop, doctor))
  hold(desktop, 'UTF8_STRING', text)
  await until('the line on the clipboard', async () => (await desktop.clipboard()).includes('Doctor'))
  await app.driver.executeScript(`document.querySelector('[data-testid="search"]').focus()`)
  await desktop.key('ctrl+v')
  await app.find('screen-confirm')
  await app.press('confirm-cancel')
  await app.back()
  writeFileSync(text, 'Mail')
  hold(desktop, 'UTF8_STRING', text)
  await until('the word on the clipboard', async () => (await desktop.clipboard()) === 'Mail')
  await app.driver.executeScript(`document.querySelector('[data-testid="search"]').focus()`)
  await desktop.key('ctrl+v')
  await listed(app, ['Mail'])
  await app.fill('search', '')

  // A code that was just copied here is no key: said in passing.
  await app.press('entry-copy')
  await until('the code on the clipboard', async () => /^[0-9]{6}$/.test(await desktop.clipboard()))
  await desktop.key('ctrl+v')
  await until('what it is', async () => /^[^0-9]*$/.test(await app.text('toast')))
  assert.ok(await app.shows('screen-list'))

  // A bare key: its name is asked for.
  const bare = canaryKey()
  desktop.secrets.add(bare)
  const groups = bare.toLowerCase().match(/.{4}/g)
  writeFileSync(text, groups.join(' '))
  hold(desktop, 'UTF8_STRING', text)
  await until('the key on the clipboard', async () => (await desktop.clipboard()).includes(groups[0]))
  await desktop.activate(app.window)
  await app.driver.executeScript('document.activeElement.blur()')
  await desktop.key('ctrl+v')
  await app.find('screen-confirm')
  await app.fill('confirm-issuer', 'Bare')
  await app.confirm()
  await listed(app, ['Bank', 'Shop', 'Mail', 'Bare'])
})

journey('files_dropped_together_are_one_list_and_both_may_be_deleted', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const [bank, shop] = accounts(['Bank', 'Shop'])
  const files = [await codesPicture(desktop, 'one of two.png', [lineOf(desktop, bank)]), await codesPicture(desktop, 'two of two.png', [lineOf(desktop, shop)])]
  await app.drop(...files)
  await app.find('screen-checklist')
  assert.deepEqual(await titles(app, 'check-row'), ['Bank', 'Shop'])
  // Each with its code, before anything is added.
  await until('both codes', async () => (await app.count('entry-code')) === 2)
  await app.press('check-add')
  await listed(app, ['Bank', 'Shop'])
  await until('the question about both', async () => (await app.count('picture')) === 2)
  await app.press('pictures-delete')
  await app.find('pictures-deleted')
  assert.deepEqual(files.filter((file) => existsSync(file)), [])
})

journey('files_copied_in_a_file_manager_are_pasted', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const [bank, shop, mail] = accounts(['Bank', 'Shop', 'Mail'])
  const list = desktop.own(join(desktop.home, 'copied files'))
  const copy = async (...files) => {
    writeFileSync(list, files.map((file) => `${pathToFileURL(file)}\r\n`).join(''))
    hold(desktop, 'text/uri-list', list)
    await until('the files on the clipboard', async () => (await offered(desktop)).includes('text/uri-list'))
    await app.goToAdd()
    await desktop.activate(app.window)
    await desktop.key('ctrl+v')
  }
  const one = await codesPicture(desktop, 'copied, 写し.png', [lineOf(desktop, bank)])
  await copy(one)
  await app.find('screen-confirm')
  assert.equal(await app.value('confirm-issuer'), 'Bank')
  await app.confirm()
  await app.find('pictures')
  assert.ok((await app.text('pictures')).includes(basename(one)))
  await app.press('pictures-keep')
  assert.ok(existsSync(one))

  await copy(await codesPicture(desktop, 'second.png', [lineOf(desktop, shop)]), await codesPicture(desktop, 'third.png', [lineOf(desktop, mail)]))
  await app.find('screen-checklist')
  assert.deepEqual(await titles(app, 'check-row'), ['Shop', 'Mail'])
  await app.press('check-add')
  await listed(app, ['Bank', 'Shop', 'Mail'])
})

for (const [what, dragged] of [['picture', ['https://example.com/qr.png']], ['text', ['--text', 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ']]]) {
  journey(`a_${what}_dragged_off_a_page_says_what_to_do`, { portal: false }, async ({ app }) => {
    await app.createVault()
    await app.drop(...dragged)
    await app.find('screen-reading-failed')
    assert.match(await app.text('error-message'), sentence('dropped_no_file', 'ja'))
  })
}

journey('all_codes_of_the_screen_are_taken_at_once', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const names = ['Bank', 'Shop', 'Mail']
  await showCodes(desktop, await codesPicture(desktop, 'screen.png', accounts(names).map((account) => lineOf(desktop, account))))
  const before = await desktop.brightness(WHITE.x, WHITE.y)
  await app.goToAdd()
  app.pressScan()
  await desktop.window(/^Warifu scan/)
  await until('the dimmed picture', async () => {
    const now = await desktop.brightness(WHITE.x, WHITE.y)
    return now < before * 0.9 && now > 32
  })
  // The codes come first, then the button for all of them.
  await desktop.key(...names.map(() => 'Tab'), 'Tab', 'Return')
  await app.find('screen-checklist')
  assert.deepEqual((await titles(app, 'check-row')).sort(), [...names].sort())
  await app.press('check-add')
  await listed(app, names)
})

journey('a_damaged_key_leaves_a_form_filled_in', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const damaged = lineOf(desktop, { issuer: 'Doctor', account: 'hanako', secret: 'GEZD1NBVGY3TQOJQ' }, '&digits=8&period=60&algorithm=SHA256')
  await app.openPicture(await codesPicture(desktop, 'damaged.png', [damaged]))
  await app.find('screen-reading-failed')
  assert.equal(await app.text('refusal-name'), 'damaged.png')
  await app.press('refusal-form')
  await app.find('screen-key')
  assert.deepEqual([await app.value('key-text'), await app.value('key-issuer'), await app.value('key-account')], ['', 'Doctor', 'hanako'])
  const key = canaryKey()
  desktop.secrets.add(key)
  await app.fill('key-text', key)
  await app.press('key-next')
  await app.confirm()
  await listed(app, ['Doctor'])
  assert.match(await app.text('entry-code'), /^[0-9]{8}$/)
})

journey('a_damaged_code_pressed_on_the_frozen_screen_leaves_its_form', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const damaged = lineOf(desktop, { issuer: 'Doctor', account: 'hanako', secret: 'GEZD1NBVGY3TQOJQ' }, '&digits=8')
  await showCodes(desktop, await codesPicture(desktop, 'damaged.png', [damaged]))
  const before = await desktop.brightness(WHITE.x, WHITE.y)
  await app.goToAdd()
  app.pressScan()
  await desktop.window(/^Warifu scan/)
  await until('the dimmed picture', async () => {
    const now = await desktop.brightness(WHITE.x, WHITE.y)
    return now < before * 0.9 && now > 32
  })
  await desktop.key('Tab', 'Return')
  await app.find('screen-reading-failed')
  await app.press('refusal-form')
  await app.find('screen-key')
  assert.deepEqual([await app.value('key-text'), await app.value('key-issuer'), await app.value('key-account')], ['', 'Doctor', 'hanako'])
})
