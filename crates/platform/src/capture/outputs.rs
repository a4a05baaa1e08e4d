//! The monitors of a Wayland desktop, and the part of a picture each of them shows.
//!
//! Asked of the compositor, for GTK does not always know: of monitors beside each other it may say that both begin at the corner.

use std::collections::BTreeMap;

use warifu_session::{ports::Frame, scan::Region};
use wayland_client::{
    Connection, Dispatch, Proxy, QueueHandle, delegate_noop,
    globals::{GlobalListContents, registry_queue_init},
    protocol::{
        wl_output::WlOutput,
        wl_registry::{self, WlRegistry},
    },
};
use wayland_protocols::xdg::xdg_output::zv1::client::{
    zxdg_output_manager_v1::ZxdgOutputManagerV1,
    zxdg_output_v1::{self, ZxdgOutputV1},
};

/// The part of the desktop that a monitor shows, in the desktop's own unit, which scaling makes larger than a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Output {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// Them, in the order in which the compositor names them, as GTK counts them too. None where it does not say.
pub(super) fn outputs() -> Vec<Output> {
    ask().unwrap_or_default()
}

fn ask() -> Option<Vec<Output>> {
    let connection = Connection::connect_to_env().ok()?;
    let (globals, mut queue) = registry_queue_init::<Said>(&connection).ok()?;
    let handle = queue.handle();
    let manager: ZxdgOutputManagerV1 = globals.bind(&handle, 2..=3, ()).ok()?;
    globals.contents().with_list(|list| {
        for global in list.iter().filter(|global| global.interface == WlOutput::interface().name) {
            let output: WlOutput = globals.registry().bind(global.name, global.version.min(4), &handle, ());
            manager.get_xdg_output(&output, &handle, global.name);
        }
    });
    let mut said = Said::default();
    queue.roundtrip(&mut said).ok()?;
    Some(said.0.into_values().collect())
}

/// By the number that the compositor gave them: later ones get larger ones.
#[derive(Default)]
struct Said(BTreeMap<u32, Output>);

impl Dispatch<ZxdgOutputV1, u32> for Said {
    fn event(
        said: &mut Self,
        _: &ZxdgOutputV1,
        event: zxdg_output_v1::Event,
        number: &u32,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        let output = said.0.entry(*number).or_default();
        match event {
            zxdg_output_v1::Event::LogicalPosition { x, y } => (output.x, output.y) = (x, y),
            zxdg_output_v1::Event::LogicalSize { width, height } => {
                (output.width, output.height) = (width.unsigned_abs(), height.unsigned_abs());
            }
            _ => {}
        }
    }
}

impl Dispatch<WlRegistry, GlobalListContents> for Said {
    fn event(
        _: &mut Self,
        _: &WlRegistry,
        _: wl_registry::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

delegate_noop!(Said: ignore WlOutput);
delegate_noop!(Said: ZxdgOutputManagerV1);

/// Cuts a picture of all monitors together into one frame for each, in their order. A desktop draws them all in the largest scale that
/// any has, whichever that is. Nothing if the picture has not the shape of these monitors: then it is better shown as it is.
pub(super) fn cut(all: &Frame, outputs: &[Output]) -> Option<Vec<Frame>> {
    let left = outputs.iter().map(|output| i64::from(output.x)).min()?;
    let top = outputs.iter().map(|output| i64::from(output.y)).min()?;
    let right = outputs.iter().map(|output| i64::from(output.x) + i64::from(output.width)).max()?;
    let bottom = outputs.iter().map(|output| i64::from(output.y) + i64::from(output.height)).max()?;
    let (width, height) = (f64::from(all.picture.width()), f64::from(all.picture.height()));
    let scale = width / (right - left) as f64;
    // A desktop rounds each side to whole pixels by itself.
    if scale < 1.0 || ((bottom - top) as f64 * scale - height).abs() > 1.0 + scale / 2.0 {
        return None;
    }
    let pixel = |place: i64| (place as f64 * scale).round() as u32;
    let part = |output: &Output| {
        let (x, y) = (i64::from(output.x) - left, i64::from(output.y) - top);
        let region = Region {
            x: pixel(x),
            y: pixel(y),
            width: pixel(x + i64::from(output.width)) - pixel(x),
            height: pixel(y + i64::from(output.height)) - pixel(y),
        };
        let picture = all.picture.crop(region)?;
        Some(Frame { x: region.x.cast_signed(), y: region.y.cast_signed(), primary: false, picture })
    };
    outputs.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use warifu_session::scan::Picture;

    use super::*;

    /// A picture whose pixels say where they are.
    fn desktop(width: u32, height: u32) -> Frame {
        let pixel = |at: u32| [(at % width) as u8, (at / width) as u8, 0, 255];
        let rgba: Vec<u8> = (0..width * height).flat_map(pixel).collect();
        Frame { x: 0, y: 0, primary: true, picture: Picture::from_rgba(width, height, rgba).unwrap() }
    }

    fn output(x: i32, y: i32, width: u32, height: u32) -> Output {
        Output { x, y, width, height }
    }

    /// Width, height and first pixel of each part.
    fn parts(all: &Frame, outputs: &[Output]) -> Option<Vec<(u32, u32, [u8; 2])>> {
        let parts = cut(all, outputs)?;
        Some(
            parts
                .iter()
                .map(|Frame { picture, .. }| {
                    (picture.width(), picture.height(), [picture.expose_rgba()[0], picture.expose_rgba()[1]])
                })
                .collect(),
        )
    }

    #[test]
    fn a_picture_of_all_monitors_is_cut_along_their_edges() {
        let beside = [output(0, 0, 60, 40), output(60, 10, 30, 30)];
        assert_eq!(parts(&desktop(90, 40), &beside), Some(vec![(60, 40, [0, 0]), (30, 30, [60, 10])]));
        // The second has the scale 2: all are drawn so, and places left of the main monitor count from the left edge.
        let left = [output(0, 0, 60, 40), output(-30, 0, 30, 20)];
        assert_eq!(parts(&desktop(180, 80), &left), Some(vec![(120, 80, [60, 0]), (60, 40, [0, 0])]));
        // The scale 1.5, where no edge lies on a whole pixel.
        let odd = [output(0, 0, 33, 21), output(33, 0, 33, 21)];
        assert_eq!(parts(&desktop(99, 32), &odd), Some(vec![(50, 32, [0, 0]), (49, 32, [50, 0])]));
    }

    #[test]
    fn a_picture_of_another_shape_stays_whole() {
        let beside = [output(0, 0, 60, 40), output(60, 0, 60, 40)];
        for other in [desktop(60, 40), desktop(120, 43), desktop(90, 30)] {
            assert_eq!(parts(&other, &beside), None);
        }
        assert_eq!(parts(&desktop(60, 40), &[]), None);
    }
}
