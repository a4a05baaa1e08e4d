//! Commands of "scan the screen": freeze, show, choose.

use std::{
    sync::{Arc, PoisonError},
    thread,
    time::Duration,
};

use tauri::{
    AppHandle, Runtime, State, WebviewWindow,
    async_runtime::{channel, spawn_blocking},
    ipc::Response,
};
use warifu_guard::on_clean_stack;
use warifu_ipc::{
    convert::{cancelled_view, frame_view, reading_view},
    requests::RegionRequest,
    views::{ErrorView, FrameView, Language, PickedView, ReadingView, Source},
};
use warifu_session::{
    ErrorCode, Scan, SessionError,
    ports::{Frame, ScreenCapture},
    scan::Region,
};

use crate::{
    Shell,
    adding::away,
    shell::ScanEnd,
    windows::{self, Covering, Place, monitor_of},
};

/// What a desktop needs to take our window off the screen and to paint what was behind it. There is no event that says so;
/// fading-out animations are shorter than this.
const HIDING_TIME: Duration = Duration::from_millis(350);

/// A desktop may ask the person first; whoever has not answered by then gets their window back.
const CAPTURE_LIMIT: Duration = Duration::from_secs(60);

/// A web view opens in well under a second, on a slow machine in some.
const OVERLAY_LIMIT: Duration = Duration::from_secs(12);

/// How often the windows are looked at while the screen is frozen.
const PLACES_PAUSE: Duration = Duration::from_millis(500);

/// How often in a row a window must be elsewhere until its monitor counts as gone.
const PLACES_PATIENCE: u32 = 4;

/// Freezes the screen and waits for the person's choice.
#[tauri::command]
pub(crate) async fn scan_screen<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
) -> Result<ReadingView, ErrorView> {
    let (sender, mut receiver) = channel(1);
    shell.with_unlocked(|_| Ok(())).await?;
    {
        let mut slot = shell.scan_end.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_some() {
            return Err(SessionError::new(ErrorCode::ScanRunning).into());
        }
        *slot = Some(sender);
    }
    windows::hide_main(&app);
    let _ = spawn_blocking(|| thread::sleep(HIDING_TIME)).await;
    let scan = shell.overlays.begin();
    let frozen = freeze(&app, &shell).await;
    let end = match &frozen {
        Ok(places) => {
            watch(shell.inner().clone(), scan);
            watch_places(app.clone(), shell.inner().clone(), scan, places.clone());
            receiver.recv().await
        }
        Err(_) => None,
    };
    // However it ended: no frozen screen stays in memory, and no window over the person's own. A vault that was locked
    // meanwhile has dropped it already.
    let _ = shell
        .with_unlocked(|unlocked| {
            unlocked.end_scan();
            Ok(())
        })
        .await;
    shell.end_scan(ScanEnd::Cancelled);
    windows::close_overlays(&app);
    windows::show_main(&app);
    frozen?;
    if end == Some(ScanEnd::Dead) {
        return Err(capture_failed("the overlay did not open").into());
    }
    let picked = end == Some(ScanEnd::Picked);
    shell
        .with_unlocked(move |unlocked| {
            Ok(if picked { reading_view(unlocked, Source::Screen) } else { cancelled_view(Source::Screen) })
        })
        .await
}

async fn freeze<R: Runtime>(app: &AppHandle<R>, shell: &Shell) -> Result<Vec<Place>, ErrorView> {
    let screen = shell.with(|session| Ok(session.ports().screen.clone())).await?;
    let asks = screen.asks();
    let scan = capture(screen).await?;
    let places: Vec<Place> = scan
        .monitors()
        .iter()
        .map(|monitor| &monitor.frame)
        .map(|Frame { x, y, picture, .. }| Place { x: *x, y: *y, width: picture.width(), height: picture.height() })
        .collect();
    shell
        .with_unlocked(move |unlocked| {
            unlocked.begin_scan(scan);
            Ok(())
        })
        .await?;
    let covering = if asks { Covering::Monitors } else { Covering::Places };
    windows::open_overlays(app, &places, covering).map_err(capture_failed)?;
    // Where windows cannot be placed, they cannot leave their places either.
    Ok(if asks { Vec::new() } else { places })
}

/// Ends the scan if no overlay window comes to life: the person would sit before a dark screen with no key that leaves it.
fn watch(shell: Shell, scan: u32) {
    thread::spawn(move || {
        thread::sleep(OVERLAY_LIMIT);
        if shell.overlays.is_dead(scan) {
            shell.end_scan(ScanEnd::Dead);
        }
    });
}

/// Ends the scan if a window leaves its place, as one does whose monitor is unplugged: it is put before another one, and its picture
/// would lie about what is there.
fn watch_places<R: Runtime>(app: AppHandle<R>, shell: Shell, scan: u32, places: Vec<Place>) {
    thread::spawn(move || {
        let (mut settled, mut away) = (false, 0);
        while shell.is_scanning(scan) {
            let in_place = windows::are_in_place(&app, &places);
            settled |= in_place;
            away = if in_place { 0 } else { away + 1 };
            // A window manager may lay a new window somewhere else for a moment.
            if settled && away == PLACES_PATIENCE {
                shell.end_scan(ScanEnd::Cancelled);
            }
            thread::sleep(PLACES_PAUSE);
        }
    });
}

/// Captures away from the session, so that codes and locking go on meanwhile, and gives up where nothing answers.
async fn capture(screen: Arc<dyn ScreenCapture>) -> Result<Scan, SessionError> {
    let (sender, mut receiver) = channel(2);
    let timer = sender.clone();
    thread::spawn(move || sender.try_send(Some(on_clean_stack(|| Scan::freeze(&*screen)))));
    thread::spawn(move || {
        thread::sleep(CAPTURE_LIMIT);
        let _ = timer.try_send(None);
    });
    match receiver.recv().await {
        Some(Some(outcome)) => outcome,
        Some(None) | None => Err(capture_failed("no answer")),
    }
}

fn capture_failed(reason: impl ToString) -> SessionError {
    SessionError::new(ErrorCode::CaptureFailed).with("reason", reason)
}

/// The frozen picture of this window's monitor: its size and the codes on it.
#[tauri::command]
pub(crate) async fn frame<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
) -> Result<FrameView, ErrorView> {
    let monitor = monitor_of(window.label());
    let system = shell.system_language;
    shell
        .with(move |session| {
            session.report_activity();
            let language = match session.settings().language.into() {
                Language::System => system,
                chosen => chosen,
            };
            Ok(frame_view(session.unlocked()?.monitor(monitor?)?, language))
        })
        .await
}

/// The frozen picture of this window's monitor: its pixels, RGBA.
#[tauri::command]
pub(crate) async fn frame_pixels<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
) -> Result<Response, ErrorView> {
    let monitor = monitor_of(window.label());
    let pixels = shell
        .with_unlocked(move |unlocked| Ok(unlocked.monitor(monitor?)?.frame.picture.expose_rgba().to_vec()))
        .await?;
    shell.overlays.live();
    Ok(Response::new(pixels))
}

/// Takes one of the codes found.
#[tauri::command]
pub(crate) async fn pick_code<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
    index: u32,
) -> Result<(), ErrorView> {
    let monitor = monitor_of(window.label());
    shell.with_unlocked(move |unlocked| unlocked.pick_code(monitor?, index as usize).map(|_| ())).await?;
    shell.end_scan(ScanEnd::Picked);
    Ok(())
}

/// Takes all codes found, on every monitor.
#[tauri::command]
pub(crate) async fn pick_all(shell: State<'_, Shell>) -> Result<(), ErrorView> {
    shell.with_unlocked(|unlocked| unlocked.pick_all().map(|_| ())).await?;
    shell.end_scan(ScanEnd::Picked);
    Ok(())
}

/// Looks inside a box.
#[tauri::command]
pub(crate) async fn pick_region<R: Runtime>(
    window: WebviewWindow<R>,
    shell: State<'_, Shell>,
    request: RegionRequest,
) -> Result<PickedView, ErrorView> {
    let monitor = monitor_of(window.label());
    let RegionRequest { x, y, width, height } = request;
    let monitor = shell.with_unlocked(move |unlocked| Ok(unlocked.monitor(monitor?)?.clone())).await?;
    // The codes in the list go on, and whoever has enough of waiting may leave.
    let Some(reading) = away(move || monitor.look_in(Region { x, y, width, height })).await? else {
        return Ok(PickedView { found: false });
    };
    shell.with_unlocked(move |unlocked| unlocked.take_from_box(reading).map(drop)).await?;
    shell.end_scan(ScanEnd::Picked);
    Ok(PickedView { found: true })
}

/// Leaves the frozen screen.
#[tauri::command]
pub(crate) async fn cancel_scan(shell: State<'_, Shell>) -> Result<(), ErrorView> {
    shell.with_unlocked(|_| Ok(())).await?;
    shell.end_scan(ScanEnd::Cancelled);
    Ok(())
}
