//! The view: its packages and its build.

use std::{fs, path::Path, time::SystemTime};

use crate::workspace::{Done, Workspace, run};

/// Builds `ui/dist`, unless nothing it is made of is newer.
///
/// Building it anyway would make Cargo compile the app anew.
pub fn build(workspace: &Workspace) -> Done {
    if let Some(mut install) = workspace.npm_ci("ui") {
        run(&mut install)?;
        workspace.npm_installed("ui");
    }
    if is_current(workspace) { Ok(()) } else { run(&mut workspace.npm("ui", ["run", "build"])) }
}

/// Whether `ui/dist` is newer than everything it is made of.
pub fn is_current(workspace: &Workspace) -> bool {
    // The app's build script leaves a page without assets where nothing was built yet.
    let built = fs::metadata(workspace.path("ui/dist/index.html")).and_then(|data| data.modified()).ok();
    workspace.path("ui/dist/assets").is_dir() && built.is_some() && built > newest(&workspace.path("ui"))
}

/// When a file of this folder last changed, built and foreign ones aside.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?;
    entries
        .flatten()
        .filter_map(|entry| match entry.path() {
            path if ["dist", "dist-fake", "node_modules"].iter().any(|name| path.ends_with(name)) => None,
            path if path.is_dir() => newest(&path),
            _ => entry.metadata().and_then(|data| data.modified()).ok(),
        })
        .max()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_built_does_not_count_as_a_source() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("dist")).unwrap();
        fs::write(folder.path().join("dist/index.html"), "").unwrap();
        assert_eq!(newest(folder.path()), None);
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/main.ts"), "").unwrap();
        assert!(newest(folder.path()).is_some());
    }
}
