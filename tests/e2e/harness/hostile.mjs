// Names made by someone who wishes ill: markup, script, template code, invisible and direction-changing characters, sheer length.

const MARKUP = [
  '<b>bold</b>', '<script>window.struck=1</script>', '<img src=x onerror=window.struck=1>', '<svg onload=window.struck=1>',
  '<iframe src=javascript:window.struck=1>', '<a href=javascript:window.struck=1>press</a>', '"><script>window.struck=1</script>',
  "'><img src=x onerror=window.struck=1>", '</title><script>window.struck=1</script>', '<!--', '-->', '<![CDATA[', ']]>', '<style>*{display:none}</style>',
  '<base href=https://example.com/>', '<meta http-equiv=refresh content=0;url=https://example.com/>', '<form action=https://example.com/><input>',
  '<object data=x>', '<embed src=x>', '<details open ontoggle=window.struck=1>', '<video><source onerror=window.struck=1>', '<math><mtext></mtext></math>',
  '<template><script>window.struck=1</script></template>', '<link rel=stylesheet href=//example.com/x.css>', '<x onclick=window.struck=1>',
  '&lt;script&gt;', '&#60;script&#62;', '&#x3c;b&#x3e;', '&amp;', '&nbsp;', '\\u003cscript\\u003e', '%3Cscript%3E', '＜script＞', '<ｓｃｒｉｐｔ>',
]
const TEMPLATES = [
  '{window.struck=1}', '{@html "<b>"}', '{#if true}x{/if}', '{{7*7}}', '${7*7}', '<%= 7*7 %>', '#{7*7}', '{placeholder}', '{name}', '{issuer}', '%s%n', '$&$1',
  'javascript:window.struck=1', 'data:text/html,<script>window.struck=1</script>', 'https://example.com/', '//example.com', 'file:///etc/passwd',
  "');window.struck=1//", '";window.struck=1//', '`;window.struck=1//', '__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '0', 'false', '[object Object]',
]
const CHARACTERS = [
  '\u202e', '\u202d', '\u202a', '\u202b', '\u202c', '\u2066', '\u2067', '\u2068', '\u2069', '\u200e', '\u200f', '\u061c', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff',
  '\u00ad', '\u034f', '\u115f', '\u1160', '\u3164', '\uffa0', '\u180e', '\u2028', '\u2029', '\u0085', '\n', '\r\n', '\t', '\v', '\f', '\0', '\u0001', '\u0007', '\b', '\u001b[31m', '\u007f',
  '\u009b', '\ufff9', '\ufffd', '\uffff', '\u{e0001}', '\u{e0041}', '\ufe0f', '\u0301', 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢', '﷽', '𒐫', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '\u{10ffff}', 'İ', 'ß', 'ﬁ', '㍿',
]

/** More than three hundred names. */
export function hostileNames() {
  const inWords = CHARACTERS.flatMap((character) => [`${character}Bank`, `Ba${character}nk`, `Bank${character}`, character.repeat(20)])
  const long = ['A', '漢', '<b>', '\u202e', '👩‍🚀', ' ', '. '].flatMap((piece) => [piece.repeat(200), piece.repeat(1000), piece.repeat(Math.ceil(10_240 / Buffer.byteLength(piece)))])
  return [...MARKUP, ...TEMPLATES, ...inWords, ...long]
}
