//! The windows: one for the person, and one over each monitor while the screen is frozen.

use tauri::{
    AppHandle, Manager, PhysicalPosition, PhysicalSize, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{Color, NewWindowResponse},
};
use warifu_session::{ErrorCode, SessionError};

/// The label of the main window.
pub(crate) const MAIN: &str = "main";
/// The labels of the overlay windows begin so; the monitor's number follows.
const OVERLAY: &str = "overlay-";

/// Where a monitor lies on the desktop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Left edge.
    pub(crate) x: i32,
    /// Top edge.
    pub(crate) y: i32,
    /// Width in physical pixels.
    pub(crate) width: u32,
    /// Height in physical pixels.
    pub(crate) height: u32,
}

/// Opens the main window.
pub(crate) fn open_main<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    page(app, MAIN, "index.html")
        .title("割符 Warifu")
        .inner_size(420.0, 680.0)
        .min_inner_size(340.0, 480.0)
        .build()
        .map(|_| ())
}

/// Takes our window off the screen, so that it is not in the picture and hides no code.
pub(crate) fn hide_main<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let place = place_to_keep(&window);
        let _ = window.hide();
        if let Some(place) = place {
            let _ = window.set_position(place);
        }
    }
}

/// Where a window is to come back. A window manager of X11 takes one that was hidden for a new one, and puts it where it pleases unless a
/// place is asked for while it is away; elsewhere a window keeps its place.
fn place_to_keep<R: Runtime>(window: &WebviewWindow<R>) -> Option<PhysicalPosition<i32>> {
    let moves = cfg!(target_os = "linux") && !window.is_maximized().unwrap_or(true);
    window.outer_position().ok().filter(|_| moves)
}

/// Brings our window back to the front.
pub(crate) fn show_main<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Drops the page of the main window with everything it holds, and loads it anew: the lock screen. Call it whenever the vault was locked.
///
/// On Linux the page's process is ended, for an engine frees memory without wiping it and a page loaded anew keeps its process; the
/// window stays as it is, in front or not. Elsewhere no such call is there for us: the page, which is told, loads itself anew
/// (`leave` in the view), and what its process keeps of it is up to the engine. The same goes for a page that WebDriver drives: WebKit
/// ends the driver's session with the process, and the driver has seen everything anyway.
pub(crate) fn renew_main<R: Runtime>(app: &AppHandle<R>) {
    #[cfg(target_os = "linux")]
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.with_webview(|page| {
            use webkit2gtk::WebViewExt;
            let page = page.inner();
            if !page.is_controlled_by_automation() {
                page.terminate_web_process();
                page.reload();
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}

/// How a window comes to lie over a monitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Covering {
    /// It is put at the monitor's place.
    Places,
    /// It asks to fill the monitor of its number: on Wayland no window knows places. A single one fills the monitor it comes up on.
    Monitors,
}

/// Opens one window over each monitor. If one cannot be opened, none stays.
pub(crate) fn open_overlays<R: Runtime>(app: &AppHandle<R>, places: &[Place], covering: Covering) -> tauri::Result<()> {
    let single = places.len() == 1;
    let opened = places.iter().enumerate().try_for_each(|(index, place)| {
        let window = open_overlay(app, index, covering)?;
        match covering {
            Covering::Places => cover(&window, *place)?,
            Covering::Monitors => fill(&window, (!single).then_some(index))?,
        }
        window.set_focus()
    });
    if opened.is_err() {
        close_overlays(app);
    }
    opened
}

fn open_overlay<R: Runtime>(app: &AppHandle<R>, index: usize, covering: Covering) -> tauri::Result<WebviewWindow<R>> {
    page(app, &format!("{OVERLAY}{index}"), "overlay.html")
        .title("Warifu scan")
        .decorations(false)
        // A window that cannot be resized fills nothing.
        .resizable(covering == Covering::Monitors)
        .always_on_top(true)
        .skip_taskbar(true)
        .background_color(Color(20, 23, 31, 255))
        .visible(false)
        .build()
}

/// Lets a window fill a monitor by its number, or the one it comes up on.
#[cfg(target_os = "linux")]
fn fill<R: Runtime>(window: &WebviewWindow<R>, monitor: Option<usize>) -> tauri::Result<()> {
    use gtk::prelude::{GtkWindowExt, WidgetExt};
    let filling = window.clone();
    window.run_on_main_thread(move || {
        let Ok(window) = filling.gtk_window() else { return };
        let number = monitor.and_then(|number| i32::try_from(number).ok());
        match (number, WidgetExt::screen(&window)) {
            (Some(number), Some(screen)) => window.fullscreen_on_monitor(&screen, number),
            _ => window.fullscreen(),
        }
    })?;
    window.show()
}

/// Asked for on Linux alone.
#[cfg(not(target_os = "linux"))]
fn fill<R: Runtime>(window: &WebviewWindow<R>, _: Option<usize>) -> tauri::Result<()> {
    window.show()?;
    window.set_fullscreen(true)
}

/// Lays a window over a monitor. In full screen it also covers what a desktop keeps free for its bars.
#[cfg(not(target_os = "macos"))]
fn cover<R: Runtime>(window: &WebviewWindow<R>, place: Place) -> tauri::Result<()> {
    window.set_position(PhysicalPosition::new(place.x, place.y))?;
    window.set_size(PhysicalSize::new(place.width, place.height))?;
    window.show()?;
    window.set_fullscreen(true)
}

/// Lays a window over a monitor. macOS lays its monitors out in points, and a window takes physical pixels by the scale of the monitor
/// it is on, not of the one it goes to. Full screen would slide each window into a space of its own; without, only the bars of the
/// system lie over it.
#[cfg(target_os = "macos")]
fn cover<R: Runtime>(window: &WebviewWindow<R>, place: Place) -> tauri::Result<()> {
    let position = PhysicalPosition::new(place.x, place.y);
    let monitors = window.available_monitors()?;
    let scale =
        monitors.iter().find(|monitor| *monitor.position() == position).map_or(1.0, |monitor| monitor.scale_factor());
    window.set_position(position.to_logical::<f64>(scale))?;
    window.set_size(PhysicalSize::new(place.width, place.height).to_logical::<f64>(scale))?;
    window.show()
}

/// How far a window may be from the place it was told, for a desktop that knows but every second pixel.
const NEAR: u32 = 4;

/// Whether every window over a monitor is where it was laid.
pub(crate) fn are_in_place<R: Runtime>(app: &AppHandle<R>, places: &[Place]) -> bool {
    places.iter().enumerate().all(|(index, place)| {
        let window = app.get_webview_window(&format!("{OVERLAY}{index}"));
        let position = window.and_then(|window| window.outer_position().ok());
        position.is_some_and(|at| at.x.abs_diff(place.x) <= NEAR && at.y.abs_diff(place.y) <= NEAR)
    })
}

/// Closes the windows over the monitors.
pub(crate) fn close_overlays<R: Runtime>(app: &AppHandle<R>) {
    for (label, window) in app.webview_windows() {
        if is_overlay(&label) {
            let _ = window.destroy();
        }
    }
}

/// Whether a window lies over a monitor.
pub(crate) fn is_overlay(label: &str) -> bool {
    label.starts_with(OVERLAY)
}

/// The monitor an overlay window lies over.
pub(crate) fn monitor_of(label: &str) -> Result<usize, SessionError> {
    let number = label.strip_prefix(OVERLAY).and_then(|number| number.parse().ok());
    number.ok_or_else(|| ErrorCode::NoFrame.into())
}

/// A window with one of our pages, which never leaves it and never opens another.
fn page<'a, R: Runtime>(app: &'a AppHandle<R>, label: &str, path: &str) -> WebviewWindowBuilder<'a, R, AppHandle<R>> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(path.into()))
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .general_autofill_enabled(false)
}

fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Where the system's web view has no schemes of its own (Windows).
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_page_leaves_the_house() {
        let ours = |url: &str| is_ours(&Url::parse(url).unwrap());
        assert!(ours("tauri://localhost/index.html"));
        for foreign in [
            "https://example.org/",
            "http://localhost/",
            "tauri://example.org/",
            "file:///etc/passwd",
            "data:text/html,x",
            "about:blank",
            "http://tauri.localhost.example.org/",
        ] {
            assert!(!ours(foreign), "{foreign}");
        }
    }

    #[test]
    fn an_overlay_knows_its_monitor() {
        assert_eq!(monitor_of("overlay-1"), Ok(1));
        assert!(monitor_of("main").is_err());
        assert!(monitor_of("overlay-").is_err());
    }
}
