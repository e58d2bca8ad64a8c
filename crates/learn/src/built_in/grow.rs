//! One tree, level by level.

use std::ops::Range;

use super::loss::Pair;
use super::partition::{Partition, Span};
use super::presort::Presorted;
use super::rules::{Rules, Sums};
use super::scan::{Scan, Split};

/// A node of the tree that grows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grown {
    pub(super) sums: Sums,
    pub(super) weight: f32,
    depth: u32,
    /// Its rows, as a range of the partition's.
    start: usize,
    end: usize,
    /// How it is split, and its left child; the right one follows.
    pub(super) split: Option<(Split, u32)>,
}

impl Grown {
    pub(super) fn rows(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Grows trees; all memory is kept from one tree to the next.
#[derive(Debug)]
pub(super) struct Grower<'a> {
    presorted: &'a Presorted,
    pub(super) rules: Rules,
    pub(super) partition: Partition,
    /// Features that take part in the tree.
    columns: Vec<u32>,
    /// Of each node, the span of each sampled feature.
    spans: Vec<Span>,
    /// Nodes in breadth-first order.
    pub(super) nodes: Vec<Grown>,
}

impl<'a> Grower<'a> {
    pub(super) fn new(presorted: &'a Presorted, rules: Rules) -> Self {
        let partition = Partition::new(presorted.rows, presorted.columns.len());
        Self { presorted, rules, partition, columns: vec![], spans: vec![], nodes: vec![] }
    }

    /// Grows a tree on the rows and features sampled, to its full depth.
    pub(super) fn grow(&mut self, pairs: &[Pair], sampled: &[bool], columns: Vec<u32>) {
        self.columns = columns;
        self.start(pairs, sampled);
        let mut node = 0;
        while node < self.nodes.len() {
            if let Some(split) = self.best_split(node, pairs) {
                self.split(node, split, pairs);
            }
            node += 1;
        }
    }

    /// The root, with the rows sampled.
    #[allow(clippy::cast_possible_truncation)] // rows are at most 2^19
    fn start(&mut self, pairs: &[Pair], sampled: &[bool]) {
        self.partition.take_rows(sampled);
        self.spans.clear();
        for (k, &column) in self.columns.iter().enumerate() {
            let entries = &self.presorted.columns[column as usize].entries;
            self.spans.push(self.partition.take_entries(k, entries, sampled));
        }
        self.nodes.clear();
        let end = self.partition.rows.len();
        self.add(0..end, 0, pairs);
    }

    fn add(&mut self, rows: Range<usize>, depth: u32, pairs: &[Pair]) {
        let sums = Sums::over(&self.partition.rows[rows.clone()], pairs);
        let weight = self.rules.weight(sums);
        let (start, end) = (rows.start, rows.end);
        self.nodes.push(Grown { sums, weight, depth, start, end, split: None });
    }

    fn divisible(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        self.rules.divisible(node.sums, node.end - node.start, node.depth)
    }

    fn best_split(&self, node: usize, pairs: &[Pair]) -> Option<Split> {
        if !self.divisible(node) {
            return None;
        }
        let mut scan = Scan::new(&self.rules, pairs, self.nodes[node].sums);
        for (k, &column) in self.columns.iter().enumerate() {
            let span = self.spans[node * self.columns.len() + k];
            let entries = &self.partition.entries[k][span.range()];
            if self.presorted.columns[column as usize].both_ways {
                scan.forward(column, entries);
            }
            scan.backward(column, entries);
        }
        scan.best()
    }

    /// Gives a node its two children.
    #[allow(clippy::cast_possible_truncation)] // nodes are at most 2^20
    fn split(&mut self, node: usize, split: Split, pairs: &[Pair]) {
        let left = self.nodes.len();
        let Grown { depth, .. } = self.nodes[node];
        self.nodes[node].split = Some((split, left as u32));
        let rows = self.nodes[node].rows();
        let column = self.columns.iter().position(|&c| c == split.column).unwrap_or_default();
        let span = self.spans[node * self.columns.len() + column];
        let middle = self.partition.part_rows(rows.clone(), &split, column, span);
        self.add(rows.start..middle, depth + 1, pairs);
        self.add(middle..rows.end, depth + 1, pairs);
        self.part_features(node, left, column, split.threshold);
    }

    /// Hands a node's entries on to its children, if one of them may need them.
    fn part_features(&mut self, node: usize, left: usize, column: usize, threshold: f32) {
        let width = self.columns.len();
        self.spans.resize((left + 2) * width, Span::default());
        if !self.divisible(left) && !self.divisible(left + 1) {
            return;
        }
        for k in 0..width {
            let span = self.spans[node * width + k];
            let middle = if k == column {
                self.partition.middle(k, span, threshold)
            } else {
                self.partition.part_entries(k, span)
            };
            self.spans[left * width + k] = Span { start: span.start, end: middle };
            self.spans[(left + 1) * width + k] = Span { start: middle, end: span.end };
        }
    }
}
