//! A window that files can be dragged out of, as out of a file manager. For the journeys.
//!
//! Usage: `drag-source FILE...`; what begins with a scheme is handed over as it is, as a browser does. `drag-source --text TEXT` hands
//! over text.

#[cfg(target_os = "linux")]
fn main() {
    use gtk::{TargetEntry, TargetFlags, gdk, prelude::*};

    #[allow(clippy::disallowed_methods)] // A program's main may read its arguments.
    let named: Vec<String> = std::env::args().skip(1).collect();
    if gtk::init().is_err() {
        return;
    }
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("drag-source");
    window.set_default_size(200, 200);
    window.add_events(gdk::EventMask::BUTTON_PRESS_MASK);
    let text = (named.first().map(String::as_str) == Some("--text")).then(|| named[1..].join(" "));
    let kind = if text.is_some() { "text/plain;charset=utf-8" } else { "text/uri-list" };
    let kinds = [TargetEntry::new(kind, TargetFlags::OTHER_APP, 0)];
    window.drag_source_set(gdk::ModifierType::BUTTON1_MASK, &kinds, gdk::DragAction::COPY);
    window.connect_drag_data_get(move |_, _, data, _, _| {
        if let Some(text) = &text {
            data.set_text(text);
            return;
        }
        let uri = |name: &String| if name.contains("://") { name.clone() } else { format!("file://{name}") };
        let uris: Vec<String> = named.iter().map(uri).collect();
        data.set_uris(&uris.iter().map(String::as_str).collect::<Vec<_>>());
    });
    window.connect_destroy(|_| gtk::main_quit());
    window.show_all();
    gtk::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {}
