//! Commands that look through the camera. It is on only from `camera_start` until something is found or the person leaves.

use tauri::{State, ipc::Response};
use warifu_ipc::{
    convert::{camera_view, reading_view},
    views::{CameraLookView, CameraView, ErrorView, Source},
};
use warifu_session::{Look, Unlocked};

use crate::{Shell, adding::away};

/// Switches the camera on.
#[tauri::command]
pub(crate) async fn camera_start(shell: State<'_, Shell>) -> Result<CameraView, ErrorView> {
    let filming = shell.with_unlocked(|unlocked| Ok(unlocked.begin_filming())).await?;
    // A camera may take seconds to wake, and a system may ask the person first.
    Ok(camera_view(away(move || filming.started()).await??))
}

/// Waits for the next frame and looks for codes in it. What is found is the session's reading, and the camera is off.
#[tauri::command]
pub(crate) async fn camera_look(shell: State<'_, Shell>) -> Result<CameraLookView, ErrorView> {
    let filming = shell.with_unlocked(|unlocked| unlocked.filming()).await?;
    let through = filming.clone();
    match away(move || through.look()).await?? {
        Look::Nothing(width, height) => Ok(CameraLookView { reading: None, known: false, width, height }),
        Look::Found(found) => {
            let take = move |unlocked: &mut Unlocked<'_>| {
                let taken = unlocked.take_filmed(&filming, *found)?.is_some();
                let reading = taken.then(|| reading_view(unlocked, Source::Camera));
                Ok(CameraLookView { reading, known: !taken, width: 0, height: 0 })
            };
            shell.with_unlocked(take).await
        }
    }
}

/// The frame that was last looked at, RGBA, in the size that `camera_look` told.
#[tauri::command]
pub(crate) async fn camera_preview(shell: State<'_, Shell>) -> Result<Response, ErrorView> {
    let preview = |unlocked: &mut Unlocked<'_>| unlocked.filming()?.take_preview();
    let pixels = shell.with_unlocked(move |unlocked| Ok(preview(unlocked)?.expose_rgba().to_vec())).await?;
    Ok(Response::new(pixels))
}

/// Switches the camera off. It is off by itself once the vault is locked.
#[tauri::command]
pub(crate) async fn camera_stop(shell: State<'_, Shell>) -> Result<(), ErrorView> {
    shell
        .with_unlocked(|unlocked| {
            unlocked.end_filming();
            Ok(())
        })
        .await
}
