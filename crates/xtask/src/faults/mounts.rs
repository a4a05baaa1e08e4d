//! File systems of a row's own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::bench::as_root;
use crate::workspace::{Done, output, run};

/// A mounted file system; it goes when this does.
pub struct Mount {
    pub folder: PathBuf,
}

impl Mount {
    /// A file system in memory of so many bytes. None where we may not mount.
    pub fn memory(folder: &Path, bytes: u64) -> Done<Option<Mount>> {
        let options = format!("size={bytes},mode=700,uid={},gid={}", id("-u"), id("-g"));
        Self::attach(folder, &["-t", "tmpfs", "-o", &options, "warifu-faults"])
    }

    /// A new ext4 file system in a file.
    pub fn new_image(folder: &Path, image: &Path, options: &str) -> Done<Option<Mount>> {
        // As an administrator, since it lies where others have no programs.
        let Some(mut make) = as_root("mkfs.ext4") else { return Ok(None) };
        let owner = format!("root_owner={}:{}", id("-u"), id("-g"));
        run(make.args(["-q", "-F", "-E", &owner]).arg(image))?;
        Self::image(folder, image, options)
    }

    /// The ext4 file system in a file.
    pub fn image(folder: &Path, image: &Path, options: &str) -> Done<Option<Mount>> {
        let options = if options.is_empty() { "loop".to_owned() } else { format!("loop,{options}") };
        Self::attach(folder, &["-t", "ext4", "-o", &options, &image.display().to_string()])
    }

    fn attach(folder: &Path, arguments: &[&str]) -> Done<Option<Mount>> {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let Some(mut mount) = as_root("mount") else { return Ok(None) };
        let output = mount.args(arguments).arg(folder).output().map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(Some(Mount { folder: folder.to_owned() })),
            // A container: its root may not mount either.
            false => Ok(None),
        }
    }

    /// Changes an option. False if it cannot be: a size below what is in use.
    pub fn remount(&self, options: &str) -> bool {
        let options = format!("remount,{options}");
        let mount = as_root("mount").map(|mut mount| mount.args(["-o", &options]).arg(&self.folder).output());
        mount.is_some_and(|output| output.is_ok_and(|output| output.status.success()))
    }

    /// Takes it away, and says if that did not work.
    pub fn end(self) -> Done {
        let folder = self.folder.clone();
        drop(self);
        match fs::read_to_string("/proc/self/mounts")
            .is_ok_and(|mounts| mounts.contains(&format!(" {} ", folder.display())))
        {
            true => Err(format!("{} cannot be taken away", folder.display())),
            false => Ok(()),
        }
    }
}

/// Whose files ours are.
fn id(flag: &str) -> String {
    output(Command::new("id").arg(flag)).unwrap_or_default().trim().to_owned()
}

impl Drop for Mount {
    fn drop(&mut self) {
        for _ in 0..50 {
            let outcome = as_root("umount").map(|mut umount| umount.arg(&self.folder).output());
            if outcome.is_none_or(|outcome| outcome.is_ok_and(|output| output.status.success())) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}
