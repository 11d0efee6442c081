//! Commands that write one file and say so, or say what stands in the way.

use camino::Utf8PathBuf;

use super::ERROR;
use super::output;
use super::session::Session;
use crate::source::display_safe;

/// What stands in the way: the fact and the next action.
pub(super) struct Refused(pub(super) String, pub(super) String);

/// A file, its new text, and what to say once it is written.
pub(super) type Prepared = Result<(Utf8PathBuf, String, String), Refused>;

/// Writes what is prepared; the exit code.
pub(super) fn write(prepared: Prepared) -> u8 {
    match prepared {
        Ok((path, text, said)) => match output::write_file(&path, &text) {
            Ok(()) => Session::print(&display_safe(&said), 0),
            Err(error) => {
                let message = format!("cannot write `{path}`: {}", output::why(&error));
                output::complain(&message, None);
                ERROR
            }
        },
        Err(Refused(message, help)) => {
            output::complain(&message, Some(&help));
            ERROR
        }
    }
}
