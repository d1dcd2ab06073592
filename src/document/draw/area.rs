//! Rectangles in millimetres: what stands where, what meets what, and how a rectangle is hatched.

/// A rectangle in millimetres, `top` above `bottom`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Area {
    /// A rectangle from its four edges.
    #[must_use]
    pub const fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left, top, right, bottom }
    }

    /// The same rectangle, `by` smaller on each side.
    #[must_use]
    pub fn inset(self, by: f64) -> Self {
        Self::new(self.left + by, self.top + by, self.right - by, self.bottom - by)
    }

    /// The same rectangle further down.
    #[must_use]
    pub fn down(self, by: f64) -> Self {
        Self { top: self.top + by, bottom: self.bottom + by, ..self }
    }

    /// Whether the two come closer than `gap` to each other.
    #[must_use]
    pub fn meets(&self, other: &Self, gap: f64) -> bool {
        self.left < other.right + gap
            && other.left < self.right + gap
            && self.top < other.bottom + gap
            && other.top < self.bottom + gap
    }
}

/// A line from one spot to another.
type Stroke = ((f64, f64), (f64, f64));

/// Lines rising to the right at 45 degrees, `step` apart along the edges, cut at the edges of the rectangle.
#[must_use]
pub fn hatching(area: Area, step: f64) -> Vec<Stroke> {
    let (wide, high) = (area.right - area.left, area.bottom - area.top);
    let mut lines = Vec::new();
    let mut sum = step;
    while sum < wide + high {
        let (low, top) = ((sum - wide).max(0.0), sum.min(high));
        lines.push(((area.left + sum - low, area.top + low), (area.left + sum - top, area.top + top)));
        sum += step;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hatching_stays_inside() {
        let area = Area::new(1.0, 2.0, 2.4, 9.0);
        let lines = hatching(area, 0.9);
        assert!(lines.len() > 6);
        for (from, to) in lines {
            for (x, y) in [from, to] {
                assert!((0.999..=2.401).contains(&x) && (1.999..=9.001).contains(&y));
            }
        }
    }
}
