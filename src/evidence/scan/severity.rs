//! How bad a finding is, on one scale for all formats.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Low. Findings that a report rates as informational are low as well: they are open.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
    /// The report does not say, or says what cannot be understood. It may be the worst of all.
    Unknown,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 5] = [
        Self::Unknown,
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
    ];

    /// The name as documents write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
        }
    }

    /// The band of a CVSS score: from 9 critical, from 7 high, from 4 medium, below low. What is no
    /// score from 0 to 10 is unknown.
    pub(super) fn of_score(score: f64) -> Self {
        match score {
            score if !(0.0..=10.0).contains(&score) => Self::Unknown,
            score if score >= 9.0 => Self::Critical,
            score if score >= 7.0 => Self::High,
            score if score >= 4.0 => Self::Medium,
            _ => Self::Low,
        }
    }

    /// A word or a score as scanners write them, in any case.
    pub(super) fn of_word(word: &str) -> Self {
        let word = word.trim();
        match word.to_ascii_lowercase().as_str() {
            "critical" => Self::Critical,
            "high" => Self::High,
            "medium" | "moderate" => Self::Medium,
            "low" | "info" | "informational" | "none" | "negligible" => Self::Low,
            _ => word.parse().map_or(Self::Unknown, Self::of_score),
        }
    }

    /// The worst that is known of several; unknown if none is.
    pub(super) fn worst(several: impl IntoIterator<Item = Self>) -> Self {
        several
            .into_iter()
            .filter(|severity| *severity != Self::Unknown)
            .max()
            .unwrap_or(Self::Unknown)
    }
}

/// How many findings are open, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// How many are critical.
    pub critical: u64,
    /// How many are high.
    pub high: u64,
    /// How many are medium.
    pub medium: u64,
    /// How many are low.
    pub low: u64,
    /// How many have a severity that is not known.
    pub unknown: u64,
}

impl Open {
    /// How many have this severity.
    pub const fn of(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Critical => self.critical,
            Severity::Unknown => self.unknown,
        }
    }

    /// One more.
    pub(super) const fn count(&mut self, severity: Severity) {
        let count = match severity {
            Severity::Low => &mut self.low,
            Severity::Medium => &mut self.medium,
            Severity::High => &mut self.high,
            Severity::Critical => &mut self.critical,
            Severity::Unknown => &mut self.unknown,
        };
        *count = count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_have_the_bands_of_cvss() {
        for (score, severity) in [
            (10.0, Severity::Critical),
            (9.0, Severity::Critical),
            (8.9, Severity::High),
            (7.0, Severity::High),
            (6.9, Severity::Medium),
            (4.0, Severity::Medium),
            (3.9, Severity::Low),
            (0.1, Severity::Low),
            (0.0, Severity::Low),
            (-0.1, Severity::Unknown),
            (10.1, Severity::Unknown),
            (f64::NAN, Severity::Unknown),
        ] {
            assert_eq!(Severity::of_score(score), severity, "{score}");
            assert_eq!(Severity::of_word(&score.to_string()), severity, "{score}");
        }
    }

    #[test]
    fn words_are_taken_in_any_case_and_no_word_is_unknown() {
        assert_eq!(Severity::of_word("CRITICAL"), Severity::Critical);
        assert_eq!(Severity::of_word(" Moderate "), Severity::Medium);
        assert_eq!(Severity::of_word("none"), Severity::Low);
        assert_eq!(Severity::of_word("serious"), Severity::Unknown);
        assert_eq!(Severity::of_word(""), Severity::Unknown);
        assert_eq!(Severity::of_word("inf"), Severity::Unknown);
    }

    #[test]
    fn the_worst_is_the_worst_that_is_known() {
        let worst = Severity::worst([Severity::Low, Severity::Unknown, Severity::High]);
        assert_eq!(worst, Severity::High);
        assert_eq!(Severity::worst([Severity::Unknown]), Severity::Unknown);
        assert_eq!(Severity::worst([]), Severity::Unknown);
    }
}
