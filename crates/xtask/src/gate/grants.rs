//! What each window may call: declared in src-tauri/build.rs, handled in src-tauri, granted in capabilities/*.json, and
//! all of it equal to `capabilities/reviewed.txt`, whose lines name a window and what it may do.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use super::{Rule, files, read};

/// The windows a capability may name. The frozen screen has one window a monitor.
const WINDOWS: [&str; 2] = ["main", "overlay-*"];

pub fn judge(root: &Path) -> Vec<Rule> {
    let mut scope = Vec::new();
    let granted = grants(root, &mut scope);
    let reviewed = match read(root, "capabilities/reviewed.txt") {
        Ok(text) => reviewed(&text),
        Err(error) => {
            scope.push(error);
            BTreeSet::new()
        }
    };
    let commands: BTreeSet<String> = reviewed.iter().filter_map(|(_, grant)| command(grant)).collect();
    let (declared, handled) = (declared(root), handled(root));
    vec![
        Rule::new("each capability is local and names its windows", scope),
        Rule::new("the windows may call what was reviewed", differences(&granted, &reviewed, "granted")),
        Rule::new("the declared commands are the reviewed ones", differences(&declared, &commands, "declared")),
        Rule::new("the handled commands are the reviewed ones", differences(&handled, &commands, "handled")),
    ]
}

/// Pairs of a window and a permission, from every capability file.
fn grants(root: &Path, findings: &mut Vec<String>) -> BTreeSet<(String, String)> {
    let mut grants = BTreeSet::new();
    for file in files(&root.join("capabilities")).into_iter().map(|file| format!("capabilities/{file}")) {
        if file.ends_with("reviewed.txt") || file.contains("/schemas/") {
            continue;
        }
        let capability = read(root, &file).and_then(|text| {
            let text =
                if file.ends_with(".json") { Ok(text) } else { Err(format!("{file}: only .json is read here")) }?;
            serde_json::from_str::<Value>(&text).map_err(|error| format!("{file}: {error}"))
        });
        match capability {
            Ok(capability) => one(&file, &capability, &mut grants, findings),
            Err(error) => findings.push(error),
        }
    }
    grants
}

fn one(file: &str, capability: &Value, grants: &mut BTreeSet<(String, String)>, findings: &mut Vec<String>) {
    for key in ["remote", "webviews", "capabilities"] {
        if !capability[key].is_null() {
            findings.push(format!("{file}: {key}"));
        }
    }
    let windows: Vec<&str> = strings(&capability["windows"]);
    if windows.is_empty() {
        findings.push(format!("{file}: no windows"));
    }
    findings.extend(windows.iter().filter(|name| !WINDOWS.contains(name)).map(|name| format!("{file}: window {name}")));
    let permissions = strings(&capability["permissions"]);
    if capability["permissions"].as_array().is_none_or(|all| all.len() != permissions.len()) {
        findings.push(format!("{file}: a permission that is not a plain name"));
    }
    for window in &windows {
        grants.extend(permissions.iter().map(|permission| (window.to_string(), permission.to_string())));
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Lines of a window and what it may do: a command of ours by its name, one of Tauri's by its permission (with a colon).
fn reviewed(text: &str) -> BTreeSet<(String, String)> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    lines
        .filter_map(|line| line.split_whitespace().collect::<Vec<_>>().try_into().ok())
        .map(|[window, what]: [&str; 2]| match what.contains(':') {
            true => (window.to_owned(), what.to_owned()),
            false => (window.to_owned(), format!("allow-{}", what.replace('_', "-"))),
        })
        .collect()
}

/// The command of ours that a permission allows.
fn command(grant: &str) -> Option<String> {
    grant.strip_prefix("allow-").map(|name| name.replace('-', "_"))
}

/// The string literals of build.rs that can be a command's name.
fn declared(root: &Path) -> BTreeSet<String> {
    let source = without_comments(&read(root, "src-tauri/build.rs").unwrap_or_default());
    let is_name = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    source.split('"').skip(1).step_by(2).filter(is_name).map(str::to_owned).collect()
}

/// The names in `generate_handler![..]`.
fn handled(root: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in files(&root.join("src-tauri")).into_iter().filter(|file| file.ends_with(".rs")) {
        let source = without_comments(&read(root, &format!("src-tauri/{file}")).unwrap_or_default());
        for list in source.split("generate_handler![").skip(1).filter_map(|rest| rest.split(']').next()) {
            let paths = list.split(',').map(str::trim).filter(|path| !path.is_empty());
            names.extend(paths.filter_map(|path| path.rsplit("::").next()).map(str::to_owned));
        }
    }
    names
}

fn without_comments(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn differences<T: Ord + Shown>(real: &BTreeSet<T>, reviewed: &BTreeSet<T>, verb: &str) -> Vec<String> {
    let more = real.difference(reviewed).map(|item| format!("{} is {verb} and not reviewed", item.shown()));
    let less = reviewed.difference(real).map(|item| format!("{} is reviewed and not {verb}", item.shown()));
    more.chain(less).collect()
}

trait Shown {
    fn shown(&self) -> String;
}

impl Shown for String {
    fn shown(&self) -> String {
        self.clone()
    }
}

impl Shown for (String, String) {
    fn shown(&self) -> String {
        format!("{} for window {}", self.1, self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    const MAIN: &str =
        r#"{ "identifier": "main", "windows": ["main"], "permissions": ["allow-lock", "core:event:allow-listen"] }"#;

    fn findings(capability: &str, handler: &str) -> Vec<Vec<String>> {
        let root = tempfile::tempdir().unwrap();
        for folder in ["capabilities", "src-tauri"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let write = |name: &str, text: &str| fs::write(root.path().join(name), text).unwrap();
        write("capabilities/reviewed.txt", "main lock # why\nmain core:event:allow-listen\n");
        write("capabilities/main.json", capability);
        write("src-tauri/build.rs", "fn main() { AppManifest::new().commands(&[\"lock\"]); } // \"unlock\"");
        write("src-tauri/lib.rs", &format!("builder.invoke_handler(tauri::generate_handler![{handler}]);"));
        judge(root.path()).into_iter().map(|rule| rule.findings).collect()
    }

    #[test]
    fn equal_lists_pass() {
        assert!(findings(MAIN, "commands::lock,").iter().all(Vec::is_empty));
    }

    #[test]
    fn one_grant_too_many_or_too_few_is_seen() {
        assert_eq!(findings(&MAIN.replace("allow-lock", "allow-unlock"), "lock")[1].len(), 2);
        assert_eq!(findings(&MAIN.replace("\"main\"]", "\"main\", \"overlay-*\"]"), "lock")[1].len(), 2);
    }

    #[test]
    fn a_handler_nobody_reviewed_is_seen() {
        assert_eq!(findings(MAIN, "lock, vault::reveal")[3], ["reveal is handled and not reviewed"]);
    }

    #[test]
    fn a_remote_host_a_wildcard_and_a_missing_window_are_seen() {
        let remote = MAIN.replace("\"windows\"", "\"remote\": { \"urls\": [\"https://*\"] }, \"windows\"");
        assert_eq!(findings(&remote, "lock")[0], ["capabilities/main.json: remote"]);
        assert_eq!(findings(&MAIN.replace("[\"main\"]", "[\"*\"]"), "lock")[0], ["capabilities/main.json: window *"]);
        assert_eq!(findings(&MAIN.replace("[\"main\"]", "[]"), "lock")[0], ["capabilities/main.json: no windows"]);
    }

    #[test]
    fn a_permission_with_a_scope_is_not_a_plain_name() {
        let scoped = MAIN.replace("\"allow-lock\"", "{ \"identifier\": \"allow-lock\", \"allow\": [\"*\"] }");
        assert_eq!(findings(&scoped, "lock")[0].len(), 1);
    }
}
