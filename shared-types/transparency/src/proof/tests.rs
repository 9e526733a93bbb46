use std::collections::HashMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::{
    consistency, consistency_nodes, inclusion, inclusion_nodes, verify_consistency, verify_inclusion,
};
use crate::{CompactRange, Hash, NodeId};

struct Tree {
    nodes: HashMap<NodeId, Hash>,
    roots: Vec<Hash>,
}

fn data(n: u64) -> Vec<u8> {
    n.to_be_bytes()[8 - (n % 9) as usize..].to_vec()
}

fn tree(size: u64) -> Tree {
    let (mut range, mut nodes, mut roots) = (CompactRange::new(), HashMap::new(), vec![Hash::empty()]);
    for n in 0..size {
        range.push(Hash::leaf(&data(n)), |id, hash| {
            nodes.insert(id, hash);
        });
        roots.push(range.root());
    }
    Tree { nodes, roots }
}

impl Tree {
    fn inclusion(&self, index: u64, size: u64) -> Vec<Hash> {
        let asked = inclusion_nodes(index, size);
        inclusion(index, size, &mut |id| asked.contains(&id).then(|| self.nodes[&id])).unwrap()
    }

    fn consistency(&self, old: u64, new: u64) -> Vec<Hash> {
        let asked = consistency_nodes(old, new);
        consistency(old, new, &mut |id| asked.contains(&id).then(|| self.nodes[&id])).unwrap()
    }

    fn includes(&self, index: u64, size: u64, proof: &[Hash]) -> bool {
        verify_inclusion(Hash::leaf(&data(index)), index, size, proof, self.roots[size as usize])
    }

    fn extends(&self, old: u64, new: u64, proof: &[Hash]) -> bool {
        verify_consistency((old, self.roots[old as usize]), (new, self.roots[new as usize]), proof)
    }
}

#[test]
fn every_leaf_is_proved_in_every_tree_and_every_tree_begins_every_later_one() {
    let tree = tree(65);
    for size in 0..=65 {
        for index in 0..size {
            assert!(tree.includes(index, size, &tree.inclusion(index, size)), "{index} of {size}");
        }
        for old in 0..=size {
            assert!(tree.extends(old, size, &tree.consistency(old, size)), "{old} in {size}");
        }
        assert_eq!(inclusion(size, size, &mut |_| None), None);
        assert_eq!(consistency(size + 1, size, &mut |_| None), None);
    }
}

#[test]
fn another_implementation_makes_the_same_roots_and_proofs() {
    let tree = tree(65);
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 1..=65_u64 {
        theirs.push(data(size - 1));
        assert_eq!(theirs.root().as_bytes().as_slice(), tree.roots[size as usize].0);
        for index in 0..size {
            let ours: Vec<u8> = tree.inclusion(index, size).iter().flat_map(|hash| hash.0).collect();
            assert_eq!(theirs.prove_inclusion(index as usize).as_bytes(), ours, "{index} of {size}");
            if index > 0 {
                let ours: Vec<u8> = tree.consistency(index, size).iter().flat_map(|hash| hash.0).collect();
                let additions = (size - index) as usize;
                assert_eq!(theirs.prove_consistency(additions).as_bytes(), ours, "{index} in {size}");
            }
        }
    }
}

#[test]
fn nothing_is_in_an_empty_tree() {
    assert!(!verify_inclusion(Hash::leaf(b""), 0, 0, &[], Hash::empty()));
    assert!(!verify_consistency((1, Hash::leaf(b"")), (0, Hash::empty()), &[]));
    assert!(!verify_consistency((0, Hash::leaf(b"")), (1, Hash::leaf(b"")), &[]));
}

/// What an attacker may do to a proof.
#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Drop(usize),
    Repeat(usize),
    Append(Hash),
    Swap(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<usize>(), 0_u8..=255).prop_map(|(at, bit)| Change::Flip(at, bit)),
        any::<usize>().prop_map(Change::Drop),
        any::<usize>().prop_map(Change::Repeat),
        any::<[u8; 32]>().prop_map(|bytes| Change::Append(Hash(bytes))),
        any::<usize>().prop_map(Change::Swap),
    ]
}

/// The proof after the change; `None` when it would be the same.
fn changed(proof: &[Hash], change: &Change) -> Option<Vec<Hash>> {
    let mut changed = proof.to_vec();
    let at = |n: &usize| (!proof.is_empty()).then(|| n % proof.len());
    match change {
        Change::Flip(n, bit) => changed[at(n)?].0[usize::from(bit / 8)] ^= 1 << (bit % 8),
        Change::Drop(n) => {
            changed.remove(at(n)?);
        }
        Change::Repeat(n) => {
            let n = at(n)?;
            changed.insert(n, proof[n]);
        }
        Change::Append(hash) => changed.push(*hash),
        Change::Swap(n) => changed.swap(at(n)?, (at(n)? + 1) % proof.len()),
    }
    (changed != proof).then_some(changed)
}

proptest! {
    #[test]
    fn a_changed_proof_proves_nothing(size in 1_u64..400, which in any::<u64>(), change in change()) {
        let (tree, which) = (tree(size), which % size);
        if let Some(proof) = changed(&tree.inclusion(which, size), &change) {
            prop_assert!(!tree.includes(which, size, &proof));
        }
        if let Some(proof) = changed(&tree.consistency(which + 1, size), &change) {
            prop_assert!(!tree.extends(which + 1, size, &proof));
        }
    }

    #[test]
    fn a_proof_proves_nothing_of_another_leaf_or_root(size in 2_u64..400, which in any::<u64>(), by in 1_u64..400) {
        let (tree, which) = (tree(size), which % size);
        let proof = tree.inclusion(which, size);
        let other = (which + by % (size - 1).max(1) + 1) % size;
        if data(other) != data(which) {
            prop_assert!(!tree.includes(other, size, &proof));
        }
        let root = tree.roots[size as usize];
        prop_assert!(!verify_inclusion(Hash::leaf(b"another"), which, size, &proof, root));
        let old = which + 1;
        let proof = tree.consistency(old, size);
        prop_assert!(!verify_consistency((old, Hash::leaf(b"rebuilt")), (size, root), &proof));
    }
}
