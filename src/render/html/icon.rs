//! Shapes: what a colour says is said by a shape, and by a word beside it.

use maud::{Markup, html};

use crate::finding::Outcome;
use crate::render::evidence::Tone;

/// A shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    /// A cross in an octagon: does not hold.
    Cross,
    /// A question mark in a diamond: cannot be decided.
    Question,
    /// A tick in a circle: holds.
    Tick,
    /// A dash in a circle: does not apply.
    Dash,
    /// The letter i in a circle: worth knowing, and blocks nothing.
    Info,
    /// A clock: blocks later.
    Clock,
    /// An empty circle: nothing looks at it.
    Empty,
}

impl Icon {
    /// The shape of an outcome.
    pub(super) const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Tick,
            Outcome::Fail => Self::Cross,
            Outcome::Unknown => Self::Question,
            Outcome::NotApplicable => Self::Dash,
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Cross => "i-cross",
            Self::Question => "i-question",
            Self::Tick => "i-tick",
            Self::Dash => "i-dash",
            Self::Info => "i-info",
            Self::Clock => "i-clock",
            Self::Empty => "i-empty",
        }
    }

    /// The outline, then what stands in it.
    const fn paths(self) -> (&'static str, &'static str) {
        const CIRCLE: &str = "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z";
        match self {
            Self::Cross => (
                "M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z",
                "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2",
            ),
            Self::Question => (
                "M8 .8L15.2 8L8 15.2L.8 8z",
                "M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M8 11.4v.2",
            ),
            Self::Tick => (CIRCLE, "M4.9 8.3l2.2 2.2l4-4.6"),
            Self::Dash => (CIRCLE, "M5 8h6"),
            Self::Info => (CIRCLE, "M8 7.4v3.8M8 4.8v.2"),
            Self::Clock => (CIRCLE, "M8 4.4V8l2.6 1.6"),
            Self::Empty => (CIRCLE, ""),
        }
    }

    const ALL: [Self; 7] = [
        Self::Cross,
        Self::Question,
        Self::Tick,
        Self::Dash,
        Self::Info,
        Self::Clock,
        Self::Empty,
    ];
}

impl maud::Render for Icon {
    fn render(&self) -> Markup {
        html! {
            svg.icon aria-hidden="true" focusable="false" { use href={ "#" (self.id()) } {} }
        }
    }
}

/// Words with the shape and the colour of their tone.
pub(super) fn tag(tone: Tone, words: &str) -> Markup {
    let (class, icon) = match tone {
        Tone::Good => ("pass", Icon::Tick),
        Tone::Bad => ("fail", Icon::Cross),
        Tone::Open => ("unknown", Icon::Question),
        Tone::Late => ("unknown", Icon::Clock),
        Tone::Plain => ("plain", Icon::Info),
    };
    html! { span.tag.(class) { (icon) (words) } }
}

/// The drawings that the shapes on the page refer to.
pub(super) fn symbols() -> Markup {
    html! {
        svg.symbols aria-hidden="true" focusable="false" {
            @for icon in Icon::ALL {
                @let (outline, sign) = icon.paths();
                symbol id=(icon.id()) viewBox="0 0 16 16" {
                    path.outline d=(outline) {}
                    @if !sign.is_empty() { path.sign d=(sign) {} }
                }
            }
        }
    }
}
