//! One table: what is known is taken out, what is left falls into systems that share no unknown, and each is attacked.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::classes;
use super::dimension::Dimension;
use super::read::Row;
use crate::attack::{Sum, Verdict, attack};

/// What was found out about a table.
pub(super) struct Answer {
    /// For each marked row, by its number.
    pub(super) verdicts: Vec<(usize, Verdict)>,
    /// Rows that cannot all be true.
    pub(super) clashes: Vec<Vec<usize>>,
}

/// A sum that some rows print or withhold, without what is known of it.
struct Line {
    unknowns: Vec<u32>,
    least: i128,
    most: Option<i128>,
    rows: Vec<usize>,
    /// Whether other lines say the same.
    implied: bool,
}

impl Line {
    fn known(&self) -> bool {
        self.most == Some(self.least)
    }

    fn impossible(&self) -> bool {
        self.most.is_some_and(|most| most < self.least.max(0)) || (self.unknowns.is_empty() && self.least > 0)
    }
}

struct Solver<'t> {
    rows: &'t [Row],
    dimensions: &'t [Dimension],
    lines: Vec<Line>,
    /// The line of each row.
    of_row: Vec<usize>,
    /// Which line told what an unknown is.
    told_by: BTreeMap<u32, usize>,
    /// The unknowns of each row before anything was taken out.
    unknowns: Vec<Vec<u32>>,
    clashes: BTreeSet<Vec<usize>>,
    broken: BTreeSet<usize>,
}

/// Attacks every marked row of a table.
pub(super) fn solve(rows: &[Row], dimensions: &[Dimension], width: i128) -> Answer {
    let marked: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].marked).collect();
    let Some(classes) = classes(rows, dimensions) else {
        let verdicts = marked.into_iter().map(|row| (row, Verdict::Undecided)).collect();
        return Answer { verdicts, clashes: Vec::new() };
    };
    let mut solver = Solver {
        rows,
        dimensions,
        lines: Vec::new(),
        of_row: vec![0; rows.len()],
        told_by: BTreeMap::new(),
        unknowns: Vec::new(),
        clashes: BTreeSet::new(),
        broken: BTreeSet::new(),
    };
    solver.gather(&classes);
    solver.take_out_known();
    solver.join_equal();
    solver.leave_out_implied();
    let found = solver.attack(width);
    let verdict = |row: &usize| {
        let line = solver.of_row[*row];
        let said = found.get(&line).copied().unwrap_or(Verdict::Undecided);
        (*row, said)
    };
    let verdicts = marked.iter().map(verdict).collect();
    Answer { verdicts, clashes: solver.clashes.iter().map(|rows| solver.with_tellers(rows)).collect() }
}

impl Solver<'_> {
    /// One line for each row.
    fn gather(&mut self, classes: &[Vec<u32>]) {
        let mut unknowns: Vec<Vec<u32>> = vec![Vec::new(); self.rows.len()];
        for (unknown, class) in (0_u32..).zip(classes) {
            class.iter().for_each(|row| unknowns[*row as usize].push(unknown));
        }
        self.unknowns.clone_from(&unknowns);
        for (number, (row, unknowns)) in self.rows.iter().zip(unknowns).enumerate() {
            let (least, most) = (row.least, row.most);
            self.lines.push(Line { unknowns, least, most, rows: vec![number], implied: false });
            self.of_row[number] = number;
        }
        self.join_equal();
    }

    /// Lines over the same unknowns are one, and say what all of them say.
    fn join_equal(&mut self) {
        let mut first: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut stands_for: Vec<usize> = (0..self.lines.len()).collect();
        let mut joined: Vec<Line> = Vec::new();
        let lines = std::mem::take(&mut self.lines);
        let mut broken = BTreeSet::new();
        for (number, line) in lines.into_iter().enumerate() {
            let at = *first.entry(line.unknowns.clone()).or_insert(joined.len());
            stands_for[number] = at;
            if self.broken.contains(&number) {
                broken.insert(at);
            }
            let Some(other) = joined.get_mut(at) else {
                joined.push(line);
                continue;
            };
            other.least = other.least.max(line.least);
            other.most = [other.most, line.most].into_iter().flatten().min();
            if other.impossible() && !broken.contains(&at) && !other.unknowns.is_empty() {
                let told = other.rows.iter().chain(&line.rows).copied();
                self.clashes.insert(told.collect());
                broken.insert(at);
            }
            other.rows.extend(line.rows);
        }
        (self.lines, self.broken) = (joined, broken);
        self.of_row.iter_mut().for_each(|line| *line = stands_for[*line]);
        self.told_by.values_mut().for_each(|line| *line = stands_for[*line]);
    }

    /// Unknowns that one line alone tells are subtracted from every other line, as long as there are any.
    fn take_out_known(&mut self) {
        let mut of_unknown: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (number, line) in self.lines.iter().enumerate() {
            line.unknowns.iter().for_each(|unknown| of_unknown.entry(*unknown).or_default().push(number));
        }
        let mut waiting: Vec<usize> = (0..self.lines.len()).rev().collect();
        while let Some(number) = waiting.pop() {
            let line = &self.lines[number];
            let tells = line.unknowns.len() == 1 && line.known() || line.most == Some(0);
            if !tells || self.broken.contains(&number) || line.impossible() {
                continue;
            }
            let amount = line.least.max(0);
            for unknown in line.unknowns.clone() {
                self.told_by.insert(unknown, number);
                for other in of_unknown.remove(&unknown).unwrap_or_default() {
                    self.subtract(other, unknown, amount, number);
                    waiting.push(other);
                }
            }
        }
    }

    fn subtract(&mut self, from: usize, unknown: u32, amount: i128, told_by: usize) {
        let line = &mut self.lines[from];
        line.unknowns.retain(|other| *other != unknown);
        line.least -= amount;
        line.most = line.most.map(|most| most - amount);
        if line.impossible() && !self.broken.contains(&from) && from != told_by {
            let mut rows: Vec<usize> = self.lines[from].rows.iter().chain(&self.lines[told_by].rows).copied().collect();
            rows.sort_unstable();
            self.clashes.insert(rows);
            self.broken.insert(from);
        }
    }

    /// A printed sum whose parts are all printed says nothing new; or it contradicts them.
    fn leave_out_implied(&mut self) {
        let of_codes: BTreeMap<&[usize], usize> =
            self.rows.iter().enumerate().map(|(number, row)| (row.codes.as_slice(), self.of_row[number])).collect();
        let mut implied = BTreeSet::new();
        for (row, codes) in self.rows.iter().map(|row| &row.codes).enumerate() {
            let own = self.of_row[row];
            if !self.lines[own].known() || self.lines[own].unknowns.is_empty() || implied.contains(&own) {
                continue;
            }
            for (at, dimension) in self.dimensions.iter().enumerate() {
                if !dimension.is_whole(codes[at]) {
                    continue;
                }
                let part = |code: &usize| {
                    let mut codes = codes.clone();
                    codes[at] = *code;
                    of_codes.get(codes.as_slice()).copied()
                };
                let parts: Vec<usize> = dimension.parts.iter().filter_map(part).collect();
                let held: usize = parts.iter().map(|part| self.lines[*part].unknowns.len()).sum();
                let usable = |part: &usize| {
                    *part != own && self.lines[*part].known() && !self.broken.contains(part) && !implied.contains(part)
                };
                let parts: Vec<usize> =
                    parts.into_iter().filter(|part| !self.lines[*part].unknowns.is_empty()).collect();
                if held != self.lines[own].unknowns.len() || !parts.iter().all(usable) {
                    continue;
                }
                let sum: i128 = parts.iter().map(|part| self.lines[*part].least).sum();
                if sum == self.lines[own].least {
                    implied.insert(own);
                } else {
                    let rows = parts.iter().chain([&own]).flat_map(|line| self.lines[*line].rows.iter().copied());
                    self.clashes.insert(rows.collect::<BTreeSet<_>>().into_iter().collect());
                    self.broken.insert(own);
                }
                break;
            }
        }
        implied.into_iter().for_each(|line| self.lines[line].implied = true);
    }

    /// Rows that clash, and those that told what was subtracted from them.
    fn with_tellers(&self, rows: &[usize]) -> Vec<usize> {
        let unknowns = rows.iter().flat_map(|row| &self.unknowns[*row]);
        let lines: BTreeSet<usize> = unknowns.filter_map(|unknown| self.told_by.get(unknown)).copied().collect();
        let tellers = lines.iter().flat_map(|line| self.lines[*line].rows.iter().copied());
        rows.iter().copied().chain(tellers).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The verdict on every line that some marked row stands behind.
    fn attack(&mut self, width: i128) -> BTreeMap<usize, Verdict> {
        let targets: BTreeSet<usize> =
            (0..self.rows.len()).filter(|row| self.rows[*row].marked).map(|row| self.of_row[row]).collect();
        let mut verdicts = BTreeMap::new();
        for line in &targets {
            // Nothing is left of it to be known, or another row prints it.
            let told = self.lines[*line].unknowns.is_empty() || self.lines[*line].known();
            if told && !self.broken.contains(line) {
                verdicts.insert(*line, Verdict::Exact);
            }
        }
        for system in self.systems() {
            if system.iter().any(|line| self.broken.contains(line)) {
                continue;
            }
            let asked: Vec<usize> = (0..system.len()).filter(|at| targets.contains(&system[*at])).collect();
            if asked.is_empty() && !system.iter().any(|line| self.lines[*line].unknowns.len() > 1) {
                continue;
            }
            let (atoms, sums) = self.renumbered(&system);
            let found = attack(atoms, &sums, &asked, width);
            if !found.clash.is_empty() {
                let rows = found.clash.iter().flat_map(|at| self.lines[system[*at]].rows.iter().copied());
                self.clashes.insert(rows.collect::<BTreeSet<_>>().into_iter().collect());
            }
            verdicts.extend(asked.iter().zip(found.verdicts).map(|(at, verdict)| (system[*at], verdict)));
        }
        verdicts
    }

    /// Lines that share unknowns, directly or through others.
    fn systems(&self) -> Vec<Vec<usize>> {
        let live = |line: &usize| !self.lines[*line].implied && !self.lines[*line].unknowns.is_empty();
        let mut leader: Vec<usize> = (0..self.lines.len()).collect();
        let mut first: BTreeMap<u32, usize> = BTreeMap::new();
        for line in (0..self.lines.len()).filter(live) {
            for unknown in &self.lines[line].unknowns {
                let other = *first.entry(*unknown).or_insert(line);
                let (one, other) = (find(&mut leader, line), find(&mut leader, other));
                leader[one.max(other)] = one.min(other);
            }
        }
        let mut systems: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for line in (0..self.lines.len()).filter(live) {
            systems.entry(find(&mut leader, line)).or_default().push(line);
        }
        systems.into_values().collect()
    }

    /// The system with its unknowns numbered anew; those in the same lines are one.
    fn renumbered(&self, system: &[usize]) -> (usize, Vec<Sum>) {
        let mut lines_of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, line) in system.iter().enumerate() {
            self.lines[*line].unknowns.iter().for_each(|unknown| lines_of.entry(*unknown).or_default().push(at));
        }
        let classes: BTreeSet<Vec<usize>> = lines_of.into_values().collect();
        let mut sums: Vec<Sum> = Vec::new();
        for line in system {
            let line = &self.lines[*line];
            sums.push(Sum { atoms: Vec::new(), least: line.least.max(0), most: line.most });
        }
        for (atom, lines) in classes.iter().enumerate() {
            lines.iter().for_each(|line| sums[*line].atoms.push(atom));
        }
        (classes.len(), sums)
    }
}

/// The first of those that a line is joined with.
fn find(leader: &mut [usize], mut at: usize) -> usize {
    while leader[at] != at {
        leader[at] = leader[leader[at]];
        at = leader[at];
    }
    at
}
