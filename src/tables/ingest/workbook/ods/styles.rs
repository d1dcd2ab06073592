//! The styles of cells and of parts of their text, and the look of a cell with a style.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::package::part::{Part, damaged};
use super::super::sheet::{Colour, Effect, Look, Script};
use super::attributes::Attributes;
use super::colours::{Stated, colour, script};
use super::data_style::{self, DataStyle};

/// How many styles may inherit from one another, so that a circle ends.
const DEEPEST: usize = 32;

/// The properties that a style sets itself.
#[derive(Debug, Default, Clone)]
pub(super) struct Style {
    parent: Option<String>,
    data: Option<String>,
    script: Option<Stated<Script>>,
    text: Option<Colour>,
    /// Without a colour if it is transparent.
    ground: Option<Stated<Colour>>,
    /// In points.
    size: Option<f64>,
    /// Whether a text is repeated until its cell is full.
    repeats: Option<bool>,
    /// The height of rows and the width of columns, in points.
    pub(super) extent: Option<f64>,
    /// Whether a sheet of the style is shown.
    pub(super) displayed: Option<bool>,
    /// Conditions, each with the style that then applies.
    pub(super) maps: Vec<(String, String)>,
}

/// All styles, by their family and name.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<(String, String), Style>,
    data: HashMap<String, DataStyle>,
    /// The looks in use; `numbers` maps the names of styles to them.
    pub(super) looks: Vec<Look>,
    numbers: HashMap<String, usize>,
}

const CELL: &str = "table-cell";

impl Styles {
    /// Reads the styles of a part, or of the element that has begun.
    pub(super) fn read(&mut self, part: &mut Part<'_, '_>) -> Result<(), Unreadable> {
        loop {
            let (name, attributes) = match part.next()? {
                Event::Start(element) => (element.name().as_ref().to_owned(), Attributes::of(&element)),
                Event::End(element) if element.name().as_ref() == "office:automatic-styles" => return Ok(()),
                Event::Eof => return Ok(()),
                _ => continue,
            };
            if data_style::is_one(&name) {
                let style = data_style::read(part, &name, &attributes)?;
                self.data.insert(attributes.owned("style:name").unwrap_or_default(), style);
            } else if matches!(name.as_str(), "style:style" | "style:default-style") {
                let family = attributes.owned("style:family").unwrap_or_default();
                let style = read(part, &name, &attributes)?;
                // Conditions use the name that the user sees, cells the internal one.
                if let Some(shown) = attributes.owned("style:display-name") {
                    self.styles.entry((family.clone(), shown)).or_insert_with(|| style.clone());
                }
                self.styles.insert((family, attributes.owned("style:name").unwrap_or_default()), style);
            }
        }
    }

    pub(super) fn get(&self, family: &str, name: &str) -> Option<&Style> {
        self.styles.get(&(family.to_owned(), name.to_owned()))
    }

    /// Whether rows or columns with a style are too small to show anything.
    pub(super) fn is_flat(&self, family: &str, element: &Attributes) -> bool {
        let style = element.get("table:style-name").and_then(|name| self.get(family, name));
        style.and_then(|style| style.extent).is_some_and(|extent| extent < FLATTEST)
    }

    /// A property of a style, or of the first style it inherits from that sets it.
    fn inherited<T>(&self, family: &str, name: &str, property: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut next = self.get(family, name);
        for _ in 0..DEEPEST {
            let style = next?;
            if let Some(found) = property(style) {
                return Some(found);
            }
            next = style.parent.as_ref().and_then(|parent| self.get(family, parent));
        }
        None
    }

    /// The same for a cell, which also inherits the defaults of all cells.
    fn of_cell<T>(&self, name: &str, property: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let own = self.inherited(CELL, name, &property);
        own.or_else(|| if name == "Default" { None } else { self.inherited(CELL, "Default", &property) })
            .or_else(|| self.get(CELL, "").and_then(&property))
    }

    /// The number of the look of cells with a style.
    pub(super) fn look(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let plain = Look::default();
        let small = self.of_cell(name, |style| style.size).is_some_and(|size| size <= SMALLEST);
        let repeats = self.of_cell(name, |style| style.repeats).unwrap_or_default();
        let look = Look {
            format: self.of_cell(name, |style| style.data.clone()).map_or_else(String::new, |data| self.code(&data)),
            script: self.of_cell(name, |style| style.script).and_then(Stated::value),
            text: self.of_cell(name, |style| style.text).unwrap_or(plain.text),
            ground: self.of_cell(name, |style| style.ground).and_then(Stated::value).or(plain.ground),
            unreadable: if small {
                Some("its letters are too small to be seen")
            } else {
                repeats.then_some("it is repeated until the cell is full")
            },
        };
        self.looks.push(look);
        self.numbers.insert(name.to_owned(), self.looks.len() - 1);
        self.looks.len() - 1
    }

    /// The format code of a number style; empty for General.
    fn code(&self, data: &str) -> String {
        let code = self.data.get(data).map(|style| style.code(|name| self.data.get(name)));
        code.filter(|code| code != "General").unwrap_or_default()
    }

    /// What a conditionally applied style does to a cell.
    pub(super) fn effects(&self, name: &str) -> Vec<Effect> {
        let data = |style: &Style| style.data.clone();
        let format = self.inherited(CELL, name, data).map(|data| self.code(&data)).filter(|code| !code.is_empty());
        let text = self.inherited(CELL, name, |style| style.text);
        let ground = self.inherited(CELL, name, |style| style.ground).and_then(Stated::value);
        let struck = self.inherited(CELL, name, |style| style.script).and_then(Stated::value) == Some(Script::Struck);
        let colours = (text.is_some() || ground.is_some()).then_some(Effect::Colours { text, ground });
        let effects = [format.map(Effect::Format), colours, struck.then_some(Effect::Struck)];
        effects.into_iter().flatten().collect()
    }

    /// The script and the colour of a part of a text.
    pub(super) fn run(&self, name: &str) -> (Option<Script>, Option<Colour>) {
        let script = self.inherited("text", name, |style| style.script).and_then(Stated::value);
        (script, self.inherited("text", name, |style| style.text))
    }
}

/// Letters of at most this size, in points, cannot be read.
const SMALLEST: f64 = 2.0;

/// Rows lower, and columns narrower, than this many points show nothing.
const FLATTEST: f64 = 2.0;

/// A length in points.
fn points(length: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 6] =
        [("pt", 1.0), ("in", 72.0), ("cm", 72.0 / 2.54), ("mm", 72.0 / 25.4), ("pc", 12.0), ("px", 0.75)];
    let (number, unit) = UNITS.iter().find_map(|(name, unit)| Some((length.trim().strip_suffix(name)?, *unit)))?;
    Some(number.trim().parse::<f64>().ok()? * unit)
}

fn read(part: &mut Part<'_, '_>, kind: &str, attributes: &Attributes) -> Result<Style, Unreadable> {
    let mut style = Style {
        parent: attributes.owned("style:parent-style-name"),
        data: attributes.owned("style:data-style-name"),
        ..Style::default()
    };
    loop {
        let (name, attributes) = match part.next()? {
            Event::Start(element) => (element.name().as_ref().to_owned(), Attributes::of(&element)),
            Event::End(element) if element.name().as_ref() == kind => return Ok(style),
            Event::Eof => return Err(damaged()),
            _ => continue,
        };
        match name.as_str() {
            "style:text-properties" => style.text(&attributes),
            "style:table-cell-properties" => {
                style.ground = attributes.get("fo:background-color").map(|text| Stated::of(colour(text)));
                style.repeats = attributes.get("style:repeat-content").map(|repeats| repeats == "true");
            }
            "style:table-row-properties" => style.extent = attributes.get("style:row-height").and_then(points),
            "style:table-column-properties" => style.extent = attributes.get("style:column-width").and_then(points),
            "style:table-properties" => style.displayed = attributes.get("table:display").map(|shown| shown != "false"),
            "style:map" => style.maps.push((
                attributes.owned("style:condition").unwrap_or_default(),
                attributes.owned("style:apply-style-name").unwrap_or_default(),
            )),
            _ => {}
        }
    }
}

impl Style {
    fn text(&mut self, properties: &Attributes) {
        self.script = script(properties);
        self.text = properties.get("fo:color").and_then(colour);
        if properties.is("style:use-window-font-color", "true") {
            self.text = Some(Look::default().text);
        }
        self.size = properties.get("fo:font-size").and_then(points);
    }
}
