import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, beforeEach, describe, it } from 'node:test'
import { inflateSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { html } from './html.mjs'
import { judge, oathtool } from './judge.mjs'
import { createPortal } from './portal.mjs'
import { base32, grouped, qrImage, VARIANTS } from './qr.mjs'
import { passwordIsGood } from './users.mjs'
import { NEW_PASSWORD, Visitor, walkToSetup } from './visitor.mjs'

// A clock in the hand of the test: no test waits for a time step.
let now = 1_700_000_010
const server = createPortal({ clock: () => now })
let address

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${server.address().port}`
})
after(() => server.close())

/** The code the key on the page makes at `time`: by oathtool. */
async function codeFor(visitor, time = now) {
  await visitor.get('/otp-setup?mode=manual')
  const [code] = await oathtool(visitor.text('key').replaceAll(' ', ''), time)
  return code
}

describe('the walk of the manual', () => {
  it('ends_logged_in_and_again_at_the_next_login', async () => {
    const visitor = new Visitor(address)
    const user = await walkToSetup(visitor)
    assert.equal(visitor.path, '/otp-setup')
    assert.match(visitor.page, /<h1>ワンタイムパスワード認証の設定<\/h1>/)
    assert.match(visitor.page, /スキャンできませんか\?/)
    await visitor.get('/otp-setup?mode=manual')
    const key = visitor.text('key')
    assert.match(key, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/)
    assert.match(visitor.page, /時間ベース/)

    const secret = key.replaceAll(' ', '')
    await visitor.post('/otp-setup', { otp: (await oathtool(secret, now))[0] })
    assert.equal(visitor.path, '/home')
    assert.match(visitor.page, new RegExp(`id="logged-in" data-user="${user}"`))

    await visitor.post('/logout', {})
    await visitor.post('/login', { user, password: NEW_PASSWORD })
    assert.equal(visitor.path, '/otp')
    now += 30
    await visitor.post('/otp', { otp: (await oathtool(secret, now))[0] })
    assert.equal(visitor.path, '/home')
  })

  it('no_step_can_be_skipped', async () => {
    const visitor = new Visitor(address)
    await visitor.get('/home')
    assert.equal(visitor.path, '/login')
    const user = visitor.text('practice-user')
    await visitor.post('/login', { user, password: visitor.text('practice-password') })
    assert.equal(visitor.path, '/birth-date')
    for (const path of ['/home', '/otp-setup', '/otp', '/method', '/no-such-page']) {
      await visitor.get(path)
      assert.equal(visitor.path, '/birth-date', path)
    }
  })

  it('the_setup_comes_only_after_logging_out_once', async () => {
    const visitor = new Visitor(address)
    const seen = []
    const post = visitor.post.bind(visitor)
    visitor.post = async (...args) => (await post(...args), seen.push(visitor.path), visitor)
    await walkToSetup(visitor)
    assert.deepEqual(seen, ['/birth-date', '/terms', '/mail-address', '/mail-address', '/mailbox', '/new-password', '/complete', '/login', '/otp-setup'])
  })

  it('codes_by_mail_work_too', async () => {
    const visitor = new Visitor(address)
    await walkToSetup(visitor, { method: 'mail' })
    assert.equal(visitor.path, '/mail-code')
    await visitor.get('/mailbox')
    const code = visitor.text('mailed-code')
    await visitor.post('/mail-code', { otp: code.slice(0, 3) + ' ' + code.slice(3) })
    assert.equal(visitor.refusal, 'spaces')
    await visitor.post('/mail-code', { otp: code })
    assert.equal(visitor.path, '/home')
  })
})

describe('a code is refused', () => {
  let visitor
  beforeEach(async () => {
    visitor = new Visitor(address)
    visitor.user = await walkToSetup(visitor)
  })

  const cases = {
    spaces: (code) => `${code.slice(0, 3)} ${code.slice(3)}`,
    'spaces at the end': (code) => `${code} `,
    'spaces full-width': (code) => `${code}\u3000`,
    'not-digits': (code) => `${code.slice(0, 5)}x`,
    'not-digits full-width': (code) => code.replace(/./g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
    length: (code) => code.slice(1),
    empty: () => '',
    wrong: (code) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10)),
  }
  for (const [name, change] of Object.entries(cases)) {
    it(`refused_${name.replaceAll(/[ -]/g, '_')}`, async () => {
      const code = await codeFor(visitor)
      await visitor.post('/otp-setup', { otp: change(code) })
      assert.equal(visitor.refusal, name.split(' ')[0])
      assert.equal(visitor.status, 422)
      assert.ok(visitor.text('refusal').endsWith('。'))
      await visitor.get('/home')
      assert.equal(visitor.path, '/otp-setup', 'still outside')
      // And the unchanged code opens: it was the change that was refused.
      await visitor.post('/otp-setup', { otp: code })
      assert.equal(visitor.path, '/home')
    })
  }

  for (const [steps, opens] of [[-2, false], [-1, true], [0, true], [1, true], [2, false]]) {
    it(`clock_off_by_${steps}_steps_${opens ? 'opens' : 'is_refused'}`, async () => {
      await visitor.post('/otp-setup', { otp: await codeFor(visitor, now + steps * 30) })
      assert.equal(visitor.path, opens ? '/home' : '/otp-setup')
      assert.equal(visitor.refusal, opens ? null : 'wrong')
    })
  }

  it('used_and_older_codes_never_open_again', async () => {
    const older = await codeFor(visitor, now - 30)
    const code = await codeFor(visitor)
    await visitor.get('/login')
    await visitor.post('/otp-setup', { otp: code })
    assert.equal(visitor.path, '/home')
    await visitor.post('/logout', {})
    await visitor.post('/login', { user: visitor.user, password: NEW_PASSWORD })
    for (const otp of [code, older]) {
      await visitor.post('/otp', { otp })
      assert.equal(visitor.refusal, 'used')
    }
  })

  it('used_by_two_at_once_opens_for_one', async () => {
    const code = await codeFor(visitor)
    const twin = new Visitor(address)
    await twin.get('/')
    await twin.post('/login', { user: visitor.user, password: NEW_PASSWORD })
    assert.equal(twin.path, '/otp-setup')
    await Promise.all([visitor.post('/otp-setup', { otp: code }), twin.post('/otp-setup', { otp: code })])
    const refusals = [visitor.refusal, twin.refusal]
    assert.equal(refusals.filter((reason) => reason === 'used').length, 1)
  })
})

describe('forms before the code', () => {
  it('wrong_password_birth_date_and_mail_are_refused', async () => {
    const visitor = new Visitor(address)
    await visitor.get('/')
    const user = visitor.text('practice-user')
    const password = visitor.text('practice-password')
    await visitor.post('/login', { user, password: `${password}x` })
    assert.equal(visitor.refusal, 'login')
    await visitor.post('/login', { user, password })
    await visitor.post('/birth-date', { 'birth-date': '19000101' })
    assert.equal(visitor.refusal, 'birth-date')
  })

  it('password_rule_of_the_manual', () => {
    for (const good of ['Aa1!aaaa', NEW_PASSWORD]) assert.ok(passwordIsGood(good), good)
    for (const bad of ['Aa1!aaa', 'aa1!aaaa', 'AA1!AAAA', 'Aaa!aaaa', 'Aa1aaaaa', 'Ａa1!aaaa', 'Aa1! aaaa', '']) {
      assert.ok(!passwordIsGood(bad), bad)
    }
  })

  it('a_form_too_long_is_not_read', async () => {
    const visitor = new Visitor(address)
    await visitor.post('/login', { user: 'x'.repeat(20_000) })
    assert.equal(visitor.status, 413)
  })
})

describe('what the pages are made of', () => {
  it('values_are_escaped', () => {
    assert.equal(`${html`<p title="${`"'`}">${'<b>&'}</p>`}`, '<p title="&quot;&#39;">&lt;b&gt;&amp;</p>')
  })

  it('mail_address_cannot_become_markup', async () => {
    const visitor = new Visitor(address)
    await visitor.get('/')
    await visitor.post('/login', { user: visitor.text('practice-user'), password: visitor.text('practice-password') })
    await visitor.post('/birth-date', { 'birth-date': /練習用のユーザは (\d+)/.exec(visitor.page)[1] })
    await visitor.post('/terms', {})
    await visitor.post('/mail-address', { mail: '<img/src=x>@example.jp' })
    assert.ok(!visitor.page.includes('<img/src=x>'))
    assert.ok(visitor.page.includes('&lt;img/src=x&gt;@example.jp'))
  })

  it('no_script_may_run', async () => {
    const visitor = new Visitor(address)
    await visitor.get('/')
    assert.match(visitor.headers.get('content-security-policy'), /^default-src 'none'/)
    assert.ok(!visitor.page.includes('<script'))
  })

  it('rfc4648_base32', () => {
    const vectors = { f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB', foobar: 'MZXW6YTBOI' }
    for (const [text, encoded] of Object.entries(vectors)) assert.equal(base32(Buffer.from(text)), encoded)
    assert.equal(grouped('MZXW6YTBOI'), 'MZXW 6YTB OI')
  })

  it('rfc6238_appendix_b_through_the_judge', async () => {
    const secret = base32(Buffer.from('12345678901234567890'))
    assert.deepEqual(await judge({ secret, lastStep: -1 }, '287082', 59), { ok: true, step: 1 })
    assert.deepEqual(await judge({ secret, lastStep: 1 }, '287082', 59), { ok: false, reason: 'used' })
    assert.deepEqual(await judge({ secret, lastStep: -1 }, '081804', 1111111109), { ok: true, step: 37037036 })
  })

  for (const name of Object.keys(VARIANTS)) {
    it(`picture_${name}_is_a_png_of_its_size`, () => {
      const { uri, size } = qrImage('otpauth://totp/a?secret=MZXW6YTB', VARIANTS[name])
      const bytes = Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64')
      assert.equal(bytes.readUInt32BE(16), size)
      const start = bytes.indexOf('IDAT')
      const pixels = inflateSync(bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start - 4)))
      assert.equal(pixels.length, size * (size * 4 + 1))
    })
  }
})

describe('the server', () => {
  const start = (...args) => spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url)), ...args])

  it('says_its_address_in_one_line_and_keeps_to_this_machine', async () => {
    const child = start('--secret-bytes', '10')
    try {
      const line = await new Promise((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data)))
        child.once('exit', (status) => reject(new Error(`ended with ${status}`)))
      })
      assert.match(line, /^http:\/\/127\.0\.0\.1:\d+\/\n$/)
      const visitor = new Visitor(line.trim())
      await walkToSetup(visitor)
      await visitor.get('/otp-setup?mode=manual')
      assert.equal(visitor.text('key').replaceAll(' ', '').length, 16)
    } finally {
      child.kill()
    }
  })

  it('refuses_options_it_does_not_understand', async () => {
    for (const args of [['--port', 'x'], ['--state', 'disk'], ['--secret-bytes', '0']]) {
      const child = start(...args)
      const status = await new Promise((resolve) => child.once('exit', resolve))
      assert.equal(status, 1, args.join(' '))
    }
  })
})
