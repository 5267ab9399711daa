//! Flat records behind the tagged unions of `format`: serde reads all fields of all variants straight into them, and
//! the conversion then insists on exactly the fields of the named variant.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::format::{
    CircuitItem, CircuitOutput, Encoding, InputBit, Instruction, LookupInput, LookupItem, Operand, PlacedSlot, Query,
    Reply, Slot,
};

/// A term of a sum: `[source, coefficient]` or `[source, rotation, coefficient]`.
#[derive(Debug, Clone, Copy)]
enum Term {
    Pair(u32, i64),
    Triple(u32, u32, i64),
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TermVisitor;
        impl<'de> Visitor<'de> for TermVisitor {
            type Value = Term;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("a term of two or three integers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Term, A::Error> {
                let source: u32 = sequence.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let second: i64 = sequence.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                let Some(third) = sequence.next_element::<i64>()? else {
                    return Ok(Term::Pair(source, second));
                };
                let rotation = u32::try_from(second).map_err(|_| A::Error::custom("a rotation must be in [0, 2N)"))?;
                if sequence.next_element::<i64>()?.is_some() {
                    return Err(A::Error::invalid_length(4, &self));
                }
                Ok(Term::Triple(source, rotation, third))
            }
        }
        deserializer.deserialize_seq(TermVisitor)
    }
}

/// A slot with or without a position.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawSlot {
    input: u32,
    offset: i64,
    scale_log: u32,
    position: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawQuery {
    kind: String,
    row_stride: Option<u32>,
    whole: Option<bool>,
    slots: Option<Vec<RawSlot>>,
    encoding: Option<Encoding>,
    bits: Option<Vec<InputBit>>,
    lookup: Option<u32>,
}

impl TryFrom<RawQuery> for Query {
    type Error = String;

    fn try_from(raw: RawQuery) -> Result<Self, String> {
        if raw.whole.is_some() && raw.kind != "linear" {
            return Err("only a 'linear' query section can be whole".to_owned());
        }
        match (raw.kind.as_str(), raw.row_stride, raw.slots, raw.encoding, raw.bits, raw.lookup) {
            ("linear", Some(row_stride), Some(slots), None, None, None) => {
                let placed = |slot: RawSlot| {
                    let RawSlot { input, offset, scale_log, position } = slot;
                    let position = position.ok_or("a slot of a 'linear' query section needs a position")?;
                    Ok::<_, String>(PlacedSlot { slot: Slot { input, offset, scale_log }, position })
                };
                let slots = slots.into_iter().map(placed).collect::<Result<_, _>>()?;
                Ok(Query::Linear { row_stride, whole: raw.whole.unwrap_or(false), slots })
            }
            ("bits", None, None, Some(encoding), Some(bits), None) => Ok(Query::Bits { encoding, bits }),
            ("lwe", None, Some(slots), None, None, Some(lookup)) => {
                let plain = |slot: RawSlot| match slot {
                    RawSlot { input, offset, scale_log, position: None } => Ok(Slot { input, offset, scale_log }),
                    _ => Err("a slot of an 'lwe' query section has no position"),
                };
                Ok(Query::Lwe { lookup, slots: slots.into_iter().map(plain).collect::<Result<_, _>>()? })
            }
            (kind @ ("linear" | "bits" | "lwe"), ..) => Err(wrong_fields("query section", kind)),
            (kind, ..) => Err(unknown("query section", kind, "linear, bits, lwe")),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOperand {
    polynomial: Option<u32>,
    glwe: Option<u32>,
    rotation: Option<u32>,
}

impl TryFrom<RawOperand> for Operand {
    type Error = &'static str;

    fn try_from(raw: RawOperand) -> Result<Self, &'static str> {
        match (raw.polynomial, raw.glwe, raw.rotation) {
            (Some(polynomial), None, None) => Ok(Operand::Polynomial(polynomial)),
            (None, Some(glwe), Some(rotation)) => Ok(Operand::Rotated { glwe, rotation }),
            _ => Err("a branch of a cmux is either { polynomial } or { glwe, rotation }"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSmallInput {
    lwe: Option<u32>,
    small: Option<u32>,
}

impl TryFrom<RawSmallInput> for LookupInput {
    type Error = &'static str;

    fn try_from(raw: RawSmallInput) -> Result<Self, &'static str> {
        match (raw.lwe, raw.small) {
            (Some(lwe), None) => Ok(LookupInput::Lwe(lwe)),
            (None, Some(small)) => Ok(LookupInput::Small(small)),
            _ => Err("the input of a lookup is either { lwe } or { small }"),
        }
    }
}

/// An item of a layer of lookups or of circuit bootstraps.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawItem {
    input: RawInput,
    polynomial: Option<u32>,
    outputs: Option<Vec<(u32, u32)>>,
    bit: Option<u32>,
    output: Option<CircuitOutput>,
}

/// A register, or what a lookup reads.
#[derive(Debug, Clone, Copy)]
enum RawInput {
    Register(u32),
    Lookup(LookupInput),
}

impl<'de> Deserialize<'de> for RawInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InputVisitor;
        impl<'de> Visitor<'de> for InputVisitor {
            type Value = RawInput;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("a register, { lwe } or { small }")
            }

            fn visit_u64<E: serde::de::Error>(self, register: u64) -> Result<RawInput, E> {
                u32::try_from(register).map(RawInput::Register).map_err(|_| E::custom("a register beyond 2^32"))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawInput, A::Error> {
                LookupInput::deserialize(MapAccessDeserializer::new(map)).map(RawInput::Lookup)
            }
        }
        deserializer.deserialize_any(InputVisitor)
    }
}

impl RawItem {
    fn lookup(self) -> Result<LookupItem, String> {
        match self {
            RawItem {
                input: RawInput::Lookup(input),
                polynomial: Some(polynomial),
                outputs: Some(outputs),
                bit: None,
                output: None,
            } => Ok(LookupItem { input, polynomial, outputs }),
            _ => Err("an item of 'bootstrap' is { input, polynomial, outputs }".to_owned()),
        }
    }

    fn circuit(self) -> Result<CircuitItem, String> {
        match self {
            RawItem { input: RawInput::Register(input), polynomial: None, outputs: None, bit: Some(bit), output } => {
                Ok(CircuitItem { input, bit, output })
            }
            _ => Err("an item of 'circuitBootstrap' is { input, bit, output }".to_owned()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawInstruction {
    op: String,
    query: Option<u32>,
    weights: Option<Vec<(u32, i64)>>,
    polynomial: Option<u32>,
    bit: Option<u32>,
    zero: Option<Operand>,
    one: Option<Operand>,
    terms: Option<Vec<Term>>,
    source: Option<u32>,
    index: Option<u32>,
    position: Option<u32>,
    constant: Option<i64>,
    scale_log: Option<u32>,
    lookup: Option<u32>,
    items: Option<Vec<RawItem>>,
    target: Option<u32>,
}

impl RawInstruction {
    /// How many optional fields the file gave: a variant that used them all used nothing foreign.
    fn given(&self) -> usize {
        [
            self.query.is_some(),
            self.weights.is_some(),
            self.polynomial.is_some(),
            self.bit.is_some(),
            self.zero.is_some(),
            self.one.is_some(),
            self.terms.is_some(),
            self.source.is_some(),
            self.index.is_some(),
            self.position.is_some(),
            self.constant.is_some(),
            self.scale_log.is_some(),
            self.lookup.is_some(),
            self.items.is_some(),
            self.target.is_some(),
        ]
        .into_iter()
        .filter(|given| *given)
        .count()
    }
}

impl TryFrom<RawInstruction> for Instruction {
    type Error = String;

    fn try_from(raw: RawInstruction) -> Result<Self, String> {
        let given = raw.given();
        let (instruction, used) = match raw.op.as_str() {
            "linear" => match (raw.query, raw.weights, raw.target) {
                (Some(query), Some(weights), Some(target)) => {
                    let used = 3 + usize::from(raw.polynomial.is_some());
                    (Instruction::Linear { query, weights, polynomial: raw.polynomial, target }, used)
                }
                _ => return Err(wrong_fields("instruction", "linear")),
            },
            "cmux" => match (raw.bit, raw.zero, raw.one, raw.target) {
                (Some(bit), Some(zero), Some(one), Some(target)) => (Instruction::Cmux { bit, zero, one, target }, 4),
                _ => return Err(wrong_fields("instruction", "cmux")),
            },
            "combine" => match (raw.terms, raw.target) {
                (Some(terms), Some(target)) => {
                    let used = 2 + usize::from(raw.polynomial.is_some());
                    (Instruction::Combine { terms: triples(terms)?, polynomial: raw.polynomial, target }, used)
                }
                _ => return Err(wrong_fields("instruction", "combine")),
            },
            "extract" => match (raw.source, raw.position, raw.target) {
                (Some(source), Some(position), Some(target)) => (Instruction::Extract { source, position, target }, 3),
                _ => return Err(wrong_fields("instruction", "extract")),
            },
            "carried" => match (raw.index, raw.target) {
                (Some(index), Some(target)) => (Instruction::Carried { index, target }, 2),
                _ => return Err(wrong_fields("instruction", "carried")),
            },
            "embed" => match (raw.source, raw.target) {
                (Some(source), Some(target)) => (Instruction::Embed { source, target }, 2),
                _ => return Err(wrong_fields("instruction", "embed")),
            },
            "sum" => match (raw.terms, raw.constant, raw.scale_log, raw.target) {
                (Some(terms), Some(constant), Some(scale_log), Some(target)) => {
                    (Instruction::Sum { terms: pairs(terms)?, constant, scale_log, target }, 4)
                }
                _ => return Err(wrong_fields("instruction", "sum")),
            },
            "bootstrap" => match (raw.lookup, raw.items) {
                (Some(lookup), Some(items)) => {
                    let items = items.into_iter().map(RawItem::lookup).collect::<Result<_, _>>()?;
                    (Instruction::Bootstrap { lookup, items }, 2)
                }
                _ => return Err(wrong_fields("instruction", "bootstrap")),
            },
            "circuitBootstrap" => match raw.items {
                Some(items) => {
                    let items = items.into_iter().map(RawItem::circuit).collect::<Result<_, _>>()?;
                    (Instruction::CircuitBootstrap { items }, 1)
                }
                _ => return Err(wrong_fields("instruction", "circuitBootstrap")),
            },
            op => {
                let allowed = "linear, cmux, combine, extract, embed, carried, sum, bootstrap, circuitBootstrap";
                return Err(unknown("instruction", op, allowed));
            }
        };
        if used == given { Ok(instruction) } else { Err(wrong_fields("instruction", &raw.op)) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RawReply {
    kind: String,
    source: u32,
    bits: u32,
    row_stride: Option<u32>,
    positions: Option<Vec<u32>>,
}

impl TryFrom<RawReply> for Reply {
    type Error = String;

    fn try_from(raw: RawReply) -> Result<Self, String> {
        let RawReply { source, bits, .. } = raw;
        match (raw.kind.as_str(), raw.row_stride, raw.positions) {
            ("glwe", Some(row_stride), Some(positions)) => Ok(Reply::Glwe { source, bits, row_stride, positions }),
            ("lwe", None, None) => Ok(Reply::Lwe { source, bits }),
            (kind @ ("glwe" | "lwe"), ..) => Err(wrong_fields("reply section", kind)),
            (kind, ..) => Err(unknown("reply section", kind, "glwe, lwe")),
        }
    }
}

fn pairs(terms: Vec<Term>) -> Result<Vec<(u32, i64)>, String> {
    let pair = |term| match term {
        Term::Pair(source, coefficient) => Ok((source, coefficient)),
        Term::Triple(..) => Err("a term of 'sum' is [source, coefficient]".to_string()),
    };
    terms.into_iter().map(pair).collect()
}

fn triples(terms: Vec<Term>) -> Result<Vec<(u32, u32, i64)>, String> {
    let triple = |term| match term {
        Term::Triple(source, rotation, coefficient) => Ok((source, rotation, coefficient)),
        Term::Pair(..) => Err("a term of 'combine' is [source, rotation, coefficient]".to_string()),
    };
    terms.into_iter().map(triple).collect()
}

fn wrong_fields(what: &str, name: &str) -> String {
    format!("{what} '{name}' must have exactly the fields of its kind")
}

/// Names an unknown tag, cut short: the text came from the file.
fn unknown(what: &str, name: &str, allowed: &str) -> String {
    let shown: String = name.chars().take(40).collect();
    format!("unknown {what} {shown:?}: expected one of {allowed}")
}
