//! The files of a commit, read from git's objects.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::blobs::Blobs;
use super::stream::Stream;
use super::{Revision, Unknown, behind, git};
use crate::files::paths::normal;
use crate::files::{Disk, FileKind, Files, FolderEntry, Opened};

/// As many links as one path may go through, as on Linux.
const MAX_LINKS: usize = 40;

/// A target of a link is no longer than this, in bytes.
const MAX_TARGET: u64 = 4096;

/// Up to this size a file that is opened is held in memory.
const SMALL: u64 = 8 << 20;

/// The files of a commit at the paths that they have in the work tree, which is not looked at.
///
/// Contents are as they are stored: line ends are not converted and filters not applied. A file under
/// Git LFS is its content where that is in the store of this clone, and else its pointer. A submodule that
/// is checked out has the files of the commit that was recorded for it; another is an empty folder.
/// What lies outside of the work tree is not there; nor is a file whose path is not UTF-8.
pub(in crate::cli) struct Tree {
    top: Utf8PathBuf,
    /// By path relative to the top, which itself is the empty path.
    nodes: BTreeMap<Utf8PathBuf, Node>,
    /// The repository itself, then the submodules.
    stores: Vec<Arc<Blobs>>,
}

enum Node {
    /// What lies in it, sorted by the bytes of the names.
    Folder(BTreeMap<String, FileKind>),
    /// Where its content is.
    File(Blob),
    /// Where its target is written.
    Link(Blob),
}

/// The id of a blob, and in which of the stores it is.
struct Blob {
    store: Arc<Blobs>,
    id: String,
}

impl Blob {
    fn read(&self, limit: u64) -> io::Result<Vec<u8>> {
        self.store.read(&self.id, limit)
    }
}

impl Node {
    fn kind(&self) -> FileKind {
        match self {
            Self::Folder(_) => FileKind::Folder,
            Self::File(_) => FileKind::File,
            Self::Link(_) => FileKind::Link,
        }
    }
}

/// Where a path leads to.
enum Place {
    /// Relative to the top, links resolved.
    Inside(Utf8PathBuf),
    /// Outside of the work tree: absolute, as far as it can be resolved by its text.
    Outside(Utf8PathBuf),
}

impl Tree {
    pub(super) fn of(revision: &Revision) -> Result<Self, Unknown> {
        let mut tree = Self {
            top: revision.top().to_owned(),
            nodes: BTreeMap::from([(Utf8PathBuf::new(), Node::Folder(BTreeMap::new()))]),
            stores: Vec::new(),
        };
        tree.add(Utf8Path::new(""), revision.id())
            .map_err(|why| unread(revision, &behind(&why)))?;
        Ok(tree)
    }

    /// Adds the files of a commit of the repository that has its top at `at`.
    fn add(&mut self, at: &Utf8Path, commit: &str) -> Result<(), String> {
        let top = self.top.join(at);
        let words = ["ls-tree", "-r", "-z", "--full-tree", commit];
        let listed = git(&top, &words)?;
        let store = Arc::new(Blobs::new(top));
        self.stores.push(Arc::clone(&store));
        for entry in listed.split(|&byte| byte == 0).filter(|it| !it.is_empty()) {
            let strange = || "its answer is not understood".to_owned();
            let mut parts = entry.splitn(2, |&byte| byte == b'\t');
            let head = parts.next().and_then(|head| std::str::from_utf8(head).ok());
            let words: Vec<&str> = head.ok_or_else(strange)?.split(' ').collect();
            let path = parts.next().ok_or_else(strange)?;
            let Ok(path) = std::str::from_utf8(path) else {
                continue;
            };
            let path = at.join(path);
            let blob = |id: &str| Blob {
                store: Arc::clone(&store),
                id: id.to_owned(),
            };
            match words.as_slice() {
                ["120000", "blob", id] => self.insert(path, Node::Link(blob(id))),
                [_, "blob", id] => self.insert(path, Node::File(blob(id))),
                [_, "commit", id] => {
                    self.insert(path.clone(), Node::Folder(BTreeMap::new()));
                    if Disk.stat_link(&self.top.join(&path).join(".git")).is_ok() {
                        // A commit that is not fetched leaves it empty: then more is new, not less.
                        let _ = self.add(&path, id);
                    }
                }
                _ => return Err(strange()),
            }
        }
        Ok(())
    }

    /// An object that was asked for and could not be read, as in a partial clone. What was read of the
    /// commit is then not all of it.
    pub(in crate::cli) fn lost(&self) -> Option<Unknown> {
        let lost = self.stores.iter().find_map(|store| store.lost());
        lost.map(|id| Unknown {
            message: format!("git cannot read the object {id}"),
            help: "A partial clone has only some of them: fetch them first, `git fetch --refetch --no-filter`, or check out without `filter`",
        })
    }

    /// Adds an entry, and the folders that it lies in.
    fn insert(&mut self, path: Utf8PathBuf, node: Node) {
        let mut kind = node.kind();
        let mut below = path.as_path();
        while let (Some(folder), Some(name)) = (below.parent(), below.file_name()) {
            let known = self.nodes.contains_key(folder);
            let parent = self
                .nodes
                .entry(folder.to_owned())
                .or_insert_with(|| Node::Folder(BTreeMap::new()));
            if let Node::Folder(entries) = parent {
                entries.insert(name.to_owned(), kind);
            }
            if known {
                break;
            }
            kind = FileKind::Folder;
            below = folder;
        }
        self.nodes.insert(path, node);
    }

    /// Where a path leads to; the last part is not followed if it is a link, unless `follow`.
    /// An error where something on the way is not there; what is at its end need not be.
    fn resolve(&self, path: &Utf8Path, follow: bool) -> io::Result<Place> {
        let Some(below) = below(&self.top, path) else {
            return Ok(Place::Outside(normal(path)));
        };
        let mut left: Vec<Utf8PathBuf> = vec![below];
        let mut place = Utf8PathBuf::new();
        let mut links = 0;
        while let Some(rest) = left.pop() {
            let mut parts = rest.components();
            let Some(part) = parts.next() else {
                continue;
            };
            let behind = parts.as_path().to_owned();
            let is_last = behind.as_str().is_empty() && left.is_empty();
            left.extend((!behind.as_str().is_empty()).then_some(behind));
            match part {
                Utf8Component::CurDir => continue,
                Utf8Component::ParentDir => {
                    if !place.pop() {
                        let outside = self.top.join("..");
                        return Ok(Place::Outside(onward(&outside, left)));
                    }
                    continue;
                }
                part => place.push(part.as_str()),
            }
            match self.nodes.get(&place) {
                Some(Node::Link(blob)) if follow || !is_last => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(io::Error::other("too many links"));
                    }
                    let target = blob.read(MAX_TARGET)?;
                    let target = String::from_utf8(target)
                        .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
                    let target = Utf8PathBuf::from(target);
                    place.pop();
                    if target.is_absolute() {
                        match self::below(&self.top, &target) {
                            Some(target) => {
                                place = Utf8PathBuf::new();
                                left.push(target);
                            }
                            None => return Ok(Place::Outside(onward(&target, left))),
                        }
                    } else {
                        left.push(target);
                    }
                }
                Some(Node::Folder(_)) => {}
                Some(_) if is_last => {}
                Some(_) => return Err(io::ErrorKind::NotADirectory.into()),
                // Git's own folder marks the root of the repository, and is not in its commits.
                None if is_last && place == ".git" => {}
                None => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        Ok(Place::Inside(place))
    }

    /// What stands at a path, if it lies inside.
    fn node(&self, path: &Utf8Path, follow: bool) -> io::Result<&Node> {
        let Place::Inside(place) = self.resolve(path, follow)? else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let node = self.nodes.get(&place);
        node.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn kind(&self, path: &Utf8Path, follow: bool) -> io::Result<FileKind> {
        match self.resolve(path, follow)? {
            Place::Inside(place) if place == ".git" => Ok(FileKind::Folder),
            Place::Inside(_) => self.node(path, follow).map(Node::kind),
            Place::Outside(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The blob of a regular file.
    fn file(&self, path: &Utf8Path) -> io::Result<&Blob> {
        match self.node(path, true)? {
            Node::File(blob) => Ok(blob),
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            )),
        }
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("top", &self.top)
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

impl Files for Tree {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.kind(path, true)
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.kind(path, false)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        match self.resolve(path, true)? {
            Place::Inside(place) if place.as_str().is_empty() => Ok(self.top.clone()),
            Place::Inside(place) => Ok(self.top.join(place)),
            // Whoever asks sees that it leads outside; what is there cannot be read.
            Place::Outside(path) => Ok(path),
        }
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        let blob = self.file(path)?;
        let bytes = blob.read(limit)?;
        match blob.store.stored_elsewhere(&bytes) {
            Some(path) => Disk.read(&path, limit),
            None => Ok(bytes),
        }
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        let blob = self.file(path)?;
        let bytes = blob.store.size(&blob.id)?;
        if bytes <= SMALL {
            let content = blob.read(bytes)?;
            if let Some(path) = blob.store.stored_elsewhere(&content) {
                return Disk.open(&path);
            }
            return Ok(Opened {
                content: Box::new(io::Cursor::new(content)),
                bytes,
            });
        }
        let stream = Stream::new(Arc::clone(&blob.store), blob.id.clone(), bytes);
        Ok(Opened {
            content: Box::new(stream),
            bytes,
        })
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        let Node::Folder(entries) = self.node(path, true)? else {
            return Err(io::ErrorKind::NotADirectory.into());
        };
        let entries = entries.iter().map(|(name, kind)| FolderEntry {
            name: OsString::from(name),
            kind: *kind,
        });
        Ok(entries.collect())
    }
}

/// What of a path lies below a folder, its dots left as they are.
fn below(top: &Utf8Path, path: &Utf8Path) -> Option<Utf8PathBuf> {
    path.strip_prefix(top).ok().map(Utf8Path::to_owned)
}

/// A path with what was left of another one behind it.
fn onward(path: &Utf8Path, left: Vec<Utf8PathBuf>) -> Utf8PathBuf {
    let whole = left
        .into_iter()
        .rev()
        .fold(path.to_owned(), |path, part| path.join(part));
    normal(&whole)
}

fn unread(revision: &Revision, why: &str) -> Unknown {
    Unknown {
        message: format!("git cannot list the files of {}{why}", revision.id()),
        help: "Run `git fsck` here to see what is wrong",
    }
}
