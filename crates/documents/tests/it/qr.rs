//! A scanner that knows nothing of Kadi reads the codes.

use kadi_documents::qr::{TooLong, qr_terminal};
use rqrr::PreparedImage;

const URL: &str = "https://pay.shop.example/p/3fG7kPqRs2tUv";

/// Pixels for each module: scanners expect more than one.
const SCALE: usize = 4;

fn scan(dark: &[Vec<bool>]) -> Vec<String> {
    let (width, height) = (dark[0].len() * SCALE, dark.len() * SCALE);
    let pixel = |x: usize, y: usize| if dark[y / SCALE][x / SCALE] { 0 } else { 255 };
    let mut image = PreparedImage::prepare_from_greyscale(width, height, pixel);
    image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

fn modules_of_terminal(drawing: &str) -> Vec<Vec<bool>> {
    let row = |line: &str, upper: bool| {
        line.chars()
            .map(|c| match c {
                '█' => false,
                '▀' => !upper,
                '▄' => upper,
                ' ' => true,
                other => panic!("{other:?} in a QR code"),
            })
            .collect()
    };
    drawing.lines().flat_map(|line| [row(line, true), row(line, false)]).collect()
}

#[test]
fn the_code_of_a_terminal_is_read() {
    assert_eq!(scan(&modules_of_terminal(&qr_terminal(URL).unwrap())), [URL]);
}

#[test]
fn four_light_modules_stand_around_the_code() {
    let dark = modules_of_terminal(&qr_terminal(URL).unwrap());
    let width = dark[0].len();
    assert!(dark.len() >= width, "as high as wide");
    for (y, row) in dark.iter().enumerate().take(width) {
        for (x, is_dark) in row.iter().enumerate() {
            let inside = |at: usize| (4..width - 4).contains(&at);
            assert!(!is_dark || (inside(x) && inside(y)), "dark at {x}, {y}");
        }
    }
    assert!(dark[4][4] && dark[width - 5][4] && dark[4][width - 5], "the corners of the code");
}

#[test]
fn a_text_beyond_the_largest_code_is_refused() {
    assert!(qr_terminal(&"x".repeat(2_331)).is_ok());
    assert_eq!(qr_terminal(&"x".repeat(2_332)), Err(TooLong));
}
