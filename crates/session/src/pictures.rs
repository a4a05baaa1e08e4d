//! Picture files that accounts were read from, and what becomes of them: a screenshot of a set-up page holds the key for as long as it
//! lies about.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use warifu_scan::FILE_BYTES_LIMIT;

use crate::{
    ErrorCode, SessionError,
    ports::{DeleteError, Mark, PictureFiles},
    reading::{Contents, Reading, Refusal, read_picture},
    unlocked::Unlocked,
};

/// Most files read at once. An export of a thousand accounts is a hundred pictures.
pub const FILES_LIMIT: usize = 100;

/// A file that was read, and what it held.
#[derive(Clone)]
pub(crate) struct PictureFile {
    pub(crate) path: PathBuf,
    pub(crate) mark: Mark,
    pub(crate) contents: Contents,
}

/// Reads files, each of which may fail for itself; that is a refusal among the others.
pub fn read_files(files: &dyn PictureFiles, paths: &[PathBuf]) -> Reading {
    let mut whole = Reading::default();
    for path in paths.iter().take(FILES_LIMIT) {
        whole.absorb(read_file(files, path));
    }
    if paths.len() > FILES_LIMIT {
        whole.refusals.push(SessionError::new(ErrorCode::TooManyFiles).with("limit", FILES_LIMIT).into());
    }
    whole
}

fn read_file(files: &dyn PictureFiles, path: &Path) -> Reading {
    // One byte more than allowed tells a file that is too large from one that just fits.
    let bytes = files
        .read(path, FILE_BYTES_LIMIT as u64 + 1)
        .map_err(|reason| SessionError::new(ErrorCode::FileUnreadable).with("reason", reason));
    let read = bytes.and_then(|bytes| Ok((Mark::of_file(&bytes), read_picture(files, &bytes)?)));
    let (mark, mut reading) = match read {
        Ok(read) => read,
        Err(error) => return Reading { refusals: vec![named(error.into(), path)], ..Reading::default() },
    };
    reading.refusals = reading.refusals.into_iter().map(|refusal| named(refusal, path)).collect();
    if !reading.candidates.is_empty() {
        let contents = Contents::of(&reading);
        reading.files.push(PictureFile { path: path.to_owned(), mark, contents });
    }
    reading
}

fn named(refusal: Refusal, path: &Path) -> Refusal {
    refusal.named(name_of(path))
}

/// The name of a file, for people.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The picture files of which every key is in the vault, since it was opened: the page hands back the number it was told.
#[derive(Default)]
pub(crate) struct KnownPictures(Vec<PictureFile>);

impl KnownPictures {
    /// Takes files in and says under which numbers.
    pub(crate) fn add(&mut self, files: impl IntoIterator<Item = PictureFile>) -> Vec<(usize, PictureFile)> {
        let mut known = Vec::new();
        for file in files {
            let same = |other: &PictureFile| other.path == file.path && other.mark == file.mark;
            let index = self.0.iter().position(same).unwrap_or_else(|| {
                self.0.push(file.clone());
                self.0.len() - 1
            });
            if known.iter().all(|(other, _)| *other != index) {
                known.push((index, file));
            }
        }
        known
    }
}

/// A picture file that may be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentPicture {
    /// Its number.
    pub id: usize,
    /// Where it is.
    pub path: PathBuf,
}

impl SpentPicture {
    /// Its name, for people.
    #[must_use]
    pub fn name(&self) -> String {
        name_of(&self.path)
    }

    /// Its folder, for people.
    #[must_use]
    pub fn folder(&self) -> String {
        self.path.parent().map(|folder| folder.display().to_string()).unwrap_or_default()
    }
}

impl Unlocked<'_> {
    /// Prepares the deletion of picture files by their numbers. Away from the session it is then done.
    pub fn begin_deleting(&self, numbers: &[usize]) -> Deleting {
        let files = numbers.iter().map(|number| self.open.pictures.0.get(*number).cloned()).collect();
        Deleting { files, pictures: self.ports.pictures.clone() }
    }
}

/// Picture files that are to go.
#[must_use]
pub struct Deleting {
    files: Vec<Option<PictureFile>>,
    pictures: Arc<dyn PictureFiles>,
}

/// What came of deleting.
#[derive(Debug, Default)]
pub struct Deleted {
    /// The names of those that are gone.
    pub deleted: Vec<String>,
    /// Those that are still there, and why.
    pub kept: Vec<Refusal>,
}

impl Deleting {
    /// Deletes each of them that is still the file that was read.
    #[must_use]
    pub fn run(self) -> Deleted {
        let mut outcome = Deleted::default();
        for file in self.files {
            let Some(file) = file else {
                outcome.kept.push(SessionError::new(ErrorCode::NoSuchPicture).into());
                continue;
            };
            match self.pictures.delete_if_still(&file.path, &file.mark) {
                Ok(()) => outcome.deleted.push(name_of(&file.path)),
                Err(error) => outcome.kept.push(named(SessionError::from(error).into(), &file.path)),
            }
        }
        outcome
    }
}

impl From<DeleteError> for SessionError {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::Gone => ErrorCode::PictureGone.into(),
            DeleteError::Changed => ErrorCode::PictureChanged.into(),
            DeleteError::Link => ErrorCode::PictureIsLink.into(),
            DeleteError::Refused { reason } => SessionError::new(ErrorCode::PictureNotDeleted).with("reason", reason),
        }
    }
}
