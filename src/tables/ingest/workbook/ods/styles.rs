//! The styles of cells and of parts of their text, and how a cell of one looks.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::Unreadable;
use super::super::package::part::{Part, damaged};
use super::super::sheet::{Colour, Effect, Look, Script};
use super::attributes::Attributes;
use super::colours::{Stated, colour, script};
use super::data_style::{self, DataStyle};

/// Styles inherit from one another, but not without end.
const DEEPEST: usize = 32;

/// A style as far as it says anything itself.
#[derive(Debug, Default, Clone)]
pub(super) struct Style {
    parent: Option<String>,
    data: Option<String>,
    script: Option<Stated<Script>>,
    text: Option<Colour>,
    /// No colour where it is transparent.
    ground: Option<Stated<Colour>>,
    /// In points.
    size: Option<f64>,
    /// Whether a text is repeated until its cell is full.
    repeats: Option<bool>,
    /// The height of rows and the width of columns, in points.
    pub(super) extent: Option<f64>,
    /// Whether a sheet of the style is shown.
    pub(super) displayed: Option<bool>,
    /// Styles that hold under a condition.
    pub(super) maps: Vec<(String, String)>,
}

/// All styles, by their family and name.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<(String, String), Style>,
    data: HashMap<String, DataStyle>,
    /// The looks of cells that are in use, and the numbers that the names of styles have among them.
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
                // Conditions name a style as the user does, and cells do as the file does.
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

    /// Whether rows or columns of a style are too flat to show anything.
    pub(super) fn is_flat(&self, family: &str, element: &Attributes) -> bool {
        let style = element.get("table:style-name").and_then(|name| self.get(family, name));
        style.and_then(|style| style.extent).is_some_and(|extent| extent < FLATTEST)
    }

    /// What a style and those it inherits from say, up to the first that says it.
    fn inherited<T>(&self, family: &str, name: &str, said: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut next = self.get(family, name);
        for _ in 0..DEEPEST {
            let style = next?;
            if let Some(said) = said(style) {
                return Some(said);
            }
            next = style.parent.as_ref().and_then(|parent| self.get(family, parent));
        }
        None
    }

    /// The same of a cell, with what all cells have.
    fn of_cell<T>(&self, name: &str, said: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let own = self.inherited(CELL, name, &said);
        own.or_else(|| if name == "Default" { None } else { self.inherited(CELL, "Default", &said) })
            .or_else(|| self.get(CELL, "").and_then(&said))
    }

    /// The number of the look that cells of a style have.
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

    /// The format that a style of numbers stands for; `General` is no format.
    fn code(&self, data: &str) -> String {
        let code = self.data.get(data).map(|style| style.code(|name| self.data.get(name)));
        code.filter(|code| code != "General").unwrap_or_default()
    }

    /// What a style that a condition applies does to a cell.
    pub(super) fn effects(&self, name: &str) -> Vec<Effect> {
        let said = |style: &Style| style.data.clone();
        let format = self.inherited(CELL, name, said).map(|data| self.code(&data)).filter(|code| !code.is_empty());
        let text = self.inherited(CELL, name, |style| style.text);
        let ground = self.inherited(CELL, name, |style| style.ground).and_then(Stated::value);
        let struck = self.inherited(CELL, name, |style| style.script).and_then(Stated::value) == Some(Script::Struck);
        let colours = (text.is_some() || ground.is_some()).then_some(Effect::Colours { text, ground });
        let effects = [format.map(Effect::Format), colours, struck.then_some(Effect::Struck)];
        effects.into_iter().flatten().collect()
    }

    /// How a part of a text is written, and in which colour.
    pub(super) fn run(&self, name: &str) -> (Option<Script>, Option<Colour>) {
        let script = self.inherited("text", name, |style| style.script).and_then(Stated::value);
        (script, self.inherited("text", name, |style| style.text))
    }
}

/// Letters of this size, in points, are a stroke.
const SMALLEST: f64 = 2.0;

/// Rows less high and columns less wide than this, in points, show nothing.
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
