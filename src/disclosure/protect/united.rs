//! Things that are put together group by group (union-find; Tarjan, 1975).

/// Which things belong together.
#[derive(Clone)]
pub(super) struct United(Vec<usize>);

impl United {
    /// So many things, each for itself.
    pub(super) fn apart(size: usize) -> Self {
        Self((0..size).collect())
    }

    /// The thing that represents a group.
    pub(super) fn group(&mut self, mut one: usize) -> usize {
        while self.0[one] != one {
            self.0[one] = self.0[self.0[one]];
            one = self.0[one];
        }
        one
    }

    /// Puts the group of one thing into that of another.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.group(one), self.group(other));
        self.0[one] = other;
    }
}
