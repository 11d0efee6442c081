//! Why a finding does not count.

use serde::Serialize;

use crate::finding::{Frozen, Waived};
use crate::render::waivers::place;
use crate::source::SourceMap;

#[derive(Serialize)]
pub(super) struct WaiverDto<'a> {
    reason: &'a str,
    owner: Option<&'a str>,
    approver: Option<&'a str>,
    role: Option<&'a str>,
    link: Option<&'a str>,
    expires: String,
    days_left: i32,
    inline: bool,
    signed: bool,
    path: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct BaselineDto<'a> {
    until: Option<String>,
    days_left: Option<i32>,
    path: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct ExistingDto<'a> {
    pub(super) revision: &'a str,
}

impl<'a> WaiverDto<'a> {
    pub(super) fn new(waiver: &'a Waived, sources: &'a SourceMap) -> Self {
        let (path, line) = place(waiver.place, sources);
        Self {
            reason: &waiver.reason,
            owner: waiver.owner.as_deref(),
            approver: waiver.approver.as_deref(),
            role: waiver.role.as_deref(),
            link: waiver.link.as_deref(),
            expires: waiver.expires.to_string(),
            days_left: waiver.days_left,
            inline: waiver.inline,
            signed: waiver.signed,
            path,
            line,
        }
    }
}

impl<'a> BaselineDto<'a> {
    pub(super) fn new(frozen: &'a Frozen, sources: &'a SourceMap) -> Self {
        let (path, line) = place(frozen.place, sources);
        Self {
            until: frozen.until.map(|day| day.to_string()),
            days_left: frozen.days_left,
            path,
            line,
        }
    }
}
