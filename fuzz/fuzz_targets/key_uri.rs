//! A key URI as anyone could make it, and what a form is begun with when it is damaged.

#![no_main]

use libfuzzer_sys::fuzz_target;
use warifu_otp::{KeyUri, KeyUriOutline, Label, OtpKind};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let line = format!("otpauth://totp/{text}");
    for text in [text, &line] {
        let (parsed, outline) = (KeyUri::parse(text), KeyUriOutline::of(text));
        if let Ok(uri) = &parsed {
            assert!(KeyUri::parse(&uri.reveal()).unwrap().otp.is_same(&uri.otp), "written and read back");
        }
        let Some(outline) = outline else { continue };
        let names = [outline.label.issuer.as_deref(), Some(outline.label.account_name.as_str())];
        assert!(!names.into_iter().flatten().any(|name| name.to_ascii_lowercase().contains("secret")));
        // What is whole is read the same by both, but for names that could hide a secret.
        if let Ok(uri) = &parsed {
            assert!([outline.kind, OtpKind::Steam].contains(&uri.otp.kind()));
            assert!([&uri.label, &Label::default()].contains(&&outline.label));
        }
    }
});
