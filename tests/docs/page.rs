//! Pages of Markdown, as far as the tests look into them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) struct Page {
    /// Relative to the root.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A fenced block of code.
pub(crate) struct Block {
    /// `docs/policies.md:12`, for messages.
    pub(crate) at: String,
    /// The section (`##`) that it stands in, unique among all pages.
    pub(crate) section: String,
    /// What stands behind the fence.
    pub(crate) language: String,
    /// What stands behind the language: the path of a file, or `fragment`.
    pub(crate) info: String,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn read(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let text = fs::read_to_string(root().join(&path)).unwrap();
        Self { path, text }
    }

    /// The block behind a comment.
    pub(crate) fn block_behind(&self, comment: &str) -> Block {
        let at = self
            .text
            .find(comment)
            .unwrap_or_else(|| panic!("no {comment}"));
        let rest = Self {
            path: self.path.clone(),
            text: self.text[at..].to_owned(),
        };
        rest.blocks().remove(0)
    }

    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut section = String::new();
        let mut open: Option<(String, Block)> = None;
        for (number, line) in (1..).zip(self.text.lines()) {
            if let Some((fence, block)) = &mut open {
                if line == fence {
                    blocks.extend(open.take().map(|(_, block)| block));
                } else {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            } else if line.starts_with("```") {
                let info = line.trim_start_matches('`');
                let fence = "`".repeat(line.len() - info.len());
                let (language, info) = info.split_once(' ').unwrap_or((info, ""));
                let block = Block {
                    at: format!("{}:{number}", self.path.display()),
                    section: format!("{}: {section}", self.path.display()),
                    language: language.to_owned(),
                    info: info.to_owned(),
                    text: String::new(),
                };
                open = Some((fence, block));
            } else if let Some(title) = line.strip_prefix("## ") {
                title.clone_into(&mut section);
            }
        }
        assert!(
            open.is_none(),
            "{}: a block is not closed",
            self.path.display()
        );
        blocks
    }

    /// The rows of every table behind a comment of its own, the head left out; each cell without
    /// the backticks around it.
    pub(crate) fn tables(&self, comment: &str) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for part in self.text.split(comment).skip(1) {
            let lines = part.trim_start().lines();
            let table = lines.take_while(|line| line.starts_with('|'));
            rows.extend(table.skip(2).map(cells));
        }
        rows
    }

    /// The text without what stands in fenced blocks.
    pub(crate) fn prose(&self) -> String {
        let mut prose = String::new();
        let mut fence = None;
        for line in self.text.lines() {
            // In a list a fence is indented, or stands behind the mark of its item.
            let inner = line.trim_start();
            let inner = inner.strip_prefix("- ").unwrap_or(inner);
            let ticks = inner.len() - inner.trim_start_matches('`').len();
            match fence {
                Some(open) if ticks == open && inner.len() == ticks => fence = None,
                Some(_) => {}
                None if ticks >= 3 => fence = Some(ticks),
                None => {
                    prose.push_str(line);
                    prose.push('\n');
                }
            }
        }
        prose
    }
}

fn cells(row: &str) -> Vec<String> {
    let inner = row.trim().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    inner
        .replace("\\|", "\u{0}")
        .split('|')
        .map(|cell| cell.trim().replace('\u{0}', "|"))
        .collect()
}

/// What stands between the backticks of a cell that is code alone.
pub(crate) fn code(cell: &str) -> &str {
    if let Some(inner) = cell.strip_prefix("`` ") {
        return inner.strip_suffix(" ``").unwrap_or(inner);
    }
    cell.trim_matches('`')
}

/// README and the pages of `docs`.
pub(crate) fn manual() -> Vec<Page> {
    let mut names: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| Path::new("docs").join(entry.unwrap().file_name()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    names.sort();
    names.insert(0, "README.md".into());
    names.into_iter().map(Page::read).collect()
}

/// The files of the folders that hold nothing but generated pages.
pub(crate) fn generated() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("docs/rules"), PathBuf::from("docs/controls")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(root().join(&folder)) else {
            continue;
        };
        for entry in entries.map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
