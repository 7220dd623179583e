//! Writes every page of the payer into a folder: `cargo run -p kadi-web --example gallery -- FOLDER`.
//!
//! Serve the folder (`python3 -m http.server -d FOLDER`), for the pages ask for their stylesheet at
//! `/assets/`.

#[path = "../tests/it/states.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod states;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let stylesheet = folder.join(kadi_web::stylesheet_path().trim_start_matches('/'));
    fs::create_dir_all(stylesheet.parent().ok_or("the stylesheet's path has no folder")?)?;
    fs::write(&stylesheet, kadi_web::STYLESHEET)?;
    for (set, words) in [("plain", &states::PLAIN), ("devanagari", &states::DEVANAGARI)] {
        for (name, page) in states::every_state(words) {
            fs::write(folder.join(format!("{set}-{name}.html")), page?)?;
        }
    }
    Ok(())
}
