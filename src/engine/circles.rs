//! References that lead in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One reference that one rule followed: from a document to another, by their names.
pub(super) type Edge = (String, String);

/// How many documents of a circle are named; a longer one is shortened in its middle.
const NAMED: usize = 8;

/// The references that lie on a circle, each with the circle it lies on: names from where it
/// begins back to there.
///
/// The work grows with the edges, and within each knot of circles with its edges squared.
pub(super) fn circles(edges: &BTreeSet<Edge>) -> BTreeMap<Edge, Vec<String>> {
    let graph = Graph::new(edges);
    let knots = graph.knots();
    let mut seen = Seen {
        round: 0,
        rounds: vec![0; graph.names.len()],
        came_from: vec![0; graph.names.len()],
    };
    let mut found = BTreeMap::new();
    for (from, nexts) in graph.next.iter().enumerate() {
        for &to in nexts {
            if knots.get(from) != knots.get(to) {
                continue;
            }
            if let Some(way) = graph.shortest_way(to, from, &knots, &mut seen) {
                found.insert((graph.name(from), graph.name(to)), graph.chain(from, &way));
            }
        }
    }
    found
}

struct Graph<'e> {
    names: Vec<&'e str>,
    next: Vec<Vec<usize>>,
}

/// What a search has visited, cleared by counting its rounds.
struct Seen {
    round: usize,
    rounds: Vec<usize>,
    came_from: Vec<usize>,
}

impl Seen {
    fn visit(&mut self, node: usize, came_from: usize) -> bool {
        let (Some(round), Some(before)) = (self.rounds.get_mut(node), self.came_from.get_mut(node))
        else {
            return false;
        };
        let fresh = *round != self.round;
        if fresh {
            *round = self.round;
            *before = came_from;
        }
        fresh
    }
}

impl<'e> Graph<'e> {
    fn new(edges: &'e BTreeSet<Edge>) -> Self {
        let names: BTreeSet<&str> = edges
            .iter()
            .flat_map(|(from, to)| [from.as_str(), to.as_str()])
            .collect();
        let names: Vec<&str> = names.into_iter().collect();
        let mut next = vec![Vec::new(); names.len()];
        for (from, to) in edges {
            let place = |name: &String| names.binary_search(&name.as_str()).ok();
            if let (Some(from), Some(to)) = (place(from), place(to))
                && let Some(nexts) = next.get_mut(from)
            {
                nexts.push(to);
            }
        }
        Self { names, next }
    }

    fn name(&self, node: usize) -> String {
        self.names.get(node).copied().unwrap_or_default().to_owned()
    }

    fn nexts(&self, node: usize) -> &[usize] {
        self.next.get(node).map_or(&[], Vec::as_slice)
    }

    /// The knot of each node: two nodes are in one if each leads to the other. (Tarjan's strongly
    /// connected components, without recursion: a chain of references may be long.)
    fn knots(&self) -> Vec<usize> {
        const NONE: usize = usize::MAX;
        let count = self.names.len();
        let (mut order, mut low, mut knots) =
            (vec![NONE; count], vec![0; count], vec![NONE; count]);
        let (mut clock, mut open) = (0, Vec::new());
        let set = |list: &mut Vec<usize>, at: usize, value: usize| {
            if let Some(slot) = list.get_mut(at) {
                *slot = value;
            }
        };
        let get = |list: &Vec<usize>, at: usize| list.get(at).copied().unwrap_or(NONE);
        for start in 0..count {
            let mut path = Vec::new();
            if get(&order, start) == NONE {
                path.push((start, 0));
            }
            while let Some((node, step)) = path.pop() {
                if step == 0 {
                    set(&mut order, node, clock);
                    set(&mut low, node, clock);
                    clock += 1;
                    open.push(node);
                }
                if let Some(&to) = self.nexts(node).get(step) {
                    path.push((node, step + 1));
                    if get(&order, to) == NONE {
                        path.push((to, 0));
                    } else if get(&knots, to) == NONE {
                        let lowest = get(&low, node).min(get(&order, to));
                        set(&mut low, node, lowest);
                    }
                    continue;
                }
                if get(&low, node) == get(&order, node) {
                    while let Some(member) = open.pop() {
                        set(&mut knots, member, node);
                        if member == node {
                            break;
                        }
                    }
                }
                if let Some(&(above, _)) = path.last() {
                    let lowest = get(&low, above).min(get(&low, node));
                    set(&mut low, above, lowest);
                }
            }
        }
        knots
    }

    /// The nodes on a shortest way inside one knot, both ends included.
    fn shortest_way(
        &self,
        from: usize,
        to: usize,
        knots: &[usize],
        seen: &mut Seen,
    ) -> Option<Vec<usize>> {
        seen.round += 1;
        seen.visit(from, from);
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            if at == to {
                let mut way = vec![to];
                let mut at = to;
                while at != from {
                    at = *seen.came_from.get(at)?;
                    way.push(at);
                }
                way.reverse();
                return Some(way);
            }
            for &step in self.nexts(at) {
                if knots.get(step) == knots.get(from) && seen.visit(step, at) {
                    queue.push_back(step);
                }
            }
        }
        None
    }

    /// The names of a circle, the first at both ends.
    fn chain(&self, from: usize, way: &[usize]) -> Vec<String> {
        let circle: Vec<usize> = std::iter::once(from).chain(way.iter().copied()).collect();
        let names = |part: &[usize]| part.iter().map(|&node| self.name(node)).collect::<Vec<_>>();
        if circle.len() <= NAMED + 1 {
            return names(&circle);
        }
        let (head, rest) = circle.split_at(NAMED / 2);
        let (middle, tail) = rest.split_at(rest.len() - NAMED / 2);
        let mut chain = names(head);
        chain.push(format!("({} more)", middle.len()));
        chain.extend(names(tail));
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: impl IntoIterator<Item = (String, String)>) -> BTreeMap<Edge, Vec<String>> {
        circles(&pairs.into_iter().collect())
    }

    #[test]
    fn circles_are_found_with_their_way_round() {
        let pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "e")];
        let found = edges(pairs.map(|(from, to)| (from.to_owned(), to.to_owned())));
        let way = |from: &str, to: &str| {
            found
                .get(&(from.to_owned(), to.to_owned()))
                .map(|way| way.join(" "))
        };
        assert_eq!(way("a", "b").as_deref(), Some("a b c a"));
        assert_eq!(way("c", "a").as_deref(), Some("c a b c"));
        assert_eq!(way("c", "d"), None);
        assert_eq!(way("e", "e").as_deref(), Some("e e"));
    }

    #[test]
    fn the_shortest_way_round_is_named() {
        let pairs = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "a")];
        let found = edges(pairs.map(|(from, to)| (from.to_owned(), to.to_owned())));
        let ways: Vec<_> = found.values().map(|way| way.join(" ")).collect();
        assert_eq!(ways, ["a b a", "b a b", "b c a b", "c a b c"]);
    }

    #[test]
    fn long_chains_are_walked_and_long_circles_are_shortened() {
        let step = |at: usize| (format!("{at:05}"), format!("{:05}", at + 1));
        assert!(edges((0..50_000).map(step)).is_empty());
        let ring = (0..999).map(step).chain([("00999".into(), "00000".into())]);
        let found = edges(ring);
        assert_eq!(found.len(), 1000);
        assert_eq!(
            found[&step(7)].join(" "),
            "00007 00008 00009 00010 (993 more) 00004 00005 00006 00007"
        );
    }
}
