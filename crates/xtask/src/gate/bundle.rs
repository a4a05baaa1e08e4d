//! The built view: text nodes only, nothing evaluated, kept, logged or fetched, no address of anywhere.

use std::{fs, path::Path};

use super::{Rule, files};

/// Words that may not stand in the bundle, and why. A word is found only where a name begins, so that `retrieval(` is none.
const WORDS: &[(&str, &str)] = &[
    ("innerHTML", "text becomes markup"),
    ("outerHTML", "text becomes markup"),
    ("insertAdjacentHTML", "text becomes markup"),
    ("createContextualFragment", "text becomes markup"),
    ("document.write", "text becomes markup"),
    ("eval(", "text becomes code"),
    ("new Function", "text becomes code"),
    ("localStorage", "it would stay on disk after the lock"),
    ("sessionStorage", "it would stay after the lock"),
    ("indexedDB", "it would stay on disk after the lock"),
    ("console.", "it would end up in a log"),
    ("fetch(", "the app has no network"),
    ("XMLHttpRequest", "the app has no network"),
    ("WebSocket", "the app has no network"),
    ("EventSource", "the app has no network"),
    ("sendBeacon", "the app has no network"),
    ("RTCPeerConnection", "the app has no network"),
    ("serviceWorker", "it would outlive the page"),
    ("sourceMappingURL", "maps are not shipped"),
];

/// Where such a word stands and opens nothing. The quotes are those the minifier writes.
const HARMLESS: &[(&str, &str)] =
    &[("!==`innerHTML`", "Svelte's list of the properties a spread may set: it leaves this one out")];

/// Addresses that are names and are never opened. The policy would refuse to open them, too.
const NAMES: &[(&str, &str)] = &[
    ("http://www.w3.org/", "namespaces of XML: SVG elements are created with them"),
    ("https://svelte.dev/e/", "the texts of Svelte's errors"),
];

pub fn judge(root: &Path) -> Vec<Rule> {
    let folder = root.join("ui").join("dist");
    let mut words = Vec::new();
    let mut addresses = Vec::new();
    let mut pages = Vec::new();
    let bundle: Vec<String> = files(&folder);
    for file in &bundle {
        let Ok(text) = fs::read_to_string(folder.join(file)) else { continue };
        words.extend(forbidden(&text).map(|(word, reason)| format!("ui/dist/{file}: {word}, {reason}")));
        addresses.extend(foreign(&text).into_iter().map(|address| format!("ui/dist/{file}: {address}")));
        if file.ends_with(".html") {
            pages.extend(inline(&text).into_iter().map(|what| format!("ui/dist/{file}: {what}")));
        }
    }
    if !bundle.iter().any(|file| file.ends_with(".js")) {
        words.push("ui/dist has no scripts: the step ui builds it".into());
    }
    vec![
        Rule::new("the built view has no word that opens a door", words),
        Rule::new("the built view has no address", addresses),
        Rule::new("the pages have no script or style of their own", pages),
    ]
}

fn forbidden(text: &str) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let text = HARMLESS.iter().fold(text.to_owned(), |text, (phrase, _)| text.replace(phrase, ""));
    WORDS.iter().filter(move |(word, _)| {
        text.match_indices(word).any(|(at, _)| {
            !text[..at]
                .chars()
                .next_back()
                .is_some_and(|before| before.is_alphanumeric() || matches!(before, '_' | '$'))
        })
    })
}

/// Addresses that are not mere names, up to the first character no address has.
fn foreign(text: &str) -> Vec<&str> {
    let starts = ["http://", "https://", "ws://", "wss://"].iter().flat_map(|scheme| text.match_indices(scheme));
    starts
        .map(|(at, _)| &text[at..])
        .filter(|rest| !NAMES.iter().any(|(name, _)| rest.starts_with(name)))
        .map(|rest| rest.split(|c: char| c.is_whitespace() || "\"'`<>)\\".contains(c)).next().unwrap_or(rest))
        .collect()
}

/// What the policy would block, found before anybody sees an empty window.
fn inline(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let lower = tag.to_ascii_lowercase();
        let attributes = || lower.split_whitespace().skip(1);
        let name = lower.split_whitespace().next().unwrap_or_default();
        let is_inline = (name == "script" && !attributes().any(|attribute| attribute.starts_with("src=")))
            || name == "style"
            || attributes().any(|attribute| {
                attribute.starts_with("style=") || (attribute.starts_with("on") && attribute.contains('='))
            });
        if is_inline {
            found.push(format!("<{tag}>"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        forbidden(text).map(|(word, _)| *word).collect()
    }

    #[test]
    fn words_are_found_minified() {
        assert_eq!(found("a.innerHTML=b"), ["innerHTML"]);
        assert_eq!(found("x=>eval(x),window.fetch(y)"), ["eval(", "fetch("]);
        assert_eq!(found("globalThis.localStorage?.a;console.log(1)"), ["localStorage", "console."]);
    }

    #[test]
    fn parts_of_longer_names_are_not() {
        assert!(found("retrieval(x);prefetch(y);$eval(z);myconsole.x").is_empty());
    }

    #[test]
    fn a_word_that_is_compared_and_left_out_does_not_excuse_the_next() {
        assert!(found("r[s].set&&s!==`innerHTML`&&n.add(s)").is_empty());
        assert_eq!(found("s!==`innerHTML`&&(e.innerHTML=s)"), ["innerHTML"]);
    }

    #[test]
    fn names_of_namespaces_are_no_addresses() {
        assert!(foreign("createElementNS(\"http://www.w3.org/2000/svg\",a)").is_empty());
        assert_eq!(foreign("a=\"https://example.com/x\",b"), ["https://example.com/x"]);
        assert_eq!(foreign("http://www.w3.org.example.com/"), ["http://www.w3.org.example.com/"]);
    }

    #[test]
    fn scripts_in_the_page_are_seen() {
        assert!(
            inline("<!doctype html><script type=\"module\" src=\"./a.js\"></script><link rel=\"stylesheet\">")
                .is_empty()
        );
        assert_eq!(inline("<script>alert(1)</script>").len(), 1);
        assert_eq!(inline("<p style=\"color:red\" ><a onclick=\"x()\">").len(), 2);
    }

    #[test]
    fn a_view_that_was_not_built_does_not_pass() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("ui/dist")).unwrap();
        fs::write(root.path().join("ui/dist/index.html"), "<!doctype html><p>not yet").unwrap();
        assert!(judge(root.path()).iter().any(|rule| !rule.findings.is_empty()));
    }
}
