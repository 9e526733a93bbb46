//! Files: handed to the browser's downloads, and taken from somebody who chose them.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};

use super::{document, window};

/// Hands a text to the browser's downloads as a file. It is made here; no server sees it.
pub fn save_file(name: &str, media_type: &str, text: &str) -> Option<()> {
    let parts: js_sys::Array = [JsValue::from_str(text)].iter().collect();
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    save_blob(name, &web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?)
}

/// The same for bytes, in base64url. Whatever the sender took them for, they are saved and never shown here.
pub fn save_bytes(name: &str, bytes: &str) -> Option<()> {
    let binary = window()?.atob(&bytes.replace('-', "+").replace('_', "/")).ok()?;
    // Each letter of what comes out stands for one byte.
    let bytes: Vec<u8> = binary.chars().map(|byte| byte as u8).collect();
    let parts: js_sys::Array = [JsValue::from(js_sys::Uint8Array::from(&bytes[..]))].iter().collect();
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    save_blob(name, &web_sys::Blob::new_with_buffer_source_sequence_and_options(&parts, &options).ok()?)
}

fn save_blob(name: &str, blob: &web_sys::Blob) -> Option<()> {
    let address = web_sys::Url::create_object_url_with_blob(blob).ok()?;
    let link = document()?.create_element("a").ok()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // By then the file is on the disk, however large it is.
    Timeout::new(60_000, move || {
        let _ = web_sys::Url::revoke_object_url(&address);
    })
    .forget();
    Some(())
}

/// A file that somebody chose, before it is read.
pub struct ChosenFile(web_sys::File);

impl ChosenFile {
    /// Its name, without folders.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// What the browser takes it for; may be empty.
    pub fn media_type(&self) -> String {
        self.0.type_()
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// Reads it; `None` when that fails, as when the file was removed meanwhile. The bytes come in base64url without
    /// padding.
    pub fn read(&self, done: impl FnOnce(Option<String>) + 'static) {
        let Ok(reader) = web_sys::FileReader::new() else { return done(None) };
        let read = reader.clone();
        let ended = EventListener::once(&reader, "loadend", move |_| done(bytes_of(&read)));
        if reader.read_as_data_url(&self.0).is_ok() {
            // It ends by itself, once.
            ended.forget();
        }
    }
}

/// What stands behind the comma of the `data:` address that a reader makes.
fn bytes_of(reader: &web_sys::FileReader) -> Option<String> {
    let address = reader.result().ok()?.as_string()?;
    let (_, bytes) = address.split_once(',')?;
    Some(bytes.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// The files that somebody has just chosen in an input, which is emptied, so that the same file may be chosen again.
pub fn take_files(input: &web_sys::HtmlInputElement) -> Vec<ChosenFile> {
    let Some(list) = input.files() else { return Vec::new() };
    let files = (0..list.length()).filter_map(|at| list.item(at)).map(ChosenFile).collect();
    input.set_value("");
    files
}
