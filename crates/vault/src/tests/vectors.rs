//! V11: the primitives as this crate uses them against published vectors (`src/tests/vectors/`).

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use data_encoding::HEXLOWER;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::*;
use crate::crypto;

fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    HEXLOWER.decode(case[name].as_str().unwrap().as_bytes()).unwrap()
}

fn key(bytes: &[u8]) -> Key {
    Key::try_fill(|out| bytes.try_into().map(|bytes: &[u8; 32]| *out = *bytes)).unwrap()
}

#[test]
fn v11_rfc9106_argon2id() {
    let cases = cases(include_str!("vectors/rfc9106_argon2id.json"));
    for case in &cases {
        let number = |name: &str| case[name].as_u64().unwrap() as u32;
        let data = bytes(case, "associated_data");
        let params = ParamsBuilder::new()
            .m_cost(number("memory_kib"))
            .t_cost(number("time_cost"))
            .p_cost(number("lanes"))
            .data(AssociatedData::new(&data).unwrap())
            .build()
            .unwrap();
        let secret = bytes(case, "secret");
        let argon2 = Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&bytes(case, "password"), &bytes(case, "salt"), &mut tag).unwrap();
        assert_eq!(tag.to_vec(), bytes(case, "tag"));
    }
    println!("V11: {} Argon2id vectors", cases.len());
}

#[test]
fn v11_argon2id_as_the_slots_use_it() {
    let cases = cases(include_str!("vectors/slot_argon2id.json"));
    for case in &cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let params = KdfParams::new(number("memory_kib"), number("time_cost"), number("lanes")).unwrap();
        let password = Password::new(case["password"].as_str().unwrap().to_owned()).unwrap();
        let salt = bytes(case, "salt").try_into().unwrap();
        let key = kdf::derive_key(&password, params, &salt).unwrap();
        assert_eq!(key.expose_bytes().to_vec(), bytes(case, "key"));
    }
    println!("V11: {} Argon2id vectors of the reference implementation", cases.len());
}

#[test]
fn v11_rfc5869_hkdf_sha256() {
    let cases = cases(include_str!("vectors/rfc5869_hkdf_sha256.json"));
    for case in &cases {
        let (ikm, salt) = (bytes(case, "ikm"), bytes(case, "salt"));
        let (info, okm) = (bytes(case, "info"), bytes(case, "okm"));
        let mut out = vec![0; okm.len()];
        Hkdf::<Sha256>::new(Some(&salt), &ikm).expand(&info, &mut out).unwrap();
        assert_eq!(out, okm);
        // Our own expand step gives the first 32 bytes of the same, however `info` is cut.
        let (prk, _) = Hkdf::<Sha256>::extract(Some(&salt), &ikm);
        let (front, back) = info.split_at(info.len() / 2);
        let ours = crypto::hkdf_expand(&key(&prk), &[front, back]).unwrap();
        assert_eq!(ours.expose_bytes()[..], okm[..32]);
        assert_eq!(prk.to_vec(), bytes(case, "prk"));
        // And extract and expand together, where the input has the length of our keys.
        if ikm.len() == 32 {
            let ours = crypto::hkdf(&salt, &key(&ikm), &[&info]).unwrap();
            assert_eq!(ours.expose_bytes()[..], okm[..32]);
        }
    }
    println!("V11: {} HKDF vectors", cases.len());
}

#[test]
fn v11_wycheproof_hkdf_sha256() {
    // The first 32 bytes of each, for that is what keys here have.
    let cases = cases(include_str!("vectors/wycheproof_hkdf_sha256.json"));
    for case in &cases {
        let ours = crypto::hkdf_bytes(&bytes(case, "salt"), &bytes(case, "ikm"), &[&bytes(case, "info")]).unwrap();
        assert_eq!(ours.expose_bytes().to_vec(), bytes(case, "okm"), "{}", case["source"]);
    }
    println!("V11: {} HKDF vectors of Wycheproof", cases.len());
}

#[test]
fn v11_aes_256_gcm() {
    let (tried, refused) = aes_256_gcm(include_str!("vectors/aes_256_gcm.json"));
    println!("V11: {tried} AES-256-GCM vectors, {refused} of them to be refused");
}

#[test]
fn v11_wycheproof_aes_256_gcm() {
    let (tried, refused) = aes_256_gcm(include_str!("vectors/wycheproof_aes_256_gcm.json"));
    println!("V11: {tried} AES-256-GCM vectors of Wycheproof, {refused} of them to be refused");
}

/// Both ways. Says how many there were, and how many were not to be opened.
fn aes_256_gcm(text: &str) -> (usize, usize) {
    let cases = cases(text);
    let mut refused = 0;
    for case in &cases {
        let key = key(&bytes(case, "key"));
        let nonce = bytes(case, "nonce").try_into().unwrap();
        let data = bytes(case, "associated_data");
        let sealed = [bytes(case, "ciphertext"), bytes(case, "tag")].concat();
        let opened = crypto::decrypt(&key, &nonce, &data, &sealed);
        if case["valid"].as_bool().unwrap() {
            let plaintext = bytes(case, "plaintext");
            assert_eq!(*opened.unwrap(), plaintext, "{case}");
            let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len() + 16));
            buffer.extend_from_slice(&plaintext);
            assert_eq!(crypto::encrypt(&key, &nonce, &data, buffer).unwrap(), sealed, "{case}");
        } else {
            assert!(opened.is_none(), "{case}");
            refused += 1;
        }
    }
    (cases.len(), refused)
}
