//! A tree's root from its leaves one by one, in memory that grows with the logarithm of their number.

use crate::Hash;

/// A complete subtree: the one over the leaves from `index << level` on, `1 << level` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Zero for a leaf.
    pub level: u8,
    /// How many complete subtrees of that level lie to its left.
    pub index: u64,
}

/// The complete subtrees that a tree's leaves fall into, the largest first: as many as its size has one-bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompactRange {
    size: u64,
    nodes: Vec<Hash>,
}

impl CompactRange {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tree of that size again, from the hashes of [`CompactRange::parts`]; `None` when they are too many or too few.
    pub fn resumed(size: u64, nodes: Vec<Hash>) -> Option<Self> {
        (nodes.len() == size.count_ones() as usize).then_some(Self { size, nodes })
    }

    /// Which subtrees make up a tree of that size, the largest first.
    pub fn parts(size: u64) -> Vec<NodeId> {
        let mut begin = 0_u64;
        let mut parts = Vec::new();
        for level in (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1) {
            parts.push(NodeId { level: level as u8, index: begin >> level });
            begin += 1 << level;
        }
        parts
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash. `complete` is told every subtree that this completes, the leaf itself first.
    pub fn push(&mut self, leaf: Hash, mut complete: impl FnMut(NodeId, Hash)) {
        let (index, mut hash, mut level) = (self.size, leaf, 0_u8);
        complete(NodeId { level, index }, hash);
        while index >> level & 1 == 1
            && let Some(left) = self.nodes.pop()
        {
            hash = Hash::node(left, hash);
            level += 1;
            complete(NodeId { level, index: index >> level }, hash);
        }
        self.nodes.push(hash);
        self.size += 1;
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.nodes.iter().rev().copied();
        let smallest = from_the_right.next().unwrap_or_else(Hash::empty);
        from_the_right.fold(smallest, |right, left| Hash::node(left, right))
    }
}

#[cfg(test)]
mod tests {
    use super::CompactRange;
    use crate::Hash;

    /// The eight customary inputs and their roots; compliance 4.4 of this project, recomputed there.
    #[test]
    fn the_customary_inputs_have_their_known_roots() {
        let inputs = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ];
        for (size, root) in roots {
            let mut range = CompactRange::new();
            for input in &inputs[..size] {
                range.push(Hash::leaf(&hex::decode(input).unwrap()), |_, _| {});
            }
            assert_eq!(range.root().to_string(), root, "{size} leaves");
        }
    }

    #[test]
    fn a_range_goes_on_from_its_parts() {
        let leaf = |n: u64| Hash::leaf(&n.to_be_bytes());
        let mut nodes = std::collections::HashMap::new();
        let mut whole = CompactRange::new();
        for n in 0..300 {
            let parts = CompactRange::parts(n).iter().map(|id| nodes[id]).collect();
            let mut resumed = CompactRange::resumed(n, parts).unwrap();
            resumed.push(leaf(n), |_, _| {});
            whole.push(leaf(n), |id, hash| assert!(nodes.insert(id, hash).is_none()));
            assert_eq!(resumed, whole);
        }
        assert_eq!(CompactRange::resumed(3, vec![leaf(0)]), None);
    }
}
