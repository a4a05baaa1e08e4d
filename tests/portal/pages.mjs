// The pages, in the words of the manual and of a Keycloak login in Japanese. No script anywhere.
import { html } from './html.mjs'
import { grouped, keyUri, qrImage, VARIANTS } from './qr.mjs'

export const ISSUER = 'みどり健保ポータル'

/** Why the portal said no, one sentence each. */
const REFUSALS = {
  'login': 'ユーザIDまたはパスワードが違います。',
  'birth-date': '生年月日が登録と一致しません。西暦8桁の半角数字で入力してください。',
  'mail': 'メールアドレスの形が正しくありません。',
  'method': '認証方法を選択してください。',
  'password-rule': 'パスワードは、半角英大小数字記号から最低1文字ずつ使用し、8桁以上にしてください。',
  'password-differs': '2つのパスワードが一致しません。',
  'empty': 'ワンタイムパスワードを入力してください。',
  'spaces': 'ワンタイムパスワードに空白が含まれています。空白を削除して入力してください。',
  'not-digits': 'ワンタイムパスワードは半角数字だけで入力してください。',
  'length': 'ワンタイムパスワードは6桁です。',
  'wrong': 'ワンタイムパスワードが違います。表示中の新しいものを入力してください。',
  'used': 'このワンタイムパスワードは使用済みです。次のものが表示されるまでお待ちください。',
}

function layout(title, body, { session, refusal = null, look = '' }) {
  const sentence = refusal && html`<p class="refusal" id="refusal" role="alert" data-reason="${refusal}">${REFUSALS[refusal]}</p>`
  const account = session.account
  return html`<!doctype html>
<html lang="ja" class="${look}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} | ${ISSUER}</title>
<link rel="stylesheet" href="/style.css">
<header><div class="inner"><span class="mark" aria-hidden="true"></span><b>${ISSUER}</b>
${account && html`<form method="post" action="/logout"><span class="who">${account.id} さん</span> <button id="logout" class="quiet">ログアウト</button></form>`}
</div></header>
<p class="practice">これは練習用のページです。ご自分の本当の情報は入力しないでください。記録は、このページを止めると消えます。</p>
<main>
<h1>${title}</h1>
${sentence}
${body}
</main>
</html>`
}

const field = (name, label, attributes) => html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" ${attributes}>`

const PLAIN = html`autocomplete="off" spellcheck="false" autofocus`
const CODE = html`inputmode="numeric" autocomplete="one-time-code" spellcheck="false" autofocus`

export const pages = {
  '/login': (context) => {
    const user = context.session.practice
    const password = user.provisional
      ? html`<dt>仮パスワード</dt><dd id="practice-password">${user.password}</dd>`
      : html`<dt>パスワード</dt><dd>ご自分で設定したもの</dd>`
    return layout('ログイン', html`<form method="post">
${field('user', 'ユーザID', PLAIN)}
${field('password', 'パスワード', html`type="password" autocomplete="off"`)}
<button id="submit">ログイン</button>
</form>
<aside><h2>練習用のユーザ</h2>
<dl><dt>ユーザID</dt><dd id="practice-user">${user.id}</dd>${password}
<dt>生年月日</dt><dd id="practice-birth-date">${user.birthDate}</dd></dl>
<form method="post" action="/practice"><button id="new-practice" class="quiet">別のユーザで最初から練習する</button></form>
</aside>`, context)
  },

  '/birth-date': (context) => layout('生年月日の確認', html`<p>ご自身の生年月日を入力してください。</p>
<form method="post">
${field('birth-date', '生年月日（西暦8桁）', PLAIN)}
<p class="help">例：1960年4月1日は 19600401 （練習用のユーザは ${context.session.account.birthDate}）</p>
<button id="submit">次へ</button>
</form>`, context),

  '/terms': (context) => layout('利用規約', html`<div class="terms" tabindex="0">
<p>第1条　このページは、ログインの練習のためのものです。</p>
<p>第2条　入力されたものは、このパソコンの外には送られません。</p>
<p>第3条　ワンタイムパスワードは、一度使うと二度と使えません。</p>
</div>
<form method="post"><button id="submit">同意する</button></form>`, context),

  '/mail-address': (context) => {
    const { mail } = context.session.account
    if (mail === null || context.refusal === 'mail') {
      return layout('メールアドレスの設定', html`<form method="post">
${field('mail', 'メールアドレス', html`autocomplete="off" autofocus value="renshu@example.jp"`)}
<p class="help">メールは実際には送られません。</p>
<button id="submit">確認メールを送信する</button>
</form>`, context)
    }
    return layout('メールアドレスの確認', html`<p><b>${mail}</b> に確認メールを送信しました。届いたメールを開き、メールアドレスの確認を完了してから、この画面を更新してください。</p>
<p><a id="mailbox" href="/mailbox" target="_blank" rel="noopener">届いたメールを開く</a></p>
<p><a class="button" id="reload" href="/mail-address">画面を更新する</a></p>`, context)
  },

  '/mailbox': (context) => {
    const { mail, mailToken, mailConfirmed, mailCode } = context.session.account
    const confirmation = mailToken && !mailConfirmed && html`<article><h2>メールアドレスの確認</h2><p>宛先：${mail}</p>
<p>次のボタンを押して、メールアドレスの確認を完了してください。</p>
<form method="post"><input type="hidden" name="token" value="${mailToken}"><button id="confirm-mail">確認を完了する</button></form></article>`
    const done = mailConfirmed && html`<p id="mail-confirmed">メールアドレスの確認が完了しました。元の画面に戻り、更新してください。</p>`
    const code = mailCode && html`<article><h2>ワンタイムパスワードのお知らせ</h2><p>ワンタイムパスワード：<b id="mailed-code">${mailCode}</b></p></article>`
    return layout('届いたメール', html`${confirmation}${done}${code}${!confirmation && !done && !code && html`<p>メールはありません。</p>`}`, context)
  },

  '/method': (context) => layout('認証方法の選択', html`<p>ログインのときに使う認証方法を選択してください。</p>
<form method="post">
<label class="choice"><input type="radio" name="method" value="app" id="method-app"> OTP（アプリ）<small>認証アプリに表示されるワンタイムパスワードを使います。</small></label>
<label class="choice"><input type="radio" name="method" value="mail" id="method-mail"> OTP（メール）<small>メールで届くワンタイムパスワードを使います。</small></label>
<p class="help">※OTPは、ワンタイムパスワードの略です。</p>
<button id="submit">次へ</button>
</form>`, context),

  '/new-password': (context) => layout('新しいパスワードの設定', html`<p>パスワードは、半角英大小数字記号から最低1文字ずつ使用で、8桁以上です。</p>
<form method="post">
${field('new-password', '新しいパスワード', html`type="password" autocomplete="new-password" autofocus`)}
${field('new-password-again', '新しいパスワード（確認）', html`type="password" autocomplete="new-password"`)}
<button id="submit">設定する</button>
</form>`, context),

  '/complete': (context) => layout('初回ログインが完了しました', context.session.account.method === 'app'
    ? html`<p id="complete">※続けて設定を行う必要があります。必ず一度ログアウトし、もう一度ログインして、ワンタイムパスワード認証の設定をしてください。</p>`
    : html`<p id="complete">設定は以上です。次のログインから、メールで届くワンタイムパスワードを使います。</p>`, context),

  '/otp-setup': otpSetup,

  '/otp': (context) => layout('ワンタイムパスワードの入力', html`<p>認証アプリに表示されているワンタイムパスワードを入力してください。</p>
<form method="post">
${field('otp', 'ワンタイムパスワード', CODE)}
<p class="help">※ワンタイムパスワードの間にあるスペースは削除して入力してください。</p>
<button id="submit">ログイン</button>
</form>`, context),

  '/mail-code': (context) => layout('ワンタイムパスワードの入力', html`<p>メールで届いたワンタイムパスワードを入力してください。</p>
<p><a id="mailbox" href="/mailbox" target="_blank" rel="noopener">届いたメールを開く</a></p>
<form method="post">
${field('otp', 'ワンタイムパスワード', CODE)}
<button id="submit">ログイン</button>
</form>`, context),

  '/home': (context) => layout('トップページ', html`<p id="logged-in" data-user="${context.session.account.id}">ログインしました。${context.session.account.id} さん、ようこそ。</p>
<ul class="tiles"><li>医療費のお知らせ<li>健診の申し込み<li>各種申請書</ul>
<p class="help">練習を続けるときは、ログアウトして、もう一度ログインしてください。</p>`, context),
}

/** The page this is all about. `?qr=` makes the code harder to read, `?mode=manual` shows the key instead. */
function otpSetup(context) {
  const { query, session } = context
  const { id, key } = session.account
  const variant = Object.hasOwn(VARIANTS, query.get('qr') ?? '') ? query.get('qr') : 'plain'
  const image = qrImage(keyUri({ issuer: ISSUER, account: id, secret: key.secret }), VARIANTS[variant])
  const code = html`<li>二次元コードを読み取ってください。
<p class="code"><img id="qr" alt="二次元コード" src="${image.uri}" width="${image.size}" height="${image.size}"></p>
<p><a id="unable-to-scan" href="/otp-setup?mode=manual">スキャンできませんか?</a></p>`
  const manual = html`<li>次のキーを認証アプリに入力してください。
<p class="key" id="key">${grouped(key.secret)}</p>
<dl><dt>鍵の種類</dt><dd>時間ベース</dd><dt>アルゴリズム</dt><dd>SHA1</dd><dt>桁数</dt><dd>6</dd><dt>間隔</dt><dd>30</dd></dl>
<p><a id="scan-instead" href="/otp-setup">二次元コードを表示する</a></p>`
  return layout('ワンタイムパスワード認証の設定', html`<ol>
<li>認証アプリを開いてください。
${query.get('mode') === 'manual' ? manual : code}
<li>認証アプリに表示されたワンタイムパスワードを入力し、送信を押してください。
<form method="post">
${field('otp', 'ワンタイムパスワード', CODE)}
<p class="help">※ワンタイムパスワードの間にあるスペースは削除して入力してください。</p>
<button id="submit">送信</button>
</form>
</ol>`, { ...context, look: variant === 'dark' || variant === 'inverted' ? 'dark' : '' })
}
