//! What search engines ask for: `robots.txt`, a sitemap index, and its parts. Part 0 holds our own pages, the
//! others come from providers, at most 50,000 addresses each (sitemaps.org, read 2026-11-22).

use std::{fmt::Write as _, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use shared_types::{
    Problem,
    providers::{SitemapCount, SitemapEntry},
};

use super::{Pages, document::escaped};
use crate::api::providers::{count_sitemaps, get_sitemap};

const XMLNS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Bookings and single answers are nobody's search result.
pub async fn robots(State(pages): State<Arc<Pages>>) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /assign\nDisallow: /book/\nDisallow: /manage/\nDisallow: /problems/\nDisallow: /reply/\nDisallow: /unsubscribe/\n\n\
         Sitemap: {}/sitemap.xml\n",
        pages.public_url
    );
    (
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        text,
    )
        .into_response()
}

/// The list of parts.
pub async fn index(State(pages): State<Arc<Pages>>) -> Response {
    let count = match pages.api.get(&count_sitemaps()).await.read::<SitemapCount>() {
        Ok(count) => count,
        Err(problem) => return refused(&problem),
    };
    let mut xml = format!("<sitemapindex xmlns=\"{XMLNS}\">\n");
    for part in 0..=count.pages {
        let _ =
            writeln!(xml, "<sitemap><loc>{}/sitemaps/{part}.xml</loc></sitemap>", escaped(&pages.public_url));
    }
    as_xml(xml + "</sitemapindex>\n")
}

/// One part: `/sitemaps/3.xml`.
pub async fn part(State(pages): State<Arc<Pages>>, Path(file): Path<String>) -> Response {
    let Some(part) = file.strip_suffix(".xml").and_then(|number| number.parse::<u32>().ok()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut xml = format!("<urlset xmlns=\"{XMLNS}\">\n");
    if part == 0 {
        for path in ["/", "/search", "/privacy", "/what-we-see", "/developers"] {
            let _ = writeln!(xml, "<url><loc>{}{path}</loc></url>", escaped(&pages.public_url));
        }
    } else {
        let entries = match pages.api.get(&get_sitemap(part)).await.read::<Vec<SitemapEntry>>() {
            Ok(entries) => entries,
            Err(problem) => return refused(&problem),
        };
        for SitemapEntry { path, changed_on } in entries {
            let url = escaped(&format!("{}{path}", pages.public_url));
            let _ = writeln!(xml, "<url><loc>{url}</loc><lastmod>{changed_on}</lastmod></url>");
        }
    }
    as_xml(xml + "</urlset>\n")
}

fn as_xml(xml: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}")).into_response()
}

fn refused(problem: &Problem) -> Response {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE).into_response()
}
