//! The edges of marks and the lines of a drawn chart, read back from its SVG, and which of them a word lies on. For tests only.

use super::area::Area;
use super::canvas::UNITS;
use super::palette::{PAPER, rgb};
use crate::project::theme::written;

/// How near a word may come to a line, and how far its letters may reach over the edge of a mark beside it, in millimetres.
const CLEAR: f64 = 0.1;
/// A line that ends so near to a word, and goes on as near behind it, was broken by the word.
const BROKEN: f64 = 1.6;
/// A circle no larger than this is a dot of a dotted line.
const DOT: f64 = 0.3;

/// What stands in a drawing beside its words, in the order in which it is painted.
pub(super) struct Edges(Vec<Edge>);

enum Edge {
    /// A rectangle; whether it is white, which covers and is no mark.
    Rect(Area, bool),
    Ring(Area),
    Line(Line),
    Dot((f64, f64)),
}

type Line = ((f64, f64), (f64, f64));

impl Edges {
    /// Reads the shapes of an SVG.
    pub(super) fn of(svg: &str) -> Self {
        let (mut edges, paper) = (Vec::new(), written(rgb(PAPER)));
        for tag in svg.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()) {
            let number =
                |name: &str| attribute(tag, name).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default() / UNITS;
            match tag.split(' ').next().unwrap_or_default() {
                "rect" => {
                    let (x, y) = (number("x"), number("y"));
                    let area = Area::new(x, y, x + number("width"), y + number("height"));
                    edges.push(Edge::Rect(area, attribute(tag, "fill") == Some(&paper)));
                }
                "line" => edges.push(Edge::Line(((number("x1"), number("y1")), (number("x2"), number("y2"))))),
                "polyline" => edges.extend(path(tag).windows(2).map(|pair| Edge::Line((pair[0], pair[1])))),
                "circle" if number("r") <= DOT => edges.push(Edge::Dot((number("cx"), number("cy")))),
                "circle" => {
                    let (x, y, r) = (number("cx"), number("cy"), number("r"));
                    edges.push(Edge::Ring(Area::new(x - r, y - r, x + r, y + r)));
                }
                _ => {}
            }
        }
        Self(edges)
    }

    /// What is wrong with the place of a word: it lies on the edge of a mark, on a line, or in the gap of one.
    pub(super) fn fault(&self, word: &Area) -> Option<&'static str> {
        let core = word.inset(CLEAR);
        let within = |mark: &Area| {
            mark.left <= core.left && mark.right >= core.right && mark.top <= core.top && mark.bottom >= core.bottom
        };
        let near = word.inset(-CLEAR);
        let on = |(x, y): &(f64, f64)| near.left < *x && *x < near.right && near.top < *y && *y < near.bottom;
        let mut found = None;
        for edge in &self.0 {
            found = match edge {
                // What is painted later covers what lay there.
                Edge::Rect(area, _) | Edge::Ring(area) if within(area) => None,
                Edge::Rect(area, false) | Edge::Ring(area) if area.meets(&core, 0.0) => {
                    Some("lies on the edge of a mark")
                }
                Edge::Line(line) if crosses(line, &core) => Some("lies on a line"),
                Edge::Dot(dot) if on(dot) => Some("lies on a dotted line"),
                _ => found,
            };
        }
        found.or_else(|| self.breaks_a_line(word).then_some("breaks an upright line"))
    }

    /// Whether an upright line ends over the word and another of the same place begins under it.
    fn breaks_a_line(&self, word: &Area) -> bool {
        let upright = self.0.iter().filter_map(|edge| match edge {
            Edge::Line((from, to)) if (from.0 - to.0).abs() < 0.01 => Some((*from, *to)),
            Edge::Dot(dot) => Some((*dot, *dot)),
            _ => None,
        });
        let beside = upright.filter(|(from, _)| from.0 > word.left - CLEAR && from.0 < word.right + CLEAR);
        let ends: Vec<(f64, f64, f64)> = beside.map(|(a, b)| (a.0, a.1.min(b.1), a.1.max(b.1))).collect();
        let over = |end: &(f64, f64, f64)| end.2 <= word.top + CLEAR && word.top - end.2 < BROKEN;
        let under = |end: &(f64, f64, f64)| end.1 >= word.bottom - CLEAR && end.1 - word.bottom < BROKEN;
        ends.iter()
            .filter(|end| over(end))
            .any(|one| ends.iter().any(|other| under(other) && (one.0 - other.0).abs() < 0.01))
    }
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// The points of a line of several parts.
fn path(tag: &str) -> Vec<(f64, f64)> {
    let point = |text: &str| {
        let (x, y) = text.split_once(',')?;
        Some((x.parse::<f64>().ok()? / UNITS, y.parse::<f64>().ok()? / UNITS))
    };
    attribute(tag, "points").unwrap_or_default().split(' ').filter_map(point).collect()
}

/// Whether a line passes through an area: the part of it that lies between the four edges is not empty (Liang and Barsky 1984).
fn crosses((from, to): &Line, area: &Area) -> bool {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let sides =
        [(-dx, from.0 - area.left), (dx, area.right - from.0), (-dy, from.1 - area.top), (dy, area.bottom - from.1)];
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (p, q) in sides {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            enters = enters.max(q / p);
        } else {
            leaves = leaves.min(q / p);
        }
    }
    enters < leaves
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Canvas;
    use super::super::style::{LINE, MID, SLATE, TEXT_2};
    use super::*;

    fn fault(draw: impl Fn(&mut Canvas)) -> Option<&'static str> {
        let mut canvas = Canvas::new(40.0).expect("there are faces");
        draw(&mut canvas);
        Edges::of(&canvas.finish(40.0).expect("it can be drawn").svg).fault(&Area::new(10.0, 18.0, 20.0, 20.0))
    }

    #[test]
    fn a_word_lies_in_a_mark_or_beside_it() {
        assert_eq!(fault(|canvas| canvas.rect(Area::new(8.0, 15.0, 22.0, 30.0), SLATE)), None);
        assert_eq!(fault(|canvas| canvas.rect(Area::new(20.0, 15.0, 22.0, 30.0), SLATE)), None);
        let edge = Some("lies on the edge of a mark");
        assert_eq!(fault(|canvas| canvas.rect(Area::new(18.0, 15.0, 22.0, 30.0), SLATE)), edge);
        assert_eq!(fault(|canvas| canvas.outlined(Area::new(8.0, 15.0, 19.0, 30.0), SLATE, LINE)), edge);
    }

    #[test]
    fn a_word_lies_on_no_line_and_breaks_none() {
        let line = |from, to| fault(move |canvas: &mut Canvas| canvas.line(from, to, MID, LINE));
        assert_eq!(line((15.0, 21.0), (15.0, 30.0)), None);
        assert_eq!(line((15.0, 10.0), (15.0, 30.0)), Some("lies on a line"));
        assert_eq!(line((5.0, 25.0), (15.0, 15.0)), Some("lies on a line"));
        assert_eq!(fault(|canvas| canvas.dotted((15.0, 10.0), (15.0, 30.0), TEXT_2)), Some("lies on a dotted line"));
        let broken = fault(|canvas| {
            canvas.dotted((15.0, 10.0), (15.0, 17.5), TEXT_2);
            canvas.dotted((15.0, 20.5), (15.0, 30.0), TEXT_2);
        });
        assert_eq!(broken, Some("breaks an upright line"));
    }
}
