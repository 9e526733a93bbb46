//! A text as a QR code, for the camera of a phone. Drawn as one path: no image is fetched and no style is written.

use qrcodegen::{QrCode, QrCodeEcc};
use yew::prelude::*;

/// The pale margin that cameras need, in modules (ISO/IEC 18004).
const MARGIN: i32 = 4;

#[derive(Clone, PartialEq, Properties)]
pub struct QrProps {
    /// What the camera reads.
    pub text: AttrValue,
    /// What it is, for those who do not see it.
    pub label: AttrValue,
}

/// The code; nothing for a text that is too long for one.
#[component]
pub fn Qr(props: &QrProps) -> Html {
    let Some((size, path)) = drawn(&props.text) else { return Html::default() };
    html! {
        <svg class="qr" viewBox={format!("0 0 {size} {size}")} role="img" aria-label={props.label.clone()}>
            <path d={path} />
        </svg>
    }
}

/// How wide it is, and a square for each dark module.
fn drawn(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let modules = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let dark = modules.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{},{}h1v1h-1z", x + MARGIN, y + MARGIN)).collect();
    Some((size + 2 * MARGIN, path))
}

#[cfg(test)]
mod tests {
    use super::drawn;

    /// The corner of every code is a dark square of seven modules.
    #[test]
    fn a_code_begins_with_its_finder_pattern() {
        let (size, path) = drawn("otpauth://totp/HelloMapper:ada?secret=ABC").unwrap();
        assert!(path.starts_with("M4,4h1v1h-1zM5,4h1v1h-1z"), "{path}");
        assert_eq!((size - 8 - 17) % 4, 0, "{size}");
        assert!(drawn(&"x".repeat(4_000)).is_none());
    }
}
