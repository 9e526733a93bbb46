//! What a page says in `<head>`: on the server it is written into the document, in the browser only the
//! title follows.

use std::sync::{Arc, Mutex, PoisonError};

use shared_types::Problem;

/// One page's head, and the status its reply has.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Without the site's name, which is added.
    pub title: String,
    /// One or two sentences for search engines and shared links.
    pub description: String,
    /// The path this page is known by, starting with `/`.
    pub canonical: Option<String>,
    /// The reply's status.
    pub status: u16,
    /// Keeps the page out of search engines.
    pub robots_noindex: bool,
    /// JSON for `application/ld+json`; only ever set on the server.
    pub json_ld: Option<String>,
    /// Open Graph's type: `website`, `profile`.
    pub og_type: &'static str,
    /// Where the page has moved to, starting with `/`; the status is then 301.
    pub moved_to: Option<String>,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            title: String::new(),
            description: String::new(),
            canonical: None,
            status: 200,
            robots_noindex: false,
            json_ld: None,
            og_type: "website",
            moved_to: None,
        }
    }
}

impl Head {
    /// The head of a page that could not be shown: never indexed; a moved page points to its new place.
    pub fn of_problem(problem: &Problem) -> Self {
        let moved_to = problem.is("moved").then(|| problem.detail.clone()).flatten();
        // No answer at all is a failure of ours towards the reader.
        let status = if problem.status == 0 { 503 } else { problem.status };
        Self { title: problem.title.clone(), status, robots_noindex: true, moved_to, ..Self::default() }
    }

    /// The document's title.
    pub fn full_title(&self) -> String {
        if self.title.is_empty() { "HelloMapper".to_owned() } else { format!("{} | HelloMapper", self.title) }
    }
}

/// Where pages put their head while the server renders; in the browser it leads nowhere.
#[derive(Clone, Debug, Default)]
pub struct HeadSink(Option<Arc<Mutex<Head>>>);

impl HeadSink {
    /// A sink that keeps what is written.
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// Keeps a head; the last one wins.
    pub fn put(&self, head: Head) {
        if let Some(kept) = &self.0 {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = head;
        }
    }

    /// What was kept.
    pub fn take(&self) -> Head {
        let kept = self.0.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).clone());
        kept.unwrap_or_default()
    }
}

impl PartialEq for HeadSink {
    /// One sink serves one page from beginning to end.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
