//! The command line of the window: one option. Everything else is an error, so that nobody works in another vault than they
//! meant.

use std::{ffi::OsString, path::PathBuf};

/// The vault file named by `--vault PATH` or `--vault=PATH`.
///
/// # Errors
/// A sentence, for anything else.
pub(crate) fn vault(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<PathBuf>, String> {
    const USAGE: &str = "usage: warifu [--vault PATH]";
    let mut arguments = arguments.into_iter();
    let mut vault = None;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        let path = match text.strip_prefix("--vault=") {
            Some(path) => OsString::from(path),
            None if text == "--vault" => arguments.next().ok_or(USAGE)?,
            // macOS hands a process number to what is started from the Finder.
            None if text.starts_with("-psn_") => continue,
            None => return Err(USAGE.into()),
        };
        if path.is_empty() || vault.replace(PathBuf::from(path)).is_some() {
            return Err(USAGE.into());
        }
    }
    Ok(vault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Option<PathBuf>, String> {
        vault(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_vault_is_named_in_either_spelling_or_not_at_all() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["--vault", "a b"]), Ok(Some("a b".into())));
        assert_eq!(read(&["--vault=a=b"]), Ok(Some("a=b".into())));
    }

    #[test]
    fn a_slip_never_opens_the_default_vault() {
        for slip in [&["--vault"][..], &["--vault="], &["--valut", "a"], &["a"], &["--vault", "a", "--vault", "b"]] {
            assert!(read(slip).is_err(), "{slip:?}");
        }
    }
}
