//! How many tests ran, read from what the runners print.

use std::ops::AddAssign;

/// Tests of one step.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    /// Left out by the runner, or saying themselves that they left their work out.
    pub skipped: usize,
}

impl Counts {
    /// Reads one line of `cargo test`, `node --test` or Vitest.
    ///
    /// A Rust test cannot be skipped at run time: it prints a line such as "skipped: no fixtures" and then passes. Such a line is
    /// counted as skipped, too, so that the summary does not look better than the run was.
    pub fn read(line: &str) -> Self {
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result:") {
            return Self {
                passed: before(result, "passed"),
                failed: before(result, "failed"),
                skipped: before(result, "ignored"),
            };
        }
        if let Some(tests) = line.strip_prefix("Tests ") {
            return Self {
                passed: before(tests, "passed"),
                failed: before(tests, "failed"),
                skipped: before(tests, "skipped"),
            };
        }
        let after = |word: &str| {
            let number = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?.strip_prefix(word)?;
            number.trim().parse().ok()
        };
        match (after("pass "), after("fail "), after("skipped ")) {
            (None, None, None) => {}
            (passed, failed, skipped) => {
                return Self {
                    passed: passed.unwrap_or(0),
                    failed: failed.unwrap_or(0),
                    skipped: skipped.unwrap_or(0),
                };
            }
        }
        // A sentence, not the name of a test in a list.
        let (word, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
        let is_word = ["skip", "skips", "skipped", "skipping"].iter().any(|form| word.eq_ignore_ascii_case(form));
        let says_so = is_word && !rest.trim().is_empty();
        Self { skipped: usize::from(says_so), ..Self::default() }
    }

    /// Whether anything was counted at all.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The number that stands before a word: `3` in "ok. 3 passed; 0 failed".
fn before(text: &str, word: &str) -> usize {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: usize, failed: usize, skipped: usize) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn cargo() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(Counts::read(line), counts(12, 2, 1));
    }

    #[test]
    fn node_in_both_of_its_voices() {
        assert_eq!(Counts::read("# pass 14"), counts(14, 0, 0));
        assert_eq!(Counts::read("ℹ fail 2"), counts(0, 2, 0));
        assert_eq!(Counts::read("# skipped 1"), counts(0, 0, 1));
        assert_eq!(Counts::read("# passing by"), counts(0, 0, 0));
    }

    #[test]
    fn vitest() {
        assert_eq!(Counts::read("      Tests  1 failed | 22 passed | 3 skipped (26)"), counts(22, 1, 3));
        assert_eq!(Counts::read(" Test Files  4 passed (4)"), counts(0, 0, 0));
    }

    #[test]
    fn a_test_that_says_it_skips_is_not_forgotten() {
        assert_eq!(Counts::read("skipped: the folder of fixtures is not there"), counts(0, 0, 1));
        assert_eq!(Counts::read("Skipping: no zbarimg"), counts(0, 0, 1));
        assert_eq!(Counts::read("    skips"), counts(0, 0, 0));
        assert_eq!(Counts::read("    skips_what_it_must ... ok"), counts(0, 0, 0));
        assert_eq!(Counts::read("test sort::skips_nothing ... ok"), counts(0, 0, 0));
        assert_eq!(Counts::read("飛ばす"), counts(0, 0, 0));
    }
}
