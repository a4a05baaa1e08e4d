//! The static gate: what a window may do is what was reviewed.
//!
//! It reads files and nothing else. A rule that breaks is not mended here but looked at: the reviewed text stands in
//! [`config`] (content security policy), in `capabilities/reviewed.txt` (commands) and in [`bundle`] (words and addresses).

mod bundle;
mod config;
mod grants;

use std::{fmt, fs, path::Path};

/// A rule, and what was found against it.
pub struct Rule {
    /// What holds when nothing was found.
    pub name: &'static str,
    /// Each names a place and what stands there.
    pub findings: Vec<String>,
}

impl Rule {
    fn new(name: &'static str, findings: Vec<String>) -> Self {
        Self { name, findings }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.findings.is_empty() { "ok    " } else { "BROKEN" }, self.name)?;
        self.findings.iter().try_for_each(|finding| write!(f, "\n         {finding}"))
    }
}

/// Every rule, applied to the checkout at `root`.
pub fn judge(root: &Path) -> Vec<Rule> {
    let mut rules = config::judge(root);
    rules.extend(grants::judge(root));
    rules.extend(bundle::judge(root));
    rules
}

/// A file's text, or the finding that it cannot be read.
fn read(root: &Path, relative: &str) -> Result<String, String> {
    fs::read_to_string(root.join(relative)).map_err(|error| format!("{relative}: {error}"))
}

/// Every file below a folder, as paths relative to it with `/`, in order.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}
