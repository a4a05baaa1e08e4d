#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use warifu_scan::{FoundCode, Picture, Region, find_all_codes, find_codes, find_codes_in};

use crate::boxes::{boxes, dragged};
use crate::draw::{Screen, Seed, Style, WHITE};

/// A clean code, and right of it one that is blurred by most of a module.
fn clean_and_blurred() -> Screen {
    let mut patch = Screen::filled(400, 400, WHITE);
    patch.draw("blurred", 200.0, 200.0, Style::default());
    let patch = patch.blurred(2.9);
    let mut screen = Screen::filled(1600, 900, WHITE);
    screen.draw("clean", 200.0, 200.0, Style::default());
    image::imageops::replace(&mut screen.image, &patch.image, 400, 0);
    screen.drawn.extend(patch.drawn);
    screen.drawn[1].corners.iter_mut().for_each(|corner| corner.x += 400.0);
    screen
}

/// Where the blurred one is.
const PATCH: Region = Region { x: 400, y: 0, width: 400, height: 400 };

const RIGHT_HALF: Region = Region { x: 400, y: 0, width: 9999, height: 9999 };

fn texts(codes: &[FoundCode]) -> Vec<&str> {
    codes.iter().map(FoundCode::expose_text).collect()
}

#[test]
fn a_dragged_box_finds_what_the_whole_screen_did_not() {
    let screen = clean_and_blurred();
    let picture = screen.picture();
    assert_eq!(texts(&find_codes(&picture)), ["clean"]);
    let codes = find_codes_in(&picture, PATCH);
    assert_eq!(texts(&codes), ["blurred"]);
    // In coordinates of the whole picture.
    for (is, should) in codes[0].corners.iter().zip(&screen.drawn[1].corners) {
        assert!((is.x - should.x).abs() < 4.0 && (is.y - should.y).abs() < 4.0, "{is:?} {should:?}");
    }
}

#[test]
fn a_box_holds_only_what_is_inside() {
    let mut screen = Screen::filled(800, 400, WHITE);
    screen.draw("left", 200.0, 200.0, Style::default());
    screen.draw("right", 600.0, 200.0, Style::default());
    let picture = screen.picture();
    assert_eq!(texts(&find_codes_in(&picture, RIGHT_HALF)), ["right"]);
    let outside = Region { x: 800, y: 0, width: 10, height: 10 };
    assert!(find_codes_in(&picture, outside).is_empty());
    let single_pixel = Region { x: 0, y: 0, width: 1, height: 1 };
    assert!(find_codes_in(&picture, single_pixel).is_empty());
}

#[test]
fn the_same_payload_twice_is_two_codes() {
    let mut screen = Screen::filled(800, 400, WHITE);
    screen.draw("twin", 200.0, 200.0, Style::default());
    screen.draw("twin", 600.0, 200.0, Style::default());
    assert_eq!(texts(&find_codes(&screen.picture())), ["twin", "twin"]);
}

#[test]
fn two_codes_two_and_a_half_modules_apart_are_both_read() {
    for seed in 0..6 {
        let module = 3.0 + (seed % 3) as f32;
        let seed = &mut Seed::new(seed);
        let texts_drawn = [seed.key_uri(), seed.key_uri()];
        let sides = texts_drawn.each_ref().map(|text| qrcode::QrCode::new(text).unwrap().width() as f32 * module);
        let apart = (sides[0] + sides[1]) / 2.0 + 2.5 * module;
        for (across, down) in [(apart, 0.0), (0.0, apart)] {
            let mut screen = Screen::filled(700, 700, WHITE);
            let style = Style { module, quiet: 1.0, ..Style::default() };
            screen.draw(&texts_drawn[0], 180.0, 180.0, style);
            screen.draw(&texts_drawn[1], 180.0 + across, 180.0 + down, style);
            assert_eq!(texts(&find_codes(&screen.picture())), texts_drawn, "{module} pixels, {across} to the right");
        }
    }
}

/// In the steps that are always taken, the faint one shows no more than its finder patterns.
#[test]
fn as_long_as_finder_patterns_are_left_the_screen_is_searched_on() {
    for seed in 0..8 {
        let seed = &mut Seed::new(seed);
        let texts_drawn = [seed.key_uri(), seed.key_uri()];
        let mut screen = Screen::filled(900, 500, WHITE);
        screen.draw(&texts_drawn[0], 220.5, 250.5, Style { module: 6.0, ..Style::default() });
        let faint = Style { module: 3.0, dark: [232, 232, 232, 255], ..Style::default() };
        screen.draw(&texts_drawn[1], 650.5, 250.5, faint);
        assert_eq!(texts(&find_codes(&screen.picture())), texts_drawn);
    }
}

/// Once the ladder stopped as soon as something was found, and the others were never seen.
#[test]
fn a_file_is_searched_with_every_step_whatever_was_found() {
    let (mut all, mut found) = (0, 0);
    for kind in boxes().iter().filter(|kind| kind.name.contains("two codes")) {
        for seed in 2000..2010 {
            let screen = (kind.draw)(&mut Seed::new(seed));
            let codes = find_all_codes(&screen.picture());
            all += screen.drawn.len();
            found += screen.drawn.iter().filter(|drawn| texts(&codes).contains(&drawn.text.as_str())).count();
        }
    }
    assert_eq!(found, all);
}

/// What makes a box worth dragging, each kind by itself.
#[test]
fn a_box_reads_what_the_search_of_the_screen_does_not() {
    for kind in boxes() {
        let (mut all, mut on_screen, mut in_box) = (0, 0, 0);
        for seed in 2000..2005 {
            let seed = &mut Seed::new(seed);
            let screen = (kind.draw)(seed);
            let (picture, region) = (screen.picture(), dragged(&screen, seed));
            let right = |found: &[FoundCode]| {
                let found = texts(found);
                assert!(found.iter().all(|text| screen.drawn.iter().any(|drawn| drawn.text == *text)), "{}", kind.name);
                screen.drawn.iter().filter(|drawn| found.contains(&drawn.text.as_str())).count()
            };
            all += screen.drawn.len();
            on_screen += right(&find_codes(&picture));
            in_box += right(&find_codes_in(&picture, region));
        }
        let said = format!("{}: {on_screen} on the screen, {in_box} in the box, of {all}", kind.name);
        assert!(in_box > on_screen && in_box * 2 >= all, "{said}");
    }
}

/// The whole code stands on pure black, without a quiet zone: only the box makes it findable.
#[test]
fn a_code_without_quiet_zone_on_a_black_page() {
    for seed in 0..5 {
        let mut screen = Screen::filled(900, 600, [0, 0, 0, 255]);
        let text = Seed::new(seed).key_uri();
        screen.draw(&text, 500.5, 300.5, Style { quiet: 0.0, ..Style::default() });
        let dragged = Region { x: 360, y: 160, width: 280, height: 280 };
        assert_eq!(texts(&find_codes_in(&screen.picture(), dragged)), [text.as_str()], "seed {seed}");
    }
}

#[test]
fn a_cropped_picture_has_the_region_and_its_pixels() {
    let picture = clean_and_blurred().picture();
    let cropped = picture.crop(PATCH).unwrap();
    assert_eq!((cropped.width(), cropped.height()), (400, 400));
    assert_eq!(texts(&find_codes(&cropped)), ["blurred"]);
    let pixel = |picture: &Picture, x: usize, y: usize| {
        let at = (y * picture.width() as usize + x) * 4;
        picture.expose_rgba()[at..at + 4].to_vec()
    };
    assert_eq!(pixel(&cropped, 190, 170), pixel(&picture, 590, 170));
    assert!(picture.crop(Region { x: 0, y: 900, width: 5, height: 5 }).is_none());
}
