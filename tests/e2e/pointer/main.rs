//! A mouse for a Wayland desktop without one, led by lines on its input: `move X Y WIDTH HEIGHT` (a place on a desktop of that size),
//! `down`, `up`. Each is answered by a line once the desktop has taken it. For the journeys.

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{Write, stdin, stdout};

    use wayland_client::{
        Connection, Dispatch, EventQueue, QueueHandle, delegate_noop,
        globals::{GlobalListContents, registry_queue_init},
        protocol::{wl_pointer::ButtonState, wl_registry::WlRegistry},
    };
    use wayland_protocols_wlr::virtual_pointer::v1::client::{
        zwlr_virtual_pointer_manager_v1::ZwlrVirtualPointerManagerV1, zwlr_virtual_pointer_v1::ZwlrVirtualPointerV1,
    };

    /// The left button, as the kernel calls it.
    const LEFT: u32 = 0x110;

    struct Nothing;
    delegate_noop!(Nothing: ZwlrVirtualPointerManagerV1);
    delegate_noop!(Nothing: ZwlrVirtualPointerV1);
    impl Dispatch<WlRegistry, GlobalListContents> for Nothing {
        fn event(
            _: &mut Self,
            _: &WlRegistry,
            _: <WlRegistry as wayland_client::Proxy>::Event,
            _: &GlobalListContents,
            _: &Connection,
            _: &QueueHandle<Self>,
        ) {
        }
    }

    pub fn main() {
        let Ok(connection) = Connection::connect_to_env() else { return };
        let Ok((globals, mut queue)) = registry_queue_init::<Nothing>(&connection) else { return };
        let handle = queue.handle();
        let Ok(manager) = globals.bind::<ZwlrVirtualPointerManagerV1, _, _>(&handle, 1..=2, ()) else { return };
        let pointer = manager.create_virtual_pointer(None, &handle, ());
        answer(&mut queue);
        for (time, line) in (0..).zip(stdin().lines().map_while(Result::ok)) {
            let words: Vec<&str> = line.split(' ').collect();
            let numbers: Vec<u32> = words.iter().skip(1).filter_map(|word| word.parse().ok()).collect();
            match (words.first(), numbers.as_slice()) {
                (Some(&"move"), &[x, y, width, height]) => pointer.motion_absolute(time, x, y, width, height),
                (Some(&"down"), []) => pointer.button(time, LEFT, ButtonState::Pressed),
                (Some(&"up"), []) => pointer.button(time, LEFT, ButtonState::Released),
                _ => return,
            }
            pointer.frame();
            answer(&mut queue);
        }
    }

    fn answer(queue: &mut EventQueue<Nothing>) {
        if queue.roundtrip(&mut Nothing).is_ok() {
            let _ = writeln!(stdout(), "done");
        }
    }
}
