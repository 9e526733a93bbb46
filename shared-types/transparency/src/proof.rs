//! Proofs that a leaf is in a tree, and that one tree is the beginning of another. Making: RFC 6962 sections 2.1.1 and
//! 2.1.2; checking: RFC 9162 sections 2.1.3.2 and 2.1.4.2, whose trees are the same; all read 2026-11-23.
//!
//! Whoever makes a proof first asks which subtrees it takes, fetches them, and then has it made from them.

use crate::{Hash, NodeId};

/// Which subtrees the proof takes that leaf `index` is in the tree of `size` leaves.
pub fn inclusion_nodes(index: u64, size: u64) -> Vec<NodeId> {
    asked_for(|node| inclusion(index, size, node))
}

/// Which subtrees the proof takes that the tree of `old` leaves is the beginning of the one of `new`.
pub fn consistency_nodes(old: u64, new: u64) -> Vec<NodeId> {
    asked_for(|node| consistency(old, new, node))
}

fn asked_for(proof: impl FnOnce(&mut dyn FnMut(NodeId) -> Option<Hash>) -> Option<Vec<Hash>>) -> Vec<NodeId> {
    let mut asked = Vec::new();
    proof(&mut |id| {
        asked.push(id);
        Some(Hash([0; 32]))
    });
    asked
}

/// The proof that leaf `index` is in the tree of `size` leaves, nearest neighbour first. `None` when there is no such
/// leaf or a subtree is missing.
pub fn inclusion(index: u64, size: u64, node: &mut dyn FnMut(NodeId) -> Option<Hash>) -> Option<Vec<Hash>> {
    let mut path = Vec::new();
    let (mut begin, mut end) = (0, size);
    if index >= size {
        return None;
    }
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if index < middle {
            path.push(subtree(middle, end, node)?);
            end = middle;
        } else {
            path.push(subtree(begin, middle, node)?);
            begin = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The proof that the tree of `old` leaves is the beginning of the one of `new`. `None` when it is larger or a subtree
/// is missing.
pub fn consistency(old: u64, new: u64, node: &mut dyn FnMut(NodeId) -> Option<Hash>) -> Option<Vec<Hash>> {
    let mut path = Vec::new();
    let (mut begin, mut end) = (0, new);
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(path);
    }
    while end > old {
        let middle = begin + split(end - begin);
        if old <= middle {
            path.push(subtree(middle, end, node)?);
            end = middle;
        } else {
            path.push(subtree(begin, middle, node)?);
            begin = middle;
        }
    }
    // The old tree's own root is what the checker has already; only a part of it must be told.
    if begin > 0 {
        path.push(subtree(begin, end, node)?);
    }
    path.reverse();
    Some(path)
}

/// The hash over some leaves, whose complete subtrees are known.
fn subtree(begin: u64, end: u64, node: &mut dyn FnMut(NodeId) -> Option<Hash>) -> Option<Hash> {
    let leaves = end - begin;
    if leaves.is_power_of_two() {
        let level = leaves.trailing_zeros();
        return node(NodeId { level: level as u8, index: begin >> level });
    }
    let middle = begin + split(leaves);
    Some(Hash::node(subtree(begin, middle, node)?, subtree(middle, end, node)?))
}

/// The largest power of two below a number that is at least two.
fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// Whether the leaf with that hash is number `index` of the tree with that root and size.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut place = Place { node: index, last: size - 1 };
    let mut hash = leaf;
    for other in proof {
        if place.last == 0 {
            return false;
        }
        if place.is_right() {
            hash = Hash::node(*other, hash);
            place.skip_lone();
        } else {
            hash = Hash::node(hash, *other);
        }
        place.up();
    }
    place.last == 0 && hash == root
}

/// Whether the tree with the old root and size is the beginning of the one with the new root and size.
pub fn verify_consistency(old: (u64, Hash), new: (u64, Hash), proof: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == 0 || old_size >= new_size {
        let begins = if old_size == 0 { old_root == Hash::empty() } else { old == new };
        return begins && proof.is_empty();
    }
    // A complete old tree is a subtree of the new one; its root is not sent again.
    let (first, rest) = match proof.split_first() {
        None => return false,
        Some(_) if old_size.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (*first, rest),
    };
    let mut place = Place { node: old_size - 1, last: new_size - 1 };
    while place.node & 1 == 1 {
        place.up();
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for other in rest {
        if place.last == 0 {
            return false;
        }
        if place.is_right() {
            old_hash = Hash::node(*other, old_hash);
            new_hash = Hash::node(*other, new_hash);
            place.skip_lone();
        } else {
            new_hash = Hash::node(new_hash, *other);
        }
        place.up();
    }
    place.last == 0 && old_hash == old_root && new_hash == new_root
}

/// Where on its level the way to the root is, and where that level's last node is: `fn` and `sn` of RFC 9162.
struct Place {
    node: u64,
    last: u64,
}

impl Place {
    /// Whether the neighbour lies to the left.
    fn is_right(&self) -> bool {
        self.node & 1 == 1 || self.node == self.last
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    /// A last node without a neighbour is its own parent.
    fn skip_lone(&mut self) {
        while self.node & 1 == 0 && self.node != 0 {
            self.up();
        }
    }
}

#[cfg(test)]
mod tests;
