//! What a code is for that is no key: said by name, because "not usable" makes people scan the same code again and again.
//!
//! Told by how such a text begins. A scheme that carries an app's name belongs to that app; an address is listed only where the
//! app's own code, or a program that imitates it, writes it. What is not certain stays "a link" or "some other text".

use zeroize::Zeroizing;

use super::has_scheme;
use crate::{ErrorCode, SessionError};

/// Says what a text is that is no key.
pub(super) fn why_not(text: &str) -> SessionError {
    let lower = Zeroizing::new(text.get(..text.len().min(HEAD)).unwrap_or(text).to_ascii_lowercase());
    if let Some((app, _)) = APPS.iter().find(|(_, starts)| starts.iter().any(|start| lower.starts_with(start))) {
        return SessionError::new(ErrorCode::CodeIsOtherApp).with("app", app);
    }
    if is_duo(text) {
        return SessionError::new(ErrorCode::CodeIsOtherApp).with("app", "Duo Mobile");
    }
    if is_okta(&lower) {
        return SessionError::new(ErrorCode::CodeIsOtherApp).with("app", "Okta Verify");
    }
    let kinds = [
        (MICROSOFT, ErrorCode::CodeIsMicrosoftPush),
        (PASSKEYS, ErrorCode::CodeIsPasskey),
        (PAYMENTS, ErrorCode::CodeIsPayment),
        (CONTACTS, ErrorCode::CodeIsContact),
    ];
    for (starts, code) in kinds {
        if starts.iter().any(|start| lower.starts_with(start)) {
            return code.into();
        }
    }
    if has_scheme(text, "http") || has_scheme(text, "https") || is_bare_host(&lower) {
        ErrorCode::CodeIsWebLink.into()
    } else if has_scheme(text, "wifi") {
        ErrorCode::CodeIsWifi.into()
    } else {
        ErrorCode::CodeIsOther.into()
    }
}

/// Longer than any beginning below.
const HEAD: usize = 256;

/// Beginnings, in lower case, of codes that belong to one app: its activation, sign-in or transfer.
const APPS: &[(&str, &[&str])] = &[
    // Authenticators with a protocol of their own.
    ("Duo Mobile", &["duo://"]),
    ("Okta Verify", &["oktaverify://"]),
    ("RSA Authenticator (SecurID)", &["com.rsa.securid", "http://127.0.0.1/securid/ctf"]),
    ("Symantec VIP Access", &["vipaccess://"]),
    ("Entrust Identity", &["igmobileotp://"]),
    ("ForgeRock Authenticator", &["pushauth://", "mfauth://"]),
    ("PingID", &["pingid://"]),
    ("LinOTP", &["lseqr://"]),
    ("mOTP", &["motp://", "mobile-otp://"]),
    ("Authy", &["authy://"]),
    ("Yandex Key", &["https://passport.yandex"]),
    // Moving accounts from one telephone to another, or pairing with a browser.
    ("LastPass Authenticator", &["lpaauth-migration://", "lpaauth://"]),
    ("2FAS", &["twofas_c://", "twofas_l://", "twofas://"]),
    ("Ente", &["ente://", "enteauth://"]),
    ("Proton", &["protonpass://", "protonauthenticator://"]),
    ("Bitwarden", &["bitwarden://"]),
    ("1Password", &["onepassword://"]),
    ("Battle.net", &["battlenet://"]),
    // Signing in to the computer with the telephone.
    ("Steam", &["https://s.team/", "http://s.team/", "steammobile://"]),
    ("WhatsApp", &["1@", "2@", "https://wa.me/settings/linked_devices"]),
    ("LINE", &["line://", "https://line.me/r/au/"]),
    ("Discord", &["https://discord.com/ra/", "https://discordapp.com/ra/"]),
    ("Signal", &["sgnl://", "tsdevice:"]),
    ("Telegram", &["tg://"]),
    ("WeChat", &["weixin://", "https://login.weixin.qq.com/"]),
];

/// Microsoft's own way of confirming a sign-in.
const MICROSOFT: &[&str] = &["phonefactor:", "msauth:", "msauthv2:", "ms-msa:", "microsoft-authenticator:"];

/// CTAP 2.2, hybrid transport: "FIDO:/" and decimal digits.
const PASSKEYS: &[&str] = &["fido:/"];

/// Money. `000201` begins each code of EMV, among them JPQR, UnionPay, PromptPay and Pix; `SPC` and `BCD` those of the Swiss
/// QR-bill and of SEPA. What could be Base32 as well, and so a key, goes on to what a key cannot hold.
const PAYMENTS: &[&str] = &[
    "000201",
    "https://qr.paypay.ne.jp/",
    "paypay://",
    "https://qr.95516.com/",
    "https://qr.alipay.com/",
    "wxp://",
    "upi://",
    "spc\n0",
    "spc\r\n0",
    "bcd\n0",
    "bcd\r\n0",
    "bitcoin:",
    "ethereum:",
    "lightning:",
    "lnurl1",
    "lnurlp:",
    "lnurlw:",
    "lnurlc:",
];

/// People, places, dates, messages.
const CONTACTS: &[&str] = &[
    "begin:vcard",
    "begin:vevent",
    "begin:vcalendar",
    "mecard:",
    "bizcard:",
    "mailto:",
    "matmsg:",
    "tel:",
    "sms:",
    "smsto:",
    "mmsto:",
    "geo:",
    "facetime:",
];

/// The code alone, as Duo shows it where it has no picture: twenty characters, a hyphen, and the Base64 of "api-…".
fn is_duo(text: &str) -> bool {
    let parts = text.trim().split_once('-');
    parts.is_some_and(|(code, host)| {
        (16..=32).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && host.starts_with("YXBp")
    })
}

/// A link to an organisation at Okta.
fn is_okta(lower: &str) -> bool {
    let host = lower.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| {
        [".okta.com", ".oktapreview.com", ".okta-emea.com"].iter().any(|domain| host.ends_with(domain))
    })
}

/// An address without its scheme, as posters have it: `www.example.org`.
fn is_bare_host(lower: &str) -> bool {
    lower.starts_with("www.") && !lower.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> (ErrorCode, Option<String>) {
        let error = why_not(text);
        (error.code, error.detail.get("app").cloned())
    }

    #[test]
    fn other_apps_are_named() {
        for (text, app) in [
            ("duo://7GzQdhVDLm2kYw9pXb4t-YXBpLWU0Yzk4NjNlLmR1b3NlY3VyaXR5LmNvbQ", "Duo Mobile"),
            ("7GzQdhVDLm2kYw9pXb4t-YXBpLWU0Yzk4NjNlLmR1b3NlY3VyaXR5LmNvbQ", "Duo Mobile"),
            ("oktaverify://hanako@example.org/?t=abc&f=def&s=https%3A%2F%2Fexample.okta.com", "Okta Verify"),
            ("https://example.okta.com/signin/verify", "Okta Verify"),
            ("com.rsa.securid.iphone://ctf?ctfData=2000727046", "RSA Authenticator (SecurID)"),
            ("http://127.0.0.1/securid/ctf?ctfData=2000727046", "RSA Authenticator (SecurID)"),
            ("igmobileotp://?action=secactivate&enc=VRUq&v=1&mac=x", "Entrust Identity"),
            ("mfauth://totp/Forgerock:demo?a=x&secret=ABC", "ForgeRock Authenticator"),
            ("motp://SecureSite:User001?secret=e3152afee62599c8", "mOTP"),
            ("lpaauth-migration://offline?data=H4sI", "LastPass Authenticator"),
            ("twofas_c://9c0a3a4e-0000-4000-8000-000000000000", "2FAS"),
            ("HTTPS://S.TEAM/q/1/2207813151333862682", "Steam"),
            ("2@abc,def,ghi,jkl,7", "WhatsApp"),
            ("https://line.me/R/au/q/abc", "LINE"),
            ("https://discord.com/ra/abc", "Discord"),
            ("sgnl://linkdevice?uuid=00000000&pub_key=BQ", "Signal"),
            ("authy://account?token=eyJ", "Authy"),
        ] {
            assert_eq!(said(text), (ErrorCode::CodeIsOtherApp, Some(app.to_owned())), "{text}");
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        for (text, code) in [
            ("phonefactor://activate_account?code=123456789&url=https%3A%2F%2Fx", ErrorCode::CodeIsMicrosoftPush),
            ("microsoft-authenticator://activatemfa/?x=1", ErrorCode::CodeIsMicrosoftPush),
            ("FIDO:/123456789012", ErrorCode::CodeIsPasskey),
            ("00020101021226580014A000000615000101", ErrorCode::CodeIsPayment),
            ("https://qr.paypay.ne.jp/p2p01_abc", ErrorCode::CodeIsPayment),
            ("SPC\n0200\n1", ErrorCode::CodeIsPayment),
            ("SPC\r\n0200\r\n1", ErrorCode::CodeIsPayment),
            ("LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35X", ErrorCode::CodeIsPayment),
            ("lnurlp://example.org/pay", ErrorCode::CodeIsPayment),
            ("LNURLABCDEFGH234", ErrorCode::CodeIsOther),
            ("SPC\nABC\nDEF", ErrorCode::CodeIsOther),
            ("BEGIN:VCARD\nVERSION:3.0", ErrorCode::CodeIsContact),
            ("MECARD:N:山田;;", ErrorCode::CodeIsContact),
            ("mailto:a@example.org", ErrorCode::CodeIsContact),
            ("https://example.org/", ErrorCode::CodeIsWebLink),
            ("www.example.org/otp", ErrorCode::CodeIsWebLink),
            ("WIFI:T:WPA;S:home;P:secret;;", ErrorCode::CodeIsWifi),
            ("hello", ErrorCode::CodeIsOther),
            ("", ErrorCode::CodeIsOther),
            ("鍵", ErrorCode::CodeIsOther),
            ("000", ErrorCode::CodeIsOther),
        ] {
            assert_eq!(said(text), (code, None), "{text}");
        }
    }

    #[test]
    fn a_text_cut_within_a_character_is_read() {
        let text = format!("{}{}", "a".repeat(HEAD - 1), "鍵".repeat(10));
        assert_eq!(said(&text).0, ErrorCode::CodeIsOther);
    }
}
