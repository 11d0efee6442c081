//! Collects the sections of a Markdown text.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::super::decode::bom_len;
use crate::source::Span;

/// Text without markup, and the bytes from its first to its last character.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    plain: String,
    span: Option<Span>,
    gap: Gap,
    /// Where the text would stand if there were any.
    place: Option<u32>,
}

/// What separates the next piece of a [`Text`] from what it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Cell,
    Line,
}

impl Text {
    pub(super) fn as_str(&self) -> &str {
        &self.plain
    }

    /// Text that is to come at `place`.
    fn at(place: Span) -> Self {
        Self {
            place: Some(place.start),
            ..Self::default()
        }
    }

    /// Where it stands; where there is no text, the empty place for it, if that is known.
    pub(super) fn span(&self) -> Option<Span> {
        self.span.or_else(|| self.place.map(|at| Span::new(at, at)))
    }

    /// Takes the marks around a piece of the text into its span.
    fn cover(&mut self, marked: Span) {
        if let Some(span) = &mut self.span
            && marked.start <= span.end
            && span.start <= marked.end
        {
            *span = span.to(marked);
        }
    }

    /// Adds a text on a line of its own.
    pub(super) fn append(&mut self, other: &Self) {
        if let Some(span) = other.span {
            self.separate(Gap::Line);
            self.push(&other.plain, span);
        }
    }

    fn separate(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn push(&mut self, piece: &str, span: Span) {
        if piece.is_empty() {
            return;
        }
        if !self.plain.is_empty() {
            self.plain.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Cell => " | ",
                Gap::Line => "\n",
            });
        }
        self.gap = Gap::None;
        self.plain.push_str(piece);
        self.span = Some(self.span.map_or(span, |covered| covered.to(span)));
    }
}

/// A table: its header row, its other rows.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) header_span: Span,
    pub(super) header: Vec<Text>,
    pub(super) rows: Vec<(Span, Vec<Text>)>,
}

/// A heading and what is written up to the next one.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The heading's line or lines; the beginning of the text where there is none.
    pub(super) heading: Span,
    /// The `##` of the heading, or the line below it; nothing where there is none.
    pub(super) level_mark: Span,
    /// From 1; 0 for what stands before the first heading.
    pub(super) level: u8,
    pub(super) title: Text,
    pub(super) text: Text,
    pub(super) items: Vec<Text>,
    pub(super) tables: Vec<Table>,
}

/// What a Markdown text holds.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) sections: Vec<Section>,
    /// HTML comments.
    pub(super) comments: Vec<Span>,
}

/// Reads the text from byte `start` on.
pub(super) fn collect(text: &str, start: usize) -> Body {
    let markdown = text.get(start..).unwrap_or_default();
    let skipped = bom_len(markdown);
    let start = start + skipped;
    let markdown = markdown.get(skipped..).unwrap_or_default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let mut collector = Collector {
        text: markdown,
        base: start,
        body: Body::default(),
        containers: 0,
        in_heading: false,
        items: Vec::new(),
        in_table_head: false,
        in_cell: false,
        at_line: false,
        html: Html::Text,
    };
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        collector.event(event, range);
    }
    collector.body
}

/// Where in raw HTML the collector is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Html {
    Text,
    Tag,
    /// A comment and where it begins.
    Comment(usize),
    /// An element whose content is never shown, by its closing tag.
    Hidden(&'static str),
}

struct Collector<'t> {
    text: &'t str,
    /// Where `text` begins in the file.
    base: usize,
    body: Body,
    /// How many quotes, items and footnotes are open: a heading inside one is no section.
    containers: usize,
    in_heading: bool,
    /// Open list items, as indices of the section's `items`, innermost last.
    items: Vec<usize>,
    in_table_head: bool,
    in_cell: bool,
    /// Whether a line has ended inside a paragraph and the next has not begun.
    at_line: bool,
    html: Html,
}

impl Collector<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        // A line of a paragraph that begins in bold is a line of its own, as in `**Status**: Draft`:
        // the spaces before the line's end that would make it one are often stripped.
        let at_line = std::mem::replace(&mut self.at_line, matches!(event, Event::SoftBreak));
        if at_line && matches!(event, Event::Start(Tag::Strong)) {
            self.separate(Gap::Line);
        }
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, &range),
            Event::Text(text) => {
                // Lines of code come with their line ends.
                let line = text.trim_end_matches(['\n', '\r']);
                let ended = line.len() < text.len();
                let range = range.start..range.end - (text.len() - line.len()).min(range.len());
                self.push(line, &range);
                if ended {
                    self.separate(Gap::Line);
                }
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text, &range);
            }
            Event::InlineHtml(html) => {
                if html.starts_with("<!--") {
                    self.body.comments.push(self.span(&range));
                } else if html.starts_with("<br") {
                    self.separate(Gap::Line);
                }
            }
            Event::Html(_) => self.html(&range),
            Event::SoftBreak => self.separate(Gap::Space),
            Event::HardBreak => self.separate(Gap::Line),
            Event::FootnoteReference(_) | Event::Rule => {}
            Event::TaskListMarker(done) => {
                self.push(if done { "[x]" } else { "[ ]" }, &range);
                self.separate(Gap::Space);
            }
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } if self.containers == 0 => {
                self.section(*level as u8, range);
                self.in_heading = true;
            }
            Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) => {
                self.containers += 1;
                self.separate(Gap::Line);
            }
            Tag::Item => {
                self.containers += 1;
                self.separate(Gap::Line);
                let item = Text::at(self.line(&range));
                let section = self.current(&range);
                section.items.push(item);
                let index = section.items.len() - 1;
                self.items.push(index);
            }
            Tag::Table(_) => {
                self.separate(Gap::Line);
                self.current(&range).tables.push(Table::default());
            }
            Tag::TableHead => {
                self.in_table_head = true;
                let span = self.line(&range);
                if let Some(table) = self.current(&range).tables.last_mut() {
                    table.header_span = span;
                }
            }
            Tag::TableRow => {
                self.separate(Gap::Line);
                let span = self.line(&range);
                if let Some(table) = self.current(&range).tables.last_mut() {
                    table.rows.push((span, Vec::new()));
                }
            }
            Tag::TableCell => {
                self.separate(Gap::Cell);
                self.in_cell = true;
                let in_head = self.in_table_head;
                let cell = Text::at(self.span(&range));
                if let Some(table) = self.current(&range).tables.last_mut() {
                    match table.rows.last_mut() {
                        Some((_, row)) if !in_head => row.push(cell),
                        _ => table.header.push(cell),
                    }
                }
            }
            Tag::HtmlBlock => {
                self.separate(Gap::Line);
                self.html = Html::Text;
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::List(_) => {
                self.separate(Gap::Line);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(_) => {
                self.in_heading = false;
                self.separate(Gap::Line);
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.containers = self.containers.saturating_sub(1);
                self.separate(Gap::Line);
            }
            TagEnd::Item => {
                self.containers = self.containers.saturating_sub(1);
                self.items.pop();
                self.separate(Gap::Line);
            }
            TagEnd::TableHead => self.in_table_head = false,
            TagEnd::TableCell => self.in_cell = false,
            TagEnd::HtmlBlock => {
                if let Html::Comment(start) = self.html {
                    self.body.comments.push(self.line(&(start..range.end)));
                }
                self.html = Html::Text;
                self.separate(Gap::Line);
            }
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::List(_) | TagEnd::Table => {
                self.separate(Gap::Line);
            }
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image => {
                let span = self.span(range);
                self.each_open(|text| text.cover(span));
            }
            _ => {}
        }
    }

    /// Begins the section of a heading.
    fn section(&mut self, level: u8, range: Range<usize>) {
        let heading = self.line(&range);
        let written = self.text.get(range.clone()).unwrap_or_default().trim_end();
        let hashes = written.len() - written.trim_start_matches('#').len();
        let level_mark = if hashes > 0 {
            Span::new(
                heading.start,
                heading.start + u32::try_from(hashes).unwrap_or(0),
            )
        } else {
            let line = written.rfind('\n').map_or(0, |at| at + 1);
            self.line(&(range.start + line..range.end))
        };
        self.items.clear();
        self.body.sections.push(Section {
            heading,
            level_mark,
            level,
            ..Section::default()
        });
    }

    /// The section that is being read. Before the first heading it is one without a title.
    fn current(&mut self, range: &Range<usize>) -> &mut Section {
        if self.body.sections.is_empty() {
            let first_line = self.text.get(range.clone()).unwrap_or_default();
            let len = first_line.find(['\n', '\r']).unwrap_or(first_line.len());
            let heading = self.span(&(range.start..range.start + len));
            self.body.sections.push(Section {
                heading,
                level_mark: Span::new(heading.start, heading.start),
                ..Section::default()
            });
        }
        let last = self.body.sections.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "there is a last section now")]
        &mut self.body.sections[last]
    }

    fn push(&mut self, piece: &str, range: &Range<usize>) {
        if piece.is_empty() {
            return;
        }
        let span = self.span(range);
        self.current(range);
        self.each_open(|text| text.push(piece, span));
    }

    fn separate(&mut self, gap: Gap) {
        if self.in_heading || self.in_cell {
            let inside = gap.min(Gap::Space);
            self.each_open(|text| text.separate(inside));
        } else {
            self.each_open(|text| text.separate(gap));
        }
    }

    /// Every text that what comes next is part of: the title, or else the section's text and in
    /// it the list item and the table cell.
    fn each_open(&mut self, mut with: impl FnMut(&mut Text)) {
        let Some(section) = self.body.sections.last_mut() else {
            return;
        };
        if self.in_heading {
            with(&mut section.title);
            return;
        }
        with(&mut section.text);
        if let Some(item) = self.items.last().and_then(|&i| section.items.get_mut(i)) {
            with(item);
        }
        if let Some(table) = section.tables.last_mut().filter(|_| self.in_cell) {
            let row = match table.rows.last_mut() {
                Some((_, row)) if !self.in_table_head => row,
                _ => &mut table.header,
            };
            if let Some(cell) = row.last_mut() {
                with(cell);
            }
        }
    }

    /// Takes the visible text of a line of an HTML block.
    fn html(&mut self, range: &Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = self.text.get(at..range.end).unwrap_or_default();
            match self.html {
                Html::Comment(start) => {
                    let Some(end) = rest.find("-->") else { return };
                    at += end + 3;
                    self.body.comments.push(self.span(&(start..at)));
                    self.html = Html::Text;
                }
                Html::Tag => {
                    let Some(end) = rest.find('>') else { return };
                    at += end + 1;
                    self.html = Html::Text;
                }
                Html::Hidden(closing) => {
                    let Some(end) = find_ignoring_case(rest, closing) else {
                        return;
                    };
                    at += end;
                    self.html = Html::Tag;
                }
                Html::Text => {
                    let end = rest.find('<').unwrap_or(rest.len());
                    let visible = rest.get(..end).unwrap_or_default();
                    let text = visible.trim();
                    if !text.is_empty() {
                        let from = at + visible.len() - visible.trim_start().len();
                        self.push(text, &(from..from + text.len()));
                    }
                    if visible.ends_with(['\n', '\r']) {
                        self.separate(Gap::Line);
                    } else if visible.ends_with(' ') {
                        self.separate(Gap::Space);
                    }
                    at += end;
                    let tag = rest.get(end..).unwrap_or_default();
                    self.html = if tag.is_empty() {
                        Html::Text
                    } else if tag.starts_with("<!--") {
                        Html::Comment(at)
                    } else if starts_ignoring_case(tag, "<script") {
                        Html::Hidden("</script")
                    } else if starts_ignoring_case(tag, "<style") {
                        Html::Hidden("</style")
                    } else {
                        Html::Tag
                    };
                    if matches!(self.html, Html::Comment(_)) {
                        at += 4;
                    }
                }
            }
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::from_range(&(range.start + self.base..range.end + self.base))
    }

    /// The bytes without the line end.
    fn line(&self, range: &Range<usize>) -> Span {
        let written = self.text.get(range.clone()).unwrap_or_default().trim_end();
        self.span(&(range.start..range.start + written.len()))
    }
}

fn starts_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case(start))
}

fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes()
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}
