//! What still holds keys outside of the vault, after they were added.

use std::sync::Arc;

use crate::{
    pictures::{PictureFile, SpentPicture},
    ports::{Clipboard, Mark, PictureFiles},
};

/// What still holds keys outside of the vault that were just added. Looking after it means waiting for drives and for the owner of
/// the clipboard: do it away from the session.
#[must_use]
pub struct Leftovers {
    pub(crate) clipboard: Arc<dyn Clipboard>,
    pub(crate) files: Arc<dyn PictureFiles>,
    /// Picture files of which every key is in the vault, by their numbers.
    pub(crate) pictures: Vec<(usize, PictureFile)>,
    pub(crate) pasted: Option<Mark>,
}

/// What became of it.
pub struct Settled {
    /// Picture files that may be deleted.
    pub pictures: Vec<SpentPicture>,
    /// What was pasted was still on the clipboard, and was taken off it.
    pub clipboard_cleared: bool,
}

impl Leftovers {
    /// Takes what was pasted off the clipboard if it is still there, and finds the picture files that are.
    pub fn settle(self) -> Settled {
        let clear = |mark: Mark| self.clipboard.clear_if_still(&mark).unwrap_or(false);
        let clipboard_cleared = self.pasted.is_some_and(clear);
        let still_there = self.pictures.into_iter().filter(|(_, file)| self.files.is_still(&file.path, &file.mark));
        let pictures = still_there.map(|(id, file)| SpentPicture { id, path: file.path }).collect();
        Settled { pictures, clipboard_cleared }
    }
}
