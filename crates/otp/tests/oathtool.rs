//! Against an implementation that is not ours: oathtool (OATH Toolkit), where it is installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use warifu_otp::{Algorithm, Counter, Digits, Hotp, Otp, SharedSecret, TimeStep, Totp, UnixTime};

fn oathtool(arguments: &[String]) -> Option<String> {
    let output = Command::new("oathtool").args(arguments).output().ok()?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[test]
fn codes_are_those_of_oathtool() {
    if oathtool(&["--version".to_owned()]).is_none() {
        eprintln!("skipped: oathtool is not installed");
        return;
    }
    let algorithm = prop_oneof![Just(Algorithm::Sha1), Just(Algorithm::Sha256), Just(Algorithm::Sha512)];
    // oathtool knows 6, 7 and 8 digits and times that fit its calendar.
    let inputs = (
        prop::collection::vec(any::<u8>(), 1..100),
        algorithm,
        6..=8_u32,
        1..100_000_u64,
        0..4_000_000_000_i64,
        any::<u64>(),
    );
    TestRunner::new(Config::with_cases(60))
        .run(&inputs, |(key, algorithm, digits, step, at, counter)| {
            let secret = || SharedSecret::from_bytes(key.clone()).unwrap();
            let base32 = secret().reveal_base32();
            let digits = Digits::new(digits).unwrap();
            let common = [format!("--digits={}", digits.get()), "--base32".to_owned(), base32.to_string()];

            let totp =
                Otp::Totp(Totp { secret: secret(), algorithm, digits, time_step: TimeStep::from_secs(step).unwrap() });
            let theirs = oathtool(
                &[
                    vec![
                        format!("--totp={}", algorithm.name()),
                        format!("--time-step-size={step}s"),
                        format!("--now=@{at}"),
                    ],
                    common.to_vec(),
                ]
                .concat(),
            );
            let ours = totp.code_at(UnixTime::from_secs(at));
            prop_assert_eq!(Some(ours.expose_value()), theirs.as_deref());

            let hotp = Otp::Hotp(Hotp {
                secret: secret(),
                algorithm: Algorithm::Sha1,
                digits,
                counter: Counter::new(counter),
            });
            // oathtool reads the counter as a signed number.
            if i64::try_from(counter).is_ok() {
                let theirs = oathtool(&[vec![format!("--counter={counter}")], common.to_vec()].concat());
                let ours = hotp.code_at(UnixTime::from_secs(0));
                prop_assert_eq!(Some(ours.expose_value()), theirs.as_deref());
            }
            Ok(())
        })
        .unwrap();
}
