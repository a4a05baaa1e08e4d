//! A window that files can be dragged out of, as out of a file manager. For the journeys.
//!
//! Usage: `drag-source FILE...`; what begins with a scheme is handed over as it is, as a browser does.

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
    let uris = [TargetEntry::new("text/uri-list", TargetFlags::OTHER_APP, 0)];
    window.drag_source_set(gdk::ModifierType::BUTTON1_MASK, &uris, gdk::DragAction::COPY);
    window.connect_drag_data_get(move |_, _, data, _, _| {
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
