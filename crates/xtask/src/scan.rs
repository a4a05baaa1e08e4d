//! `cargo xtask bench scan`: the same pictures read by us and by five other readers, in one run. `cargo xtask bench steps`: what each
//! step of our ladder is worth.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{
    system::{self, Need},
    tools,
    workspace::{Done, Workspace, output, run, shown},
};

/// Ours first.
const READERS: [&str; 6] = ["ours", "rxing", "rqrr", "zbar", "zxing-cpp", "jsQR"];

/// What the goals of a clean screen are about, and the most milliseconds one may take.
const CLEAN: [(&str, f64); 2] = [("1080p", 60.0), ("4K", 200.0)];
/// The most milliseconds that the whole ladder may take.
const WHOLE_LADDER: f64 = 1500.0;

/// Draws (or takes) the pictures, has them read, and prints what came of it. A goal that is missed is said, and is no failure.
pub fn bench(workspace: &Workspace, arguments: &[String]) -> Done {
    let options = Options::parse(arguments)?;
    println!("{}", system::require(&[Need::Build, Need::Judges])?);
    let (python, preparations) = tools::python_of_readers(workspace)?;
    let (jsqr, install) = tools::jsqr(workspace)?;
    preparations.into_iter().chain(install).try_for_each(|mut command| run(&mut command))?;

    let folder = pictures(workspace, &options)?;
    let judge = |program: &Path, script: &str, more: &[&Path]| {
        let mut command = workspace.command(program);
        command.arg(workspace.path("crates/xtask/judges").join(script)).arg(&folder).args(more);
        command
    };
    let mut said = said_by(&mut ours(workspace, &["read", &folder.display().to_string()]))?;
    said += &said_by(&mut judge(&python, "scan.py", &[]))?;
    said += &said_by(&mut judge(Path::new("node"), "scan.mjs", &[&jsqr]))?;
    let pictures = fs::read_to_string(folder.join("pictures.jsonl")).map_err(|error| error.to_string())?;
    let _ = fs::remove_dir_all(&folder);
    print(&Results::of(&pictures, &said)?);
    Ok(())
}

/// Prints what each step of the ladder reads by itself, what it alone reads, and what it costs; and what a dragged box is worth.
pub fn steps(workspace: &Workspace, arguments: &[String]) -> Done {
    let options = Options::parse(arguments)?;
    println!("{}", system::require(&[Need::Build])?);
    let folder = pictures(workspace, &options)?;
    run(&mut ours(workspace, &["steps", &folder.display().to_string()]))?;
    let _ = fs::remove_dir_all(&folder);
    run(&mut ours(workspace, &["boxes", &options.seed, &options.count]))
}

/// The Rust half of this.
fn ours(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = workspace.cargo(["run", "--release", "--locked", "--quiet", "--package", "warifu-scan"]);
    command.args(["--example", "bench", "--"]).args(arguments);
    command
}

/// A folder of the pictures that are wanted.
fn pictures(workspace: &Workspace, options: &Options) -> Done<PathBuf> {
    let folder = workspace.target("scan-pictures");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let place = folder.display().to_string();
    run(&mut match &options.pictures {
        Some(pictures) => ours(workspace, &["take", &place, &pictures.display().to_string()]),
        None => ours(workspace, &["draw", &place, &options.seed, &options.count, &options.kind]),
    })?;
    Ok(folder)
}

fn said_by(command: &mut Command) -> Done<String> {
    println!("$ {}", shown(command));
    output(command).ok_or_else(|| format!("it failed: {}", shown(command)))
}

struct Options {
    seed: String,
    /// Pictures of each kind.
    count: String,
    /// What the kinds' names hold; empty for all.
    kind: String,
    /// A folder of real pictures, instead of drawn ones.
    pictures: Option<PathBuf>,
}

impl Options {
    fn parse(arguments: &[String]) -> Done<Options> {
        let mut options = Options { seed: "1".into(), count: "12".into(), kind: String::new(), pictures: None };
        for pair in arguments.chunks(2) {
            match pair {
                [name, value] if name == "--kind" => options.kind.clone_from(value),
                [name, value] if name == "--pictures" => options.pictures = Some(value.into()),
                [name, value] if value.parse::<u64>().is_ok() && name == "--seed" => options.seed.clone_from(value),
                [name, value] if value.parse::<u64>().is_ok() && name == "--count" => options.count.clone_from(value),
                _ => {
                    return Err(
                        "cargo xtask bench scan|steps [--seed N] [--count N] [--kind PART] [--pictures DIR]".into()
                    );
                }
            }
        }
        Ok(options)
    }
}

/// One picture, and how it was read.
struct Picture {
    kind: String,
    name: String,
    wanted: Vec<String>,
    /// By reader: what it read, and in how many milliseconds.
    read: HashMap<String, (Vec<String>, f64)>,
}

impl Picture {
    /// How many of the wanted texts a reader found.
    fn found(&self, reader: &str) -> usize {
        let texts = self.read.get(reader).map_or(&[][..], |(texts, _)| texts);
        self.wanted.iter().filter(|wanted| texts.contains(wanted)).count()
    }

    /// Whether a reader read something that is not there.
    fn is_wrong(&self, reader: &str) -> bool {
        self.read.get(reader).is_some_and(|(texts, _)| texts.iter().any(|text| !self.wanted.contains(text)))
    }

    fn ms(&self) -> f64 {
        self.read.get(READERS[0]).map_or(0.0, |(_, ms)| *ms)
    }
}

struct Results {
    pictures: Vec<Picture>,
}

impl Results {
    fn of(pictures: &str, said: &str) -> Done<Results> {
        let mut all = BTreeMap::new();
        for line in pictures.lines() {
            let line = parse(line)?;
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            let picture = Picture {
                kind: text("kind"),
                name: text("name"),
                wanted: texts(&line["wanted"]),
                read: HashMap::new(),
            };
            all.insert(line["picture"].as_u64(), picture);
        }
        for line in said.lines() {
            let line = parse(line)?;
            let reader = line["reader"].as_str().unwrap_or_default().to_owned();
            let read = (texts(&line["texts"]), line["ms"].as_f64().unwrap_or_default());
            let picture =
                all.get_mut(&line["picture"].as_u64()).ok_or("a reader speaks of a picture that is not there")?;
            picture.read.insert(reader, read);
        }
        Ok(Results { pictures: all.into_values().collect() })
    }
}

fn parse(line: &str) -> Done<Value> {
    serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))
}

/// Texts as they are compared: readers differ in line ends.
fn texts(value: &Value) -> Vec<String> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(plain).collect()
}

fn print(Results { pictures }: &Results) {
    let mut kinds: Vec<(&str, Vec<&Picture>)> = Vec::new();
    for picture in pictures {
        match kinds.iter_mut().find(|(kind, _)| *kind == picture.kind) {
            Some((_, same)) => same.push(picture),
            None => kinds.push((&picture.kind, vec![picture])),
        }
    }
    print!("\n{:38} {:>8}", "kind", "pictures");
    READERS.iter().for_each(|reader| print!(" {reader:>9}"));
    println!("  all codes  median ms   worst");
    let whole: Vec<&Picture> = pictures.iter().collect();
    for (kind, pictures) in kinds.iter().map(|(kind, pictures)| (*kind, pictures)).chain([("all", &whole)]) {
        print!("{kind:38} {:>8}", pictures.len());
        for reader in READERS {
            print!(" {:>9}", pictures.iter().filter(|picture| picture.found(reader) > 0).count());
        }
        let (found, wanted) = pictures.iter().fold((0, 0), |(found, wanted), picture| {
            (found + picture.found(READERS[0]), wanted + picture.wanted.len())
        });
        let (median, worst) = times(pictures);
        println!("  {:>9}  {median:>9.1} {worst:>7.1}", format!("{found}/{wanted}"));
    }
    print!("{:38} {:>8}", "something that is not there", "");
    READERS
        .iter()
        .for_each(|reader| print!(" {:>9}", pictures.iter().filter(|picture| picture.is_wrong(reader)).count()));
    println!("\n");
    goals(pictures, &kinds);
}

fn goals(pictures: &[Picture], kinds: &[(&str, Vec<&Picture>)]) {
    // Of several codes each counts: who finds more of them than we do has read what we have not.
    let better = |picture: &Picture| -> Vec<&str> {
        let ours = picture.found(READERS[0]);
        READERS[1..].iter().copied().filter(|reader| picture.found(reader) > ours).collect()
    };
    let by_others = |picture: &Picture| READERS[1..].iter().any(|reader| picture.found(reader) > 0);
    let (read, unread): (Vec<&Picture>, Vec<&Picture>) =
        pictures.iter().partition(|picture| picture.wanted.is_empty() || picture.found(READERS[0]) > 0);
    println!(
        "read by us alone: {}",
        read.iter().filter(|picture| picture.found(READERS[0]) > 0 && !by_others(picture)).count()
    );
    let nobody: Vec<_> = unread.iter().filter(|picture| !by_others(picture)).collect();
    println!("read by nobody: {}", nobody.len());
    nobody.iter().for_each(|picture| println!("    {}", picture.name));
    let missed: Vec<_> = pictures.iter().filter(|picture| !better(picture).is_empty()).collect();
    println!("{}: every code that another reader finds ({} pictures)", verdict(missed.is_empty()), missed.len());
    missed.iter().for_each(|picture| println!("    {}: {}", picture.name, better(picture).join(", ")));
    for (name, most) in CLEAN {
        if let Some((_, clean)) = kinds.iter().find(|(kind, _)| *kind == name) {
            let (median, _) = times(clean);
            println!("{}: a clean {name} screen takes {median:.1} ms, at most {most} wanted", verdict(median <= most));
        }
    }
    let (_, worst) = times(&pictures.iter().collect::<Vec<_>>());
    println!(
        "{}: the slowest picture takes {worst:.0} ms, at most {WHOLE_LADDER} wanted",
        verdict(worst <= WHOLE_LADDER)
    );
}

fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "MISSED" }
}

/// Median and most milliseconds of ours.
fn times(pictures: &[&Picture]) -> (f64, f64) {
    let mut times: Vec<f64> = pictures.iter().map(|picture| picture.ms()).collect();
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    (median, times.last().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_text_that_is_not_in_the_picture_is_no_find() {
        let pictures = r#"{"picture":0,"kind":"a","name":"a, seed 1","wanted":["one  two","three"]}"#;
        let said = r#"{"picture":0,"reader":"ours","ms":3.5,"texts":["one\r\ntwo","four"]}"#;
        let results = Results::of(pictures, said).unwrap();
        let picture = &results.pictures[0];
        assert_eq!((picture.found("ours"), picture.is_wrong("ours"), picture.ms()), (1, true, 3.5));
        assert_eq!((picture.found("zbar"), picture.is_wrong("zbar")), (0, false));
    }
}
