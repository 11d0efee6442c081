//! The patterns of OpenSSH: `*`, `?`, lists with commas, `!` for not.

/// The most bytes of one pattern in a list; a longer one makes the list match nothing, as in OpenSSH.
const MAX_PATTERN: usize = 1022;

/// Whether a list of patterns matches: one does, and none of those with `!` does.
pub(super) fn list_matches(text: &str, list: &str) -> bool {
    let mut matched = false;
    for pattern in list.split_terminator(',') {
        let (negated, pattern) = match pattern.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        if pattern.len() > MAX_PATTERN {
            return false;
        }
        if matches(text.as_bytes(), pattern.as_bytes()) {
            if negated {
                return false;
            }
            matched = true;
        }
    }
    matched
}

/// `*` stands for any bytes, `?` for any one byte. In time proportional to the product of both.
fn matches(text: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut next) = (0, 0);
    // Where to go on from the last star if what follows it does not match here.
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(next) {
            Some(b'*') => {
                next += 1;
                retry = Some((at, next));
            }
            Some(&wanted) if wanted == b'?' || text.get(at) == Some(&wanted) => {
                at += 1;
                next += 1;
            }
            _ => match retry {
                Some((from, after)) => {
                    at = from + 1;
                    next = after;
                    retry = Some((at, after));
                }
                None => return false,
            },
        }
    }
    pattern
        .get(next..)
        .is_some_and(|rest| rest.iter().all(|&byte| byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_match_as_in_openssh() {
        for (text, list, wanted) in [
            ("alice@example.com", "alice@example.com", true),
            ("alice@example.com", "*@example.com", true),
            ("alice@example.com", "*@example.org", false),
            ("alice@example.com", "a?ice@*", true),
            ("alice@example.com", "ALICE@example.com", false),
            ("alice@example.com", "*,!alice@*", false),
            ("alice@example.com", "!alice@*,*", false),
            ("bob@example.com", "!alice@*,*", true),
            ("bob@example.com", "!alice@*", false),
            ("bob", "", false),
            ("", "", false),
            ("", "*", true),
            ("bob", "bob,", true),
            ("bob", "***b", true),
            ("aaaaab", "*a*a*b", true),
            ("aaaaac", "*a*a*b", false),
            ("bob", " bob", false),
        ] {
            assert_eq!(list_matches(text, list), wanted, "{text:?} {list:?}");
        }
        assert!(!list_matches("bob", &format!("bob,{}", "x".repeat(1023))));
    }

    #[test]
    fn many_stars_take_no_time() {
        let text = "a".repeat(5000);
        let list = format!("{}b", "*a".repeat(500));
        assert!(!list_matches(&text, &list));
    }
}
