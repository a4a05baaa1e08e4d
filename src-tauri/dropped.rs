//! Pictures dropped on the window.

use std::path::PathBuf;

use tauri::{AppHandle, DragDropEvent, Emitter, Manager, Runtime};
use warifu_ipc::views::DroppedView;
use warifu_session::{ErrorCode, SessionError};

use crate::{Shell, adding::read_files, windows::MAIN};

/// Tells the page what is going on, and reads what was dropped.
pub(crate) fn on_drag_drop<R: Runtime>(app: &AppHandle<R>, event: &DragDropEvent) {
    match event {
        DragDropEvent::Enter { .. } => tell(app, "drag", "over"),
        DragDropEvent::Leave => tell(app, "drag", "leave"),
        DragDropEvent::Drop { paths, .. } => {
            tell(app, "drag", "leave");
            read(app.clone(), paths.clone());
        }
        _ => {}
    }
}

fn read<R: Runtime>(app: AppHandle<R>, paths: Vec<PathBuf>) {
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>().inner().clone();
        // A picture dragged straight off a web page comes with its address on the web, or with nothing at all.
        let files: Vec<PathBuf> = paths.into_iter().filter(|path| path.is_absolute()).collect();
        let reading = if files.is_empty() {
            Err(SessionError::new(ErrorCode::DroppedNoFile).into())
        } else {
            read_files(&shell, files).await
        };
        let dropped = match reading {
            Ok(reading) => DroppedView { reading: Some(reading), error: None },
            Err(error) => DroppedView { reading: None, error: Some(error) },
        };
        tell(&app, "dropped", dropped);
    });
}

fn tell<R: Runtime>(app: &AppHandle<R>, event: &str, payload: impl serde::Serialize + Clone) {
    // A page that is gone does not need to know.
    let _ = app.emit_to(MAIN, event, payload);
}
