//! tauri.conf.json and what Cargo is told about Tauri.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{Rule, files, read};

/// The reviewed policy: nothing but the app's own files, and the channel to Rust.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
                   connect-src ipc: http://ipc.localhost; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                   object-src 'none'";

pub fn judge(root: &Path) -> Vec<Rule> {
    let mut findings = Findings::default();
    match read(root, "tauri.conf.json").and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()))
    {
        Ok(config) => findings.config(&config),
        Err(error) => findings.settings.push(error),
    }
    // A file for one system is merged over the reviewed one.
    let others = files_at_top(root).into_iter().filter(|name| name != "tauri.conf.json" && is_config(name));
    findings.settings.extend(others.map(|name| format!("{name} would change the reviewed configuration")));
    vec![
        Rule::new("the content security policy is the reviewed one", findings.csp),
        Rule::new("nothing dangerous, global or remote in tauri.conf.json", findings.settings),
        Rule::new("no developer tools in a release", devtools(root)),
    ]
}

#[derive(Default)]
struct Findings {
    csp: Vec<String>,
    settings: Vec<String>,
}

impl Findings {
    fn config(&mut self, config: &Value) {
        let app = &config["app"];
        let security = &app["security"];
        match security["csp"].as_str() {
            Some(CSP) => {}
            Some(other) => self.csp.push(format!("tauri.conf.json: {other}")),
            None => self.csp.push("tauri.conf.json: there is none".into()),
        }
        if !security["devCsp"].is_null() {
            self.csp.push("tauri.conf.json: devCsp".into());
        }

        let must_be = [
            ("app.withGlobalTauri", &app["withGlobalTauri"], json!(false)),
            ("app.security.freezePrototype", &security["freezePrototype"], json!(true)),
            ("app.security.capabilities", &security["capabilities"], json!(["main", "overlay"])),
            ("build.frontendDist", &config["build"]["frontendDist"], json!("ui/dist")),
        ];
        for (name, value, wanted) in must_be {
            if *value != wanted {
                self.settings.push(format!("{name} is {value}, not {wanted}"));
            }
        }
        if security["assetProtocol"]["enable"] == json!(true) {
            self.settings.push("app.security.assetProtocol is enabled".into());
        }
        if let Some(address) = config["build"]["devUrl"].as_str()
            && !address.starts_with("http://localhost:")
        {
            self.settings.push(format!("build.devUrl is {address}"));
        }
        walk(config, "", &mut |path, key, value| {
            if key.starts_with("dangerous") {
                self.settings.push(path.to_owned());
            }
            if key == "url" && value.as_str().is_some_and(|url| url.contains("://")) {
                self.settings.push(format!("{path} is {value}"));
            }
        });
    }
}

/// Calls `see` for each key, with its path from the top.
fn walk(value: &Value, path: &str, see: &mut impl FnMut(&str, &str, &Value)) {
    let object = value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value));
    let array = value.as_array().into_iter().flatten().enumerate().map(|(index, value)| (index.to_string(), value));
    for (key, value) in object.chain(array) {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        see(&path, &key, value);
        walk(value, &path, see);
    }
}

/// A debug build has them by itself; in a release they come only by this feature or by a call.
fn devtools(root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for file in std::iter::once("Cargo.toml".to_owned()).chain(manifests(root)) {
        let text = read(root, &file).unwrap_or_default();
        let named = text.lines().filter(|line| line.split('#').next().is_some_and(|line| line.contains("devtools")));
        findings.extend(named.map(|line| format!("{file}: {}", line.trim())));
    }
    for file in files(&root.join("src-tauri")).into_iter().filter(|file| file.ends_with(".rs")) {
        let text = fs::read_to_string(root.join("src-tauri").join(&file)).unwrap_or_default();
        if text.contains("devtools(") {
            findings.push(format!("src-tauri/{file} calls devtools"));
        }
    }
    findings
}

fn manifests(root: &Path) -> Vec<String> {
    let crates = fs::read_dir(root.join("crates")).into_iter().flatten().flatten();
    crates.map(|entry| format!("crates/{}/Cargo.toml", entry.file_name().to_string_lossy())).collect()
}

fn files_at_top(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// The names Tauri looks for.
fn is_config(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    (lower.starts_with("tauri.") && lower.contains(".conf.json"))
        || (lower.starts_with("tauri.") && lower.ends_with(".toml"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn good() -> Value {
        json!({
            "build": { "frontendDist": "ui/dist" },
            "app": { "withGlobalTauri": false, "security": {
                "csp": CSP, "freezePrototype": true, "capabilities": ["main", "overlay"] } }
        })
    }

    fn broken(config: &Value) -> Vec<&'static str> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tauri.conf.json"), config.to_string()).unwrap();
        judge(folder.path()).into_iter().filter(|rule| !rule.findings.is_empty()).map(|rule| rule.name).collect()
    }

    #[test]
    fn the_reviewed_configuration_passes() {
        assert!(broken(&good()).is_empty());
    }

    #[test]
    fn one_more_source_breaks_the_policy() {
        let mut config = good();
        config["app"]["security"]["csp"] = json!(CSP.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'"));
        assert_eq!(broken(&config), ["the content security policy is the reviewed one"]);
    }

    #[test]
    fn each_opening_is_seen() {
        let open = |change: fn(&mut Value)| {
            let mut config = good();
            change(&mut config);
            broken(&config)
        };
        let rule = ["nothing dangerous, global or remote in tauri.conf.json"];
        assert_eq!(open(|c| c["app"]["withGlobalTauri"] = json!(true)), rule);
        assert_eq!(open(|c| c["app"]["security"]["dangerousDisableAssetCspModification"] = json!(true)), rule);
        assert_eq!(open(|c| c["app"]["security"]["assetProtocol"] = json!({ "enable": true })), rule);
        assert_eq!(open(|c| c["app"]["security"]["freezePrototype"] = json!(false)), rule);
        assert_eq!(open(|c| c["app"]["security"]["capabilities"] = json!(["main", { "remote": {} }])), rule);
        assert_eq!(open(|c| c["build"]["frontendDist"] = json!("https://example.com")), rule);
        assert_eq!(open(|c| c["build"]["devUrl"] = json!("http://192.0.2.1:1420")), rule);
        assert_eq!(open(|c| c["app"]["windows"] = json!([{ "url": "https://example.com" }])), rule);
    }

    #[test]
    fn a_second_configuration_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tauri.conf.json"), good().to_string()).unwrap();
        fs::write(folder.path().join("tauri.windows.conf.json"), "{}").unwrap();
        assert_eq!(judge(folder.path())[1].findings.len(), 1);
    }

    #[test]
    fn the_devtools_feature_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = "# no devtools\ntauri = { version = \"2\", features = [\"wry\", \"devtools\"] }";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        assert_eq!(devtools(folder.path()).len(), 1);
    }
}
