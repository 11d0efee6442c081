//! `sign_offs`: the roles, who may sign in them, and the files that say whose keys count.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::{Config, Setting};
use crate::expr::time::IsoDuration;
use crate::finding::{Finding, Label, did_you_mean};
use crate::signoff::verdict::{Assurance, Role};
use crate::source::Location;

/// The folder of statements where no config names one, relative to the root.
pub const FOLDER: &str = "signoffs";

/// What configs say of sign-offs. `None` where none says it.
#[derive(Clone, Debug, Default)]
pub struct SignOffSettings {
    /// The folder of the statements: absolute, inside the root; it need not be there.
    pub folder: Option<Setting<Utf8PathBuf>>,
    /// The signers' file: absolute, links resolved, inside the root.
    pub allowed_signers: Option<Setting<Utf8PathBuf>>,
    /// Lists of what is revoked: absolute, links resolved, inside the root. They add up.
    pub revoked: Vec<Setting<Utf8PathBuf>>,
    /// The least that a sign-off must be, in a role that does not say it.
    pub minimum_assurance: Option<Setting<Assurance>>,
    /// Roles of which one person may not sign two. They add up.
    pub distinct: Vec<Setting<BTreeSet<String>>>,
    /// By name.
    pub roles: Vec<RoleEntry>,
    /// The principals of GitHub logins, these at their keys.
    pub github: Vec<(Setting<String>, String)>,
}

/// One entry of `sign_offs.roles`.
#[derive(Clone, Debug)]
pub struct RoleEntry {
    /// The name, at its key.
    pub name: Setting<String>,
    /// What people call it.
    pub title: Option<Setting<String>>,
    /// Patterns of principals; empty means anybody.
    pub members: Vec<Setting<String>>,
    /// How many people must sign.
    pub quorum: Option<Setting<u32>>,
    /// How long a sign-off holds at most.
    pub validity: Option<Setting<IsoDuration>>,
    /// The least that a sign-off must be.
    pub minimum_assurance: Option<Setting<Assurance>>,
    /// Whether who wrote the document may sign it.
    pub authors_may_sign: Option<Setting<bool>>,
}

impl SignOffSettings {
    /// The least that a sign-off must be where no role says it: what documents state counts until
    /// an organisation asks for more.
    pub fn minimum_assurance(&self) -> Assurance {
        self.minimum_assurance
            .map_or(Assurance::Named, |setting| setting.value)
    }

    /// The roles as verdicts ask for them, sorted by name.
    pub fn roles(&self) -> Vec<Role> {
        let role = |entry: &RoleEntry| Role {
            name: entry.name.value.clone(),
            members: entry
                .members
                .iter()
                .map(|member| member.value.clone())
                .collect(),
            quorum: entry.quorum.map_or(1, |quorum| quorum.value),
            validity: entry.validity.map(|validity| validity.value),
            minimum_assurance: entry
                .minimum_assurance
                .map_or_else(|| self.minimum_assurance(), |setting| setting.value),
            authors_may_sign: entry.authors_may_sign.is_some_and(|may| may.value),
            commit_authors: true,
        };
        self.roles.iter().map(role).collect()
    }

    /// The sets of roles of which one person may not sign two.
    pub fn distinct(&self) -> Vec<BTreeSet<String>> {
        self.distinct.iter().map(|set| set.value.clone()).collect()
    }

    /// The principals of GitHub logins, these in lower case, as GitHub does not tell cases apart.
    pub fn github(&self) -> BTreeMap<String, String> {
        let pairs = self.github.iter();
        pairs
            .map(|(login, principal)| (login.value.to_lowercase(), principal.clone()))
            .collect()
    }

    /// Whether anything is said of who may sign, or of whose keys count.
    pub fn are_set(&self) -> bool {
        self.allowed_signers.is_some()
            || self.minimum_assurance.is_some()
            || !self.revoked.is_empty()
            || !self.distinct.is_empty()
            || !self.roles.is_empty()
            || !self.github.is_empty()
    }

    /// An error for every set of distinct roles with one that no config lists: nobody would hear of
    /// a misspelt one.
    pub(super) fn unlisted(&self) -> Vec<Finding> {
        let known = || self.roles.iter().map(|role| role.name.value.as_str());
        let mut findings = Vec::new();
        for set in &self.distinct {
            for name in set
                .value
                .iter()
                .filter(|name| known().all(|own| own != **name))
            {
                let Some(location) = set.origin else {
                    continue;
                };
                let near = did_you_mean(name, known());
                let message = format!("no role is called `{name}`{near}");
                findings.push(
                    Finding::new("config/unknown-role", message, Label::new(location, ""))
                        .with_help("List it under `roles`; `{}` is enough"),
                );
            }
        }
        findings
    }

    /// Puts what a nearer config says on top.
    pub(super) fn merge(&mut self, nearer: Self) {
        self.folder = nearer.folder.or(self.folder.take());
        self.allowed_signers = nearer.allowed_signers.or(self.allowed_signers.take());
        self.revoked.extend(nearer.revoked);
        self.minimum_assurance = nearer.minimum_assurance.or(self.minimum_assurance);
        self.distinct.extend(nearer.distinct);
        for role in nearer.roles {
            self.roles
                .retain(|known| known.name.value != role.name.value);
            self.roles.push(role);
        }
        self.roles.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        for (login, principal) in nearer.github {
            self.github
                .retain(|(known, _)| !known.value.eq_ignore_ascii_case(&login.value));
            self.github.push((login, principal));
        }
        self.github.sort_by(|(a, _), (b, _)| a.value.cmp(&b.value));
    }

    /// Every value with its key, for `launchgate config show`.
    pub(super) fn shown(
        &self,
        config: &Config,
        yaml: fn(&str) -> String,
        row: &mut impl FnMut(String, String, Option<Location>),
    ) {
        let path =
            |path: &Utf8PathBuf| yaml(crate::files::paths::relative(path, &config.root).as_str());
        let key = |key: &str| format!("sign_offs.{key}");
        match &self.folder {
            Some(folder) => row(key("folder"), path(&folder.value), folder.origin),
            None => row(key("folder"), FOLDER.to_owned(), None),
        }
        if let Some(file) = &self.allowed_signers {
            row(key("allowed_signers"), path(&file.value), file.origin);
        }
        for file in &self.revoked {
            row(key("revoked"), path(&file.value), file.origin);
        }
        row(
            key("minimum_assurance"),
            self.minimum_assurance().to_string(),
            self.minimum_assurance.and_then(|setting| setting.origin),
        );
        for set in &self.distinct {
            let names: Vec<&str> = set.value.iter().map(String::as_str).collect();
            row(
                key("distinct"),
                format!("[{}]", names.join(", ")),
                set.origin,
            );
        }
        for (login, principal) in &self.github {
            row(
                key(&format!("github.{}", login.value)),
                yaml(principal),
                login.origin,
            );
        }
        for role in &self.roles {
            let mut own = |name: &str, value: String, origin| {
                row(
                    format!("sign_offs.roles.{}.{name}", role.name.value),
                    value,
                    origin,
                );
            };
            if let Some(title) = &role.title {
                own("title", yaml(&title.value), title.origin);
            }
            for member in &role.members {
                own("members", yaml(&member.value), member.origin);
            }
            if let Some(quorum) = role.quorum {
                own("quorum", quorum.value.to_string(), quorum.origin);
            }
            if let Some(validity) = role.validity {
                own("validity", validity.value.to_string(), validity.origin);
            }
            if let Some(least) = role.minimum_assurance {
                own("minimum_assurance", least.value.to_string(), least.origin);
            }
            if let Some(may) = role.authors_may_sign {
                own("authors_may_sign", may.value.to_string(), may.origin);
            }
            let says_more = role.title.is_some()
                || !role.members.is_empty()
                || role.quorum.is_some()
                || role.validity.is_some()
                || role.minimum_assurance.is_some()
                || role.authors_may_sign.is_some();
            if !says_more {
                row(
                    format!("sign_offs.roles.{}", role.name.value),
                    "{}".to_owned(),
                    role.name.origin,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Request, load};
    use crate::files::Memory;
    use crate::source::SourceMap;

    /// The config of `/r/svc`, or its problems with their places.
    fn config(outer: &str, nearer: &str) -> Result<Config, Vec<String>> {
        let files = Memory::new([
            ("/r/.git/HEAD", ""),
            ("/r/launchgate.yaml", outer),
            ("/r/trust/signers", ""),
            ("/r/trust/revoked.yaml", ""),
            ("/r/svc/launchgate.yaml", nearer),
            ("/r/svc/revoked.yaml", ""),
        ]);
        let mut sources = SourceMap::default();
        let request = Request {
            start: "/r/svc".into(),
            explicit: None,
            isolated: false,
        };
        let loaded = load(&request, &files, &mut sources);
        let told = |finding: &Finding| {
            let file = sources.file(finding.primary.location).unwrap();
            let at = file.line_column(finding.primary.location.span.start);
            format!(
                "{} {}:{} {}",
                finding.rule, at.line, at.column, finding.message
            )
        };
        let config = loaded.map_err(|found| found.iter().map(told).collect::<Vec<_>>())?;
        let unlisted = config.check_names(&[], &[]);
        if unlisted.is_empty() {
            Ok(config)
        } else {
            Err(unlisted.iter().map(told).collect())
        }
    }

    const OUTER: &str = "\
sign_offs:
  allowed_signers: trust/signers
  revoked: [trust/revoked.yaml]
  minimum_assurance: ssh
  distinct: [[privacy, security]]
  github: { Ann-Lee: old@bank.example, bob: bob@bank.example }
  roles:
    privacy: { title: Counsel, members: [ann@bank.example], quorum: 2, validity: P1Y }
    security: { minimum_assurance: named, authors_may_sign: true }
";

    #[test]
    fn roles_are_those_of_the_nearest_and_what_tightens_adds_up() {
        let nearer = "\
sign_offs:
  folder: approvals
  revoked: [revoked.yaml]
  distinct: [[privacy, legal]]
  github: { ann-lee: ann@bank.example }
  roles:
    privacy: { members: ['*@privacy.bank.example'] }
    legal: {}
";
        let config = config(OUTER, nearer).unwrap();
        let settings = &config.sign_offs;
        assert_eq!(settings.folder.as_ref().unwrap().value, "/r/svc/approvals");
        let revoked: Vec<_> = settings.revoked.iter().map(|file| &file.value).collect();
        assert_eq!(revoked, ["/r/trust/revoked.yaml", "/r/svc/revoked.yaml"]);
        assert_eq!(settings.distinct().len(), 2);
        let roles: Vec<_> = settings
            .roles()
            .into_iter()
            .map(|role| {
                (
                    role.name,
                    role.members.len(),
                    role.quorum,
                    role.minimum_assurance,
                )
            })
            .collect();
        assert_eq!(
            roles,
            [
                ("legal".to_owned(), 0, 1, Assurance::Ssh),
                ("privacy".to_owned(), 1, 1, Assurance::Ssh),
                ("security".to_owned(), 0, 1, Assurance::Named),
            ]
        );
        let of = |name: &str| settings.roles().into_iter().find(|role| role.name == name);
        assert!(of("security").unwrap().authors_may_sign);
        assert!(of("privacy").unwrap().validity.is_none());
        let logins = [("ann-lee", "ann@bank.example"), ("bob", "bob@bank.example")];
        let logins = logins.map(|(login, principal)| (login.to_owned(), principal.to_owned()));
        assert_eq!(settings.github(), BTreeMap::from(logins));
        let shown: Vec<_> = config
            .shown()
            .into_iter()
            .filter(|row| row.key.starts_with("sign_offs"))
            .map(|row| format!("{} = {}", row.key, row.value))
            .collect();
        assert_eq!(
            shown,
            [
                "sign_offs.folder = svc/approvals",
                "sign_offs.allowed_signers = trust/signers",
                "sign_offs.revoked = trust/revoked.yaml",
                "sign_offs.revoked = svc/revoked.yaml",
                "sign_offs.minimum_assurance = ssh",
                "sign_offs.distinct = [privacy, security]",
                "sign_offs.distinct = [legal, privacy]",
                "sign_offs.github.ann-lee = ann@bank.example",
                "sign_offs.github.bob = bob@bank.example",
                "sign_offs.roles.legal = {}",
                "sign_offs.roles.privacy.members = '*@privacy.bank.example'",
                "sign_offs.roles.security.minimum_assurance = named",
                "sign_offs.roles.security.authors_may_sign = true",
            ]
        );
    }

    #[test]
    fn what_cannot_be_meant_is_an_error_with_its_place() {
        for (text, told) in [
            (
                "sign_offs: { allowed_signers: trust/signer }\n",
                "config/not-found 1:31 the file `trust/signer` cannot be read",
            ),
            (
                "sign_offs: { revoked: [../revoked.yaml] }\n",
                "config/outside-root 1:24 `../revoked.yaml` lies outside the root",
            ),
            (
                "sign_offs: { folder: ../approvals }\n",
                "config/outside-root 1:22 `../approvals` is no folder below the root",
            ),
            (
                "sign_offs: { folder: . }\n",
                "config/outside-root 1:22 `.` is no folder below the root",
            ),
            (
                "sign_offs: { minimum_assurance: shh }\n",
                "config/value 1:33",
            ),
            (
                "sign_offs: { roles: { privacy: { quorum: 0 } } }\n",
                "config/",
            ),
            (
                "sign_offs: { roles: { privacy: { validity: a year } } }\n",
                "config/",
            ),
            (
                "sign_offs: { roles: { privacy: { member: [a] } } }\n",
                "config/unknown-key 1:34",
            ),
            ("sign_offs: { roles: { Privacy: {} } }\n", "config/"),
            (
                "sign_offs: { github: { 'ann lee': ann@bank.example } }\n",
                "config/",
            ),
            (
                "sign_offs: { github: { ann-lee: 1 } }\n",
                "config/type 1:33",
            ),
            (
                "sign_offs: { distinct: [[privacy, secruity]], roles: { privacy: {}, security: {} } }\n",
                "config/unknown-role 1:25 no role is called `secruity`; did you mean `security`?",
            ),
        ] {
            let found = config(text, "{}\n").expect_err(text);
            assert!(found[0].starts_with(told), "{text}: {found:?}");
        }
        assert!(config("sign_offs: { folder: not-there }\n", "{}\n").is_ok());
    }
}
