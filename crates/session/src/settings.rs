//! What the person has set. Nothing secret; readable before the vault is open.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The language chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system is set.
    #[default]
    System,
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// The theme chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is set.
    #[default]
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language chosen.
    pub language: Language,
    /// The theme chosen.
    pub theme: Theme,
    /// Minutes without activity until the vault locks; 0 means never.
    pub lock_after_minutes: u32,
    /// A folder that gets a copy of each revision of the vault, besides the backups beside it.
    pub second_backup_folder: Option<PathBuf>,
}

impl Settings {
    /// A day: a longer idle time is no lock at all, and "never" has its own number.
    pub const LOCK_AFTER_MINUTES_LIMIT: u32 = 24 * 60;
}

impl Default for Settings {
    fn default() -> Self {
        // Long enough for a login with interruptions, short enough for a shared desk.
        Self {
            language: Language::default(),
            theme: Theme::default(),
            lock_after_minutes: 10,
            second_backup_folder: None,
        }
    }
}

impl Settings {
    /// Reads the settings text. A text that cannot be read gives the defaults: settings are convenience, and a broken one
    /// must never stand between a person and their codes.
    pub fn parse(text: &str) -> Settings {
        let settings: Settings = serde_json::from_str(text).unwrap_or_default();
        if settings.lock_after_minutes > Self::LOCK_AFTER_MINUTES_LIMIT { Settings::default() } else { settings }
    }

    /// The settings as text.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn settings_survive_writing_and_reading() {
        let settings = Settings {
            language: Language::En,
            theme: Theme::Dark,
            lock_after_minutes: 3,
            second_backup_folder: Some("/media/stick".into()),
        };
        assert_eq!(Settings::parse(&settings.to_text()), settings);
    }

    #[test]
    fn broken_settings_are_the_defaults() {
        for text in ["", "{", "[]", r#"{"lock_after_minutes": 4294967295}"#, r#"{"theme": "loud"}"#] {
            assert_eq!(Settings::parse(text), Settings::default(), "{text}");
        }
        assert_eq!(Settings::parse(r#"{"theme": "dark", "later": 1}"#).theme, Theme::Dark);
    }
}
