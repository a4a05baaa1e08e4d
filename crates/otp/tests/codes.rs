//! Codes: the vectors of the RFCs, the edges of a step and of time, and checking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use warifu_otp::{
    Algorithm, Counter, Digits, Hotp, Otp, OtpKind, SharedSecret, Steam, TimeStep, Totp, UnixTime, Validity,
};

fn secret(bytes: &[u8]) -> SharedSecret {
    SharedSecret::from_bytes(bytes.to_vec()).unwrap()
}

fn totp(key: &[u8], algorithm: Algorithm, digits: u32, step: u64) -> Otp {
    Otp::Totp(Totp {
        secret: secret(key),
        algorithm,
        digits: Digits::new(digits).unwrap(),
        time_step: TimeStep::from_secs(step).unwrap(),
    })
}

fn hotp(key: &[u8], digits: u32, counter: u64) -> Otp {
    Otp::Hotp(Hotp {
        secret: secret(key),
        algorithm: Algorithm::Sha1,
        digits: Digits::new(digits).unwrap(),
        counter: Counter::new(counter),
    })
}

fn code(otp: &Otp, at: i64) -> String {
    otp.code_at(UnixTime::from_secs(at)).expose_value().to_owned()
}

const KEY: &[u8] = b"12345678901234567890";

#[test]
fn rfc4226_appendix_d() {
    let codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, expected) in (0..).zip(codes) {
        // The time is nothing to HOTP.
        for at in [i64::MIN, -1, 0, 59, i64::MAX] {
            let made = hotp(KEY, 6, counter).code_at(UnixTime::from_secs(at));
            assert_eq!(made.expose_value(), expected, "counter {counter}");
            assert_eq!(made.validity, Validity::Counter(Counter::new(counter)));
        }
    }
}

#[test]
fn every_length_is_a_tail_of_the_truncated_value() {
    // RFC 4226, appendix D: counter 0 truncates to 1284755224, counter 7 to 82162583.
    for (counter, whole) in [(0, "1284755224"), (7, "0082162583")] {
        for digits in 1..=10 {
            assert_eq!(code(&hotp(KEY, digits, counter), 0), whole[10 - digits as usize..]);
        }
    }
}

#[test]
fn rfc6238_appendix_b() {
    // The RFC's prose gives one seed; its reference code repeats the digits to each hash's own length.
    let seed = |length: usize| -> Vec<u8> { b"1234567890".iter().copied().cycle().take(length).collect() };
    let rows = [
        (59, ["94287082", "46119246", "90693936"]),
        (1_111_111_109, ["07081804", "68084774", "25091201"]),
        (1_111_111_111, ["14050471", "67062674", "99943326"]),
        (1_234_567_890, ["89005924", "91819424", "93441116"]),
        (2_000_000_000, ["69279037", "90698825", "38618901"]),
        (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ];
    let hashes = [(Algorithm::Sha1, 20), (Algorithm::Sha256, 32), (Algorithm::Sha512, 64)];
    for (at, expected) in rows {
        for ((algorithm, length), expected) in hashes.into_iter().zip(expected) {
            let made = code(&totp(&seed(length), algorithm, 8, 30), at);
            assert_eq!(made, expected, "{} at {at}", algorithm.name());
        }
    }
}

#[test]
fn steam_codes() {
    let steam = Otp::Steam(Steam { secret: SharedSecret::parse_base32("FMXNK4QEGKVPULRTADY6JIDK5VHUBGZW").unwrap() });
    for (at, expected) in
        [(0, "C5V56"), (30, "QJY8Y"), (60, "R3WQY"), (89, "R3WQY"), (90, "JG3T3"), (1_662_884_261, "V6WKJ")]
    {
        assert_eq!(code(&steam, at), expected, "at {at}");
    }
    assert_eq!((steam.kind(), steam.digits().get(), steam.algorithm()), (OtpKind::Steam, 5, Algorithm::Sha1));
    assert_eq!(steam.time_step(), Some(TimeStep::DEFAULT));
}

#[test]
fn a_code_changes_exactly_when_its_step_begins() {
    for step in [1, 7, 30, 60, 86_400, u64::from(u32::MAX)] {
        let otp = totp(KEY, Algorithm::Sha1, 8, step);
        let step = i64::try_from(step).unwrap();
        for number in [-2, -1, 0, 1, 1000] {
            let from = number * step;
            let first = otp.code_at(UnixTime::from_secs(from));
            let last = otp.code_at(UnixTime::from_secs(from + step - 1));
            let interval = Validity::Interval {
                valid_from: UnixTime::from_secs(from),
                valid_until: UnixTime::from_secs(from + step),
            };
            assert_eq!((first.validity, last.validity), (interval, interval));
            assert_eq!(first.expose_value(), last.expose_value());
            assert_ne!(last.expose_value(), code(&otp, from + step), "step {number} of {step} s");
        }
    }
}

#[test]
fn steps_before_1970_are_counters_in_twos_complement() {
    for (at, counter) in [(-1, u64::MAX), (-30, u64::MAX), (-31, u64::MAX - 1), (-60, u64::MAX - 1)] {
        assert_eq!(code(&totp(KEY, Algorithm::Sha1, 8, 30), at), code(&hotp(KEY, 8, counter), 0), "at {at}");
    }
}

#[test]
fn the_ends_of_time_have_codes() {
    for step in [1, 30, u64::from(u32::MAX)] {
        let otp = totp(KEY, Algorithm::Sha512, 10, step);
        for at in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX].map(UnixTime::from_secs) {
            let made = otp.code_at(at);
            assert_eq!(made.expose_value().len(), 10);
            let Validity::Interval { valid_from, valid_until } = made.validity else { panic!("no interval") };
            assert!(valid_from <= at && at <= valid_until);
            assert_eq!(otp.verify(made.expose_value(), at, 1), Some(0));
        }
    }
    assert_eq!(code(&hotp(KEY, 6, u64::MAX), 0).len(), 6);
}

#[test]
fn verify_finds_the_nearest_step_within_the_window() {
    let otp = totp(KEY, Algorithm::Sha1, 8, 30);
    let now = UnixTime::from_secs(1_234_567_890);
    for offset in -5..=5_i64 {
        let typed = code(&otp, now.as_secs() + offset * 30);
        assert_eq!(otp.verify(&typed, now, 5), Some(offset));
        let expected = (offset.abs() <= 2).then_some(offset);
        assert_eq!(otp.verify(&typed, now, 2), expected);
    }
    // One digit repeats soon: the nearest of the equal codes is meant, the earlier of two equally near ones.
    let short = totp(KEY, Algorithm::Sha1, 1, 30);
    for digit in 0..10 {
        let typed = digit.to_string();
        let found = short.verify(&typed, now, 200).unwrap();
        let nearer = (1 - found.abs()..found.abs()).any(|offset| code(&short, now.as_secs() + offset * 30) == typed);
        assert!(!nearer, "{digit} is nearer than {found}");
        assert!(found <= 0 || code(&short, now.as_secs() - found * 30) != typed);
    }
}

#[test]
fn verify_takes_the_code_as_shown_and_nothing_else() {
    let otp = totp(KEY, Algorithm::Sha1, 6, 30);
    let at = UnixTime::from_secs(59);
    assert_eq!(code(&otp, 59), "287082");
    assert_eq!(otp.verify("287082", at, 0), Some(0));
    for wrong in ["", "28708", "2870820", "287 082", " 287082", "287083", "２８７０８２", "+287082"] {
        assert_eq!(otp.verify(wrong, at, 3), None, "{wrong}");
    }
}

#[test]
fn verify_of_hotp_looks_ahead_only() {
    let otp = hotp(KEY, 6, 3);
    let at = UnixTime::from_secs(0);
    assert_eq!(otp.verify("969429", at, 0), Some(0));
    assert_eq!(otp.verify("162583", at, 4), Some(4)); // counter 7
    assert_eq!(otp.verify("162583", at, 3), None);
    assert_eq!(otp.verify("359152", at, 9), None); // counter 2 is used
    assert_eq!(hotp(KEY, 6, u64::MAX).verify("000000000", at, u64::MAX), None);
}

#[test]
fn only_hotp_has_a_counter() {
    let mut counted = hotp(KEY, 6, 0);
    assert!(counted.set_counter(Counter::new(1)));
    assert_eq!((code(&counted, 0).as_str(), counted.counter()), ("287082", Some(Counter::new(1))));
    assert_eq!(counted.time_step(), None);

    let mut timed = totp(KEY, Algorithm::Sha1, 6, 30);
    assert!(!timed.set_counter(Counter::new(1)));
    assert_eq!(timed.counter(), None);
}

#[test]
fn a_duplicate_gives_the_same_codes() {
    for otp in [totp(KEY, Algorithm::Sha256, 7, 45), hotp(KEY, 8, 9), Otp::Steam(Steam { secret: secret(KEY) })] {
        let twin = otp.duplicate();
        assert_eq!(twin.kind(), otp.kind());
        assert_eq!(code(&twin, 1_234_567), code(&otp, 1_234_567));
    }
}

#[test]
fn debug_shows_neither_secret_nor_code() {
    let otp = totp(b"correct horse", Algorithm::Sha1, 6, 30);
    let shown = format!("{otp:?} {:?}", otp.code_at(UnixTime::from_secs(59)));
    let base32 = otp.secret().reveal_base32();
    for hidden in ["correct", "99, 111", base32.as_str(), &code(&otp, 59)] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
