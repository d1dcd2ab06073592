//! The visible part of a page: inside its edges, its drawings' edges and clipping paths (ISO 32000-1, 8.5.4).
//!
//! A path that is not a rectangle is replaced by the rectangle around it: text may wrongly count as visible, never as cut off.

/// An affine map as PDF writes it.
#[derive(Clone, Copy)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const SAME: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This map, then the other.
    pub(super) fn then(self, other: Self) -> Self {
        let (one, other) = (self.0, other.0);
        let row = |x: f64, y: f64| (x * other[0] + y * other[2], x * other[1] + y * other[3]);
        let (right, up, origin) = (row(one[0], one[1]), row(one[2], one[3]), row(one[4], one[5]));
        Self([right.0, right.1, up.0, up.1, origin.0 + other[4], origin.1 + other[5]])
    }

    /// Maps a point.
    pub(super) fn point(self, x: f64, y: f64) -> (f64, f64) {
        let of = |first: usize| x * self.0[first] + y * self.0[first + 2] + self.0[first + 4];
        (of(0), of(1))
    }

    pub(super) fn scale(self) -> f64 {
        self.0[0].hypot(self.0[1])
    }
}

/// A rectangle upright on the page: left, bottom, right, top.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges(pub(super) [f64; 4]);

impl Edges {
    const ALL: Self = Self([f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY]);
    pub(super) const NONE: Self = Self([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY]);

    pub(super) fn around(self, (x, y): (f64, f64)) -> Self {
        let Self([left, bottom, right, top]) = self;
        Self([left.min(x), bottom.min(y), right.max(x), top.max(y)])
    }

    /// The rectangle around both.
    pub(super) fn with(self, Self([left, bottom, right, top]): Self) -> Self {
        self.around((left, bottom)).around((right, top))
    }

    /// Whether the middle of a letter is inside. Across a line of text, the middle of this rectangle may be in the letter instead:
    /// where text is set by its baseline, the rectangle around it is a stroke along that.
    pub(super) fn has_middle_of(self, Self(letter): Self) -> bool {
        let inside = |low: usize, high: usize| {
            let (own, other) = (f64::midpoint(self.0[low], self.0[high]), f64::midpoint(letter[low], letter[high]));
            let crossed = letter[low] - OVER <= own && own <= letter[high] + OVER;
            self.0[low] <= other && other <= self.0[high] || crossed
        };
        inside(0, 2) && inside(1, 3)
    }

    fn and(self, other: Self) -> Self {
        let (Self([left, bottom, right, top]), Self(other)) = (self, other);
        Self([left.max(other[0]), bottom.max(other[1]), right.min(other[2]), top.min(other[3])])
    }

    /// Whether another rectangle is inside, within the tolerance.
    fn holds(self, other: Self) -> bool {
        let (Self([left, bottom, right, top]), Self(other)) = (self, other);
        left - OVER <= other[0] && bottom - OVER <= other[1] && other[2] <= right + OVER && other[3] <= top + OVER
    }
}

/// A letter may reach this far beyond an edge, in points.
const OVER: f64 = 0.75;
/// The least height of letters above the line in any font, as a share of the type size.
const RISE: f64 = 0.6;

/// The visible part of the page for what is drawn next.
#[derive(Clone)]
pub(super) struct Sheet {
    seen: Edges,
    /// The rectangle around the points of the current path.
    path: Edges,
    clips: bool,
}

impl Default for Sheet {
    fn default() -> Self {
        Self { seen: Edges::ALL, path: Edges::NONE, clips: false }
    }
}

impl Sheet {
    /// Its part inside a rectangle, given by two corners.
    pub(super) fn within(self, place: Matrix, [x, y, other_x, other_y]: [f64; 4]) -> Self {
        let corners = [(x, y), (other_x, y), (other_x, other_y), (x, other_y)];
        let edges = corners.into_iter().fold(Edges::NONE, |edges, (x, y)| edges.around(place.point(x, y)));
        Self { seen: self.seen.and(edges), ..self }
    }

    /// Follows a path operator, and clips where the path is a clipping path.
    pub(super) fn follow(&mut self, operator: &str, numbers: &[f64], place: Matrix) {
        match (operator, numbers) {
            ("re", &[x, y, wide, high]) => {
                for (x, y) in [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)] {
                    self.path = self.path.around(place.point(x, y));
                }
            }
            ("m" | "l" | "c" | "v" | "y", points) => {
                for point in points.chunks_exact(2) {
                    self.path = self.path.around(place.point(point[0], point[1]));
                }
            }
            ("W" | "W*", _) => self.clips = true,
            ("n" | "f" | "F" | "f*" | "S" | "s" | "B" | "B*" | "b" | "b*", _) => {
                if std::mem::take(&mut self.clips) {
                    self.seen = self.seen.and(self.path);
                }
                self.path = Edges::NONE;
            }
            _ => {}
        }
    }

    /// Whether a stretch of a line of text is wholly visible.
    pub(super) fn shows(&self, place: Matrix, stretch: (f64, f64), size: f64) -> bool {
        self.seen.holds(letters(place, stretch, size))
    }
}

/// The rectangle around a stretch of a line of text, from its baseline to the height of its letters.
pub(super) fn letters(place: Matrix, (from, to): (f64, f64), size: f64) -> Edges {
    let corners = [(from, 0.0), (to, 0.0), (to, RISE * size), (from, RISE * size)];
    corners.into_iter().fold(Edges::NONE, |edges, (x, y)| edges.around(place.point(x, y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a4() -> Sheet {
        Sheet::default().within(Matrix::SAME, [0.0, 0.0, 595.0, 842.0])
    }

    #[test]
    fn text_is_seen_whole_or_not() {
        let at = |x, y| Matrix([1.0, 0.0, 0.0, 1.0, x, y]);
        assert!(a4().shows(at(100.0, 100.0), (0.0, 50.0), 10.0));
        for (x, y) in [(560.0, 100.0), (-30.0, 100.0), (700.0, 100.0), (100.0, -2.0), (100.0, 840.0), (100.0, 900.0)] {
            assert!(!a4().shows(at(x, y), (0.0, 50.0), 10.0), "{x}, {y}");
        }
        // On its side.
        let turned = Matrix([0.0, 1.0, -1.0, 0.0, 580.0, 800.0]);
        assert!(a4().shows(turned, (0.0, 30.0), 10.0) && !a4().shows(turned, (0.0, 50.0), 10.0));
    }

    #[test]
    fn a_clipping_path_cuts() {
        let mut sheet = a4();
        let place = Matrix([2.0, 0.0, 0.0, 2.0, 10.0, 10.0]);
        sheet.follow("re", &[0.0, 0.0, 50.0, 20.0], place);
        sheet.follow("W", &[], place);
        assert!(sheet.shows(place, (40.0, 80.0), 5.0), "a path clips when it is ended");
        sheet.follow("n", &[], place);
        assert!(sheet.shows(place, (10.0, 50.0), 5.0) && !sheet.shows(place, (40.0, 80.0), 5.0));
        sheet.follow("re", &[0.0, 0.0, 5.0, 5.0], place);
        sheet.follow("f", &[], place);
        assert!(sheet.shows(place, (10.0, 50.0), 5.0), "what is filled clips nothing");
    }
}
