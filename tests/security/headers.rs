//! What every reply tells browsers.

use hellomapper_tests::Running;
use reqwest::Response;

use crate::client;

fn header<'r>(reply: &'r Response, name: &str) -> &'r str {
    reply.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_of_the_api_are_data_for_this_site_alone() {
    let running = Running::without_bundle().await;
    for (path, status) in [
        ("/api/v1/providers/professions", 200),
        ("/api/v1/providers/search?radius_m=none", 422),
        ("/api/v1/bookings/appointments/018f0000-0000-7000-8000-000000000000", 404),
        ("/api/v1/bookings/openapi.json", 200),
        ("/api/v1/nobody/knows", 404),
        ("/fhir/metadata", 200),
        ("/fhir/Slot", 422),
        ("/fhir/Nothing/at/all", 404),
    ] {
        let reply = client().get(running.url(path)).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), status, "{path}");
        let policy = header(&reply, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; frame-ancestors 'none'"), "{path}: {policy}");
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("cross-origin-resource-policy", "same-origin")]
        {
            assert_eq!(header(&reply, name), value, "{path}");
        }
        let kind = header(&reply, "content-type");
        let known = ["application/json", "application/problem+json", "application/fhir+json"];
        assert!(known.contains(&kind), "{path}: {kind}");
        assert_eq!(header(&reply, "access-control-allow-origin"), "", "{path}");
        for telling in ["server", "x-powered-by"] {
            assert_eq!(header(&reply, telling), "", "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_one_persons_is_kept_by_nobody() {
    let running = Running::without_bundle().await;
    for path in [
        "/api/v1/bookings/appointments/018f0000-0000-7000-8000-000000000000",
        "/api/v1/bookings/holds/018f0000-0000-7000-8000-000000000000",
        "/manage/0123456789abcdef0123456789abcdef",
        "/book/018f0000-0000-7000-8000-000000000000",
    ] {
        let reply = client().get(running.url(path)).send().await.unwrap();
        assert_eq!(header(&reply, "cache-control"), "no-store", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_run_nothing_but_ours_and_stand_in_nobodys_frame() {
    let running = Running::without_bundle().await;
    for path in
        ["/", "/search", "/privacy", "/what-we-see", "/developers", "/nothing/here/at-all", "/robots.txt"]
    {
        let reply = client().get(running.url(path)).send().await.unwrap();
        let policy = header(&reply, "content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(header(&reply, name), value, "{path}");
        }
        // Plain HTTP, on this machine: no promise that could not be kept.
        assert_eq!(header(&reply, "strict-transport-security"), "", "{path}");
    }
}
