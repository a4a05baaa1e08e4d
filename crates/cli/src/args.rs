//! What may be typed. The names here are a contract with scripts: add, never rename.

use std::{ffi::OsString, path::PathBuf};

use clap::{
    ArgGroup, Args, Parser, Subcommand, ValueEnum,
    error::{ContextKind, ContextValue, ErrorKind},
};
use warifu_session::{Language, otp::OtpKind};

/// Warifu (割符) on the command line: one-time codes without a smartphone
#[derive(Parser)]
#[command(name = "warifu-cli", version, disable_help_subcommand = true, arg_required_else_help = false, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) call: Call,
}

const AFTER_HELP: &str = "\
The common options stand before or after the call.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing found (no QR code, no such account),
            4 wrong password, 5 the file (a PDF) needs a password";

#[derive(Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The vault file [default: the one of the desktop app, with its second folder for backups]
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) vault: Option<PathBuf>,
    /// Read the password from the first line of the standard input
    #[arg(long, global = true)]
    pub(crate) password_stdin: bool,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print secrets too
    #[arg(long, global = true)]
    pub(crate) reveal: bool,
    /// Take this for the time, instead of the system's clock; the desktop app is told nothing of it
    #[arg(long, global = true, value_name = "UNIX_SECONDS", allow_negative_numbers = true)]
    pub(crate) at: Option<i64>,
    /// The language of messages [default: the system's]
    #[arg(long, global = true)]
    pub(crate) lang: Option<Lang>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    Ja,
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::Ja => Language::Ja,
            Lang::En => Language::En,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Call {
    /// Read every QR code in pictures; no vault needed
    Scan {
        /// The pictures
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Print the current code, without spaces
    Code(CodeArgs),
    /// Make a new, empty vault
    Init,
    /// Add accounts to the vault
    Add(AddArgs),
    /// List the accounts in the vault
    List,
    /// Show one account; with --reveal its secret and its otpauth line
    Show {
        #[command(flatten)]
        name: Name,
    },
    /// Rename an account
    #[command(group(ArgGroup::new("what").args(["issuer", "account"]).multiple(true).required(true)))]
    Edit {
        #[command(flatten)]
        name: Name,
        /// The new site; empty for none
        #[arg(long, value_name = "TEXT")]
        issuer: Option<String>,
        /// The new account name
        #[arg(long, value_name = "TEXT")]
        account: Option<String>,
    },
    /// Delete an account
    Rm {
        #[command(flatten)]
        name: Name,
    },
    /// Make the QR picture of an account; it holds the secret
    Qr {
        #[command(flatten)]
        name: Name,
        /// The picture to write, which must not exist yet
        #[arg(long, value_name = "FILE.png")]
        out: PathBuf,
    },
    /// Bring the accounts of another copy of the same vault into it; nothing of either is lost
    Merge {
        /// The other copy; it is only read
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// List the backups of the vault, the newest first, each opened for proof
    Backups,
    /// Go back to a backup, as a new revision; also where the vault file is missing or damaged
    Restore {
        /// The name of the backup, as `backups` lists it
        #[arg(value_name = "BACKUP")]
        backup: String,
    },
    /// Say whether a code is right, and how many steps away; exit code 1 if it is not
    Verify {
        #[command(flatten)]
        name: Name,
        /// The code; spaces do not matter
        code: String,
        /// How many steps away it may be [default: 1 to each side; 10 ahead for counter-based codes]
        #[arg(long, value_name = "STEPS")]
        window: Option<u64>,
    },
}

#[derive(Args)]
pub(crate) struct Name {
    /// The account: its id, `issuer:account`, either of the two, or a part that only it has
    pub(crate) name: String,
}

#[derive(Args)]
#[command(group(ArgGroup::new("source").args(["uri", "image", "name"]).required(true)))]
pub(crate) struct CodeArgs {
    /// An otpauth line; `-` reads it from the standard input
    #[arg(long, value_name = "URI", allow_hyphen_values = true)]
    pub(crate) uri: Option<String>,
    /// A picture with the QR code
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,
    /// An account in the vault
    pub(crate) name: Option<String>,
}

#[derive(Args)]
#[command(group(ArgGroup::new("source").args(["uri", "image", "secret_stdin"]).required(true)))]
pub(crate) struct AddArgs {
    /// An otpauth line; `-` reads it from the standard input
    #[arg(long, value_name = "URI", allow_hyphen_values = true)]
    pub(crate) uri: Option<String>,
    /// A picture; all QR codes in it are added. Several times for several pictures
    #[arg(long, value_name = "FILE", conflicts_with_all = ["issuer", "account"])]
    pub(crate) image: Vec<PathBuf>,
    /// Read the key from the standard input: its first line, or the one after the password
    #[arg(long)]
    pub(crate) secret_stdin: bool,
    /// The site
    #[arg(long, value_name = "TEXT")]
    pub(crate) issuer: Option<String>,
    /// The account name
    #[arg(long, value_name = "TEXT")]
    pub(crate) account: Option<String>,
    /// Add it even if an account with the same key is there already
    #[arg(long)]
    pub(crate) even_if_present: bool,
    #[command(flatten)]
    pub(crate) parameters: Parameters,
}

/// What goes with a typed key. Numbers are checked by the session, whose sentences say what is allowed.
#[derive(Args)]
pub(crate) struct Parameters {
    /// Digits of a code [default: 6]
    #[arg(long, value_name = "N", conflicts_with_all = ["uri", "image"])]
    pub(crate) digits: Option<u64>,
    /// Seconds a code lives [default: 30]
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["uri", "image"])]
    pub(crate) period: Option<u64>,
    /// SHA1, SHA256 or SHA512 [default: SHA1]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["uri", "image"])]
    pub(crate) algorithm: Option<String>,
    /// The kind of code [default: totp]
    #[arg(long = "type", conflicts_with_all = ["uri", "image"])]
    pub(crate) kind: Option<Kind>,
    /// The next counter of counter-based codes [default: 0]
    #[arg(long, value_name = "N", conflicts_with_all = ["uri", "image"])]
    pub(crate) counter: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Totp,
    Hotp,
    Steam,
}

impl From<Kind> for OtpKind {
    fn from(kind: Kind) -> OtpKind {
        match kind {
            Kind::Totp => OtpKind::Totp,
            Kind::Hotp => OtpKind::Hotp,
            Kind::Steam => OtpKind::Steam,
        }
    }
}

/// The two common options that count even where the rest is not understood.
pub(crate) fn glimpse(args: &[OsString]) -> (bool, Option<Language>) {
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--").collect();
    let after = words.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| word.strip_prefix("--lang="));
    let lang = after.chain(joined).find_map(|lang| Lang::from_str(lang, false).ok());
    (words.contains(&"--json"), lang.map(Into::into))
}

/// What is wrong with the arguments, in clap's words less what was typed: that may be a secret.
pub(crate) fn describe(error: &clap::Error) -> String {
    let mut text = error.kind().as_str().unwrap_or("wrong arguments").to_owned();
    // Elsewhere this context holds an option of ours by its name; of an unknown argument it holds the argument.
    let named = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(name)) if error.kind() != ErrorKind::UnknownArgument || is_option(name) => {
            name.clone()
        }
        Some(ContextValue::Strings(names)) => names.join(" "),
        _ => String::new(),
    };
    if !named.is_empty() {
        text.push_str(": ");
        text.push_str(&named);
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        text.push('\n');
        text.push_str(&usage.to_string());
    }
    text
}

/// Looks like the name of an option: what a slip of the finger makes, and no key or address does.
fn is_option(text: &str) -> bool {
    text.len() <= 24
        && text.strip_prefix("--").is_some_and(|name| name.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()))
}
