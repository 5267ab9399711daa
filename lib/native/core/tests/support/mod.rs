//! Small programs written by hand, and the way of a query through all halves.
#![allow(dead_code)]

use std::sync::atomic::AtomicBool;

use blindfit_core::Result;
use blindfit_core::execute::{Outcome, Plan, ServerKey, run};
use blindfit_core::keys::generate_evaluation_key;
use blindfit_core::program::{Client, Program};
use blindfit_core::random::OsSeeder;
use blindfit_core::server::EvaluationKey;
use blindfit_core::wire::{ClientKey, EvaluationKeyMessage, read_carried, read_query};
use serde_json::{Value, json};

pub const SIZE: usize = 2048;

/// Two scores `x . w` of rows of three features in [-8, 7], `rows` rows a ciphertext.
pub fn linear(rows: usize) -> Value {
    let weights: [[i64; 3]; 2] = [[3, -5, 7], [-100, 0, 1]];
    let slots: Vec<_> = (0..3).map(|s| json!({ "input": s, "offset": 0, "scaleLog": 48, "position": s })).collect();
    let row = |w: [i64; 3]| (0..3).filter(|s| w[*s] != 0).map(|s| json!([2 - s, w[s]])).collect::<Vec<_>>();
    json!({
        "format": 1,
        "parameters": { "glwe": { "dimension": 1, "polynomialSize": SIZE }, "packed": null, "unpacked": null, "lookups": [] },
        "inputs": [{ "min": -8, "max": 7 }, { "min": -8, "max": 7 }, { "min": -8, "max": 7 }],
        "rowsPerQuery": rows,
        "queries": [{ "kind": "linear", "rowStride": 3, "slots": slots }],
        // A part is decoded as an unsigned number above its minimum, -1000: the polynomials add 1000, and 10 more.
        "polynomials": [{ "scaleLog": 48, "runs": [[0, SIZE, 1010]] }, { "scaleLog": 48, "runs": [[2, SIZE - 2, 1000]] }],
        "instructions": [
            { "op": "linear", "query": 0, "weights": row(weights[0]), "polynomial": 0, "target": 0 },
            { "op": "linear", "query": 0, "weights": row(weights[1]), "polynomial": 1, "target": 1 },
        ],
        "replies": [
            { "kind": "glwe", "source": 0, "bits": 32, "rowStride": 3, "positions": [2] },
            { "kind": "glwe", "source": 1, "bits": 32, "rowStride": 3, "positions": [2] },
        ],
        "parts": [{ "scaleLog": 48, "min": -1000, "max": 1000 }, { "scaleLog": 48, "min": -1000, "max": 1000 }],
        "outputs": [{ "parts": [[0, 1]], "offset": -10 }, { "parts": [[1, 2]], "offset": 5 }],
    })
}

/// What `linear` computes for one row.
pub fn linear_expected(row: &[f64]) -> [f64; 2] {
    [3.0 * row[0] - 5.0 * row[1] + 7.0 * row[2], 2.0 * (row[2] - 100.0 * row[0]) + 5.0]
}

/// Three scores of rows of three features in [-8, 7] in one product: a row takes 9 coefficients, its features the first
/// three of them, and score j comes out at the third, sixth and ninth.
pub fn whole(rows: usize) -> Value {
    let mut program = linear(rows);
    let weights = WHOLE_WEIGHTS.iter().enumerate().flat_map(|(output, weights)| {
        weights.iter().enumerate().map(move |(feature, weight)| json!([3 * output + 2 - feature, weight]))
    });
    program["queries"][0]["rowStride"] = json!(9);
    program["queries"][0]["whole"] = json!(true);
    program["polynomials"] = json!([{ "scaleLog": 48, "runs": [[0, SIZE, 1000]] }]);
    program["instructions"] =
        json!([{ "op": "linear", "query": 0, "weights": weights.collect::<Vec<_>>(), "polynomial": 0, "target": 0 }]);
    program["replies"] = json!([{ "kind": "glwe", "source": 0, "bits": 32, "rowStride": 9, "positions": [2, 5, 8] }]);
    program["parts"] = json!(vec![program["parts"][0].clone(); 3]);
    program["outputs"] = json!((0..3).map(|part| json!({ "parts": [[part, 1]], "offset": 0 })).collect::<Vec<_>>());
    program
}

const WHOLE_WEIGHTS: [[i64; 3]; 3] = [[3, -5, 7], [-100, 4, 1], [2, 2, -9]];

/// What `whole` computes for one row.
pub fn whole_expected(row: &[f64]) -> [f64; 3] {
    WHOLE_WEIGHTS.map(|weights| weights.iter().zip(row).map(|(weight, value)| *weight as f64 * value).sum())
}

/// The program with some of its inputs clear.
pub fn with_clear(mut program: Value, inputs: &[usize]) -> Value {
    for input in inputs {
        program["inputs"][*input]["clear"] = json!(true);
    }
    program
}

/// The first score of `linear` where the third feature is clear: a section and a product of its own.
pub fn half_clear_linear(rows: usize) -> Value {
    let mut program = with_clear(linear(rows), &[2]);
    let slots = program["queries"][0]["slots"].as_array().unwrap().clone();
    let section = |slots: &[Value]| json!({ "kind": "linear", "rowStride": 3, "slots": slots });
    program["queries"] = json!([section(&slots[..2]), section(&slots[2..])]);
    program["instructions"] = json!([
        { "op": "linear", "query": 0, "weights": [[2, 3], [1, -5]], "polynomial": 0, "target": 0 },
        { "op": "linear", "query": 1, "weights": [[0, 7]], "polynomial": null, "target": 1 },
        { "op": "combine", "terms": [[0, 0, 1], [1, 0, 1]], "polynomial": null, "target": 2 },
    ]);
    program["replies"] = json!([{ "kind": "glwe", "source": 2, "bits": 32, "rowStride": 3, "positions": [2] }]);
    program["parts"] = json!([program["parts"][0]]);
    program["outputs"] = json!([program["outputs"][0]]);
    program
}

/// `table` with the low bits and the high bits as two inputs, 3 to 6 and 0 to 3, of which the second is clear.
pub fn half_clear_table(encoding: &str) -> Value {
    let mut program = table(encoding);
    program["inputs"] = json!([{ "min": 3, "max": 6 }, { "min": 0, "max": 3, "clear": true }]);
    let bit = |bit: usize| json!({ "input": bit / 2, "bit": bit % 2 });
    // Clear bits stand between encrypted ones.
    program["queries"][0]["bits"] = json!([bit(2), bit(0), bit(3), bit(1)]);
    for (instruction, register) in [1, 3, 0, 2].into_iter().enumerate() {
        program["instructions"][instruction]["bit"] = json!(register);
    }
    program
}

/// What `table` computes.
pub fn table_expected(x: usize) -> usize {
    (x * x + 3) % 64
}

/// A table of 4 input bits (3 to 18, so that the minimum counts), by CMUX rotations of one polynomial.
pub fn table(encoding: &str) -> Value {
    let entry =
        |shift: usize| -> Vec<_> { (0..16 - shift).map(|x| json!([x, 1, table_expected(x + shift)])).collect() };
    let rotate = |bit: usize| {
        json!({ "op": "cmux", "bit": bit, "zero": { "glwe": bit - 1, "rotation": 0 },
        "one": { "glwe": bit - 1, "rotation": 2 * SIZE - (1 << bit) }, "target": bit })
    };
    let packed = json!({ "log2Coefficients": 4, "gadget": { "baseLog": 6, "levelCount": 4 },
        "automorphism": { "baseLog": 4, "levelCount": 12 }, "square": { "baseLog": 6, "levelCount": 8 } });
    let bits: Vec<_> = (0..4).map(|bit| json!({ "input": 0, "bit": bit })).collect();
    json!({
        "format": 1,
        "parameters": {
            "glwe": { "dimension": 1, "polynomialSize": SIZE },
            "packed": if encoding == "packed" { packed } else { Value::Null },
            "unpacked": if encoding == "unpacked" { json!({ "baseLog": 15, "levelCount": 2 }) } else { Value::Null },
            "lookups": [],
        },
        "inputs": [{ "min": 3, "max": 18 }],
        "rowsPerQuery": 1,
        "queries": [{ "kind": "bits", "encoding": encoding, "bits": bits }],
        "polynomials": [{ "scaleLog": 56, "runs": entry(0) }, { "scaleLog": 56, "runs": entry(1) }],
        "instructions": [
            { "op": "cmux", "bit": 0, "zero": { "polynomial": 0 }, "one": { "polynomial": 1 }, "target": 0 },
            rotate(1), rotate(2), rotate(3),
            { "op": "combine", "terms": [[3, 5, 1], [3, 5, 1]], "polynomial": null, "target": 4 },
        ],
        "replies": [{ "kind": "glwe", "source": 4, "bits": 16, "rowStride": 0, "positions": [5] }],
        "parts": [{ "scaleLog": 57, "min": 0, "max": 127 }],
        "outputs": [{ "parts": [[0, 1]], "offset": 0 }],
    })
}

pub fn first_table(x: usize) -> usize {
    [2, 0, 3, 1, 1, 3, 0, 2][x % 8]
}

pub fn second_table(x: usize) -> usize {
    (x * 5 + 1) % 8
}

/// Lookups in two layers: `second(first(x) + first(y) + 1)` for x and y of 3 bits, one of them encrypted under the
/// small key. `layers` more layers of identity lookups follow, `width` wide.
pub fn lookups(layers: usize, width: usize) -> Value {
    // 3 bits and a padding bit: boxes of N / 8 coefficients, the first centred on 0.
    let boxed = |f: &dyn Fn(usize) -> usize| -> Vec<Value> {
        let width = SIZE / 8;
        let inner = (1..8).map(|x| json!([x * width - width / 2, width, f(x)]));
        let first = std::iter::once(json!([0, width / 2, f(0)]));
        let last = std::iter::once(json!([SIZE - width / 2, width / 2, -(f(0) as i64)]));
        first.chain(inner).chain(last).collect()
    };
    let mut instructions = vec![
        json!({ "op": "linear", "query": 0, "weights": [[0, 1]], "polynomial": null, "target": 0 }),
        json!({ "op": "extract", "source": 0, "position": 7, "target": 0 }),
        json!({ "op": "bootstrap", "lookup": 0, "items": [
            { "input": { "lwe": 0 }, "polynomial": 0, "outputs": [[0, 1]] },
            { "input": { "small": 0 }, "polynomial": 0, "outputs": [[0, 2]] },
        ] }),
        json!({ "op": "sum", "terms": [[1, 1], [2, 1]], "constant": 1, "scaleLog": 60, "target": 3 }),
        json!({ "op": "bootstrap", "lookup": 0, "items": [
            { "input": { "lwe": 3 }, "polynomial": 1, "outputs": [[0, 4], [0, 5]] },
        ] }),
    ];
    let mut next = 6;
    for layer in 0..layers {
        let source = |item: usize| if layer == 0 { 4 } else { next - width + item };
        let item =
            |item: usize| json!({ "input": { "lwe": source(item) }, "polynomial": 2, "outputs": [[0, next + item]] });
        let items: Vec<_> = (0..width).map(item).collect();
        instructions.push(json!({ "op": "bootstrap", "lookup": 0, "items": items }));
        next += width;
    }
    json!({
        "format": 1,
        "parameters": {
            "glwe": { "dimension": 1, "polynomialSize": SIZE }, "packed": null, "unpacked": null,
            "lookups": [{ "lweDimension": 760, "keyswitch": { "baseLog": 3, "levelCount": 5 },
                "bootstrap": { "baseLog": 23, "levelCount": 1 }, "log2Extension": 0 }],
        },
        "inputs": [{ "min": 0, "max": 7 }, { "min": 0, "max": 7 }],
        "rowsPerQuery": 1,
        "queries": [
            { "kind": "linear", "rowStride": 0, "slots": [{ "input": 0, "offset": 0, "scaleLog": 60, "position": 7 }] },
            { "kind": "lwe", "lookup": 0, "slots": [{ "input": 1, "offset": 0, "scaleLog": 60 }] },
        ],
        "polynomials": [
            { "scaleLog": 60, "runs": boxed(&first_table) },
            { "scaleLog": 60, "runs": boxed(&second_table) },
            { "scaleLog": 60, "runs": boxed(&|x| x) },
        ],
        "instructions": instructions,
        "replies": [
            { "kind": "lwe", "source": 4, "bits": 12 },
            { "kind": "lwe", "source": next - 1, "bits": 12 },
        ],
        "parts": [{ "scaleLog": 60, "min": 0, "max": 7 }, { "scaleLog": 60, "min": 0, "max": 7 }],
        "outputs": [{ "parts": [[0, 1], [1, 10]], "offset": 0 }],
    })
}

pub fn lookups_expected(x: usize, y: usize) -> f64 {
    (11 * second_table(first_table(x) + first_table(y) + 1)) as f64
}

/// Two tables of the computed value `x + y`, of `width` bits, chosen by z, a bit of the query. Each layer of circuit
/// bootstraps makes the lowest remaining bit twice, one for each table, and subtracts it.
pub fn circuit(width: usize) -> Value {
    let scale = 64 - width;
    let largest = (1 << (width - 1)) - 1;
    let entries = |table: usize, first: usize| -> Vec<_> {
        (first..1 << width).map(|v| json!([v - first, 1, circuit_table(table, v)])).collect()
    };
    let polynomial = |runs: Vec<Value>| json!({ "scaleLog": 57, "runs": runs });
    let mut instructions = vec![
        json!({ "op": "linear", "query": 0, "weights": [[1, 1], [0, 1]], "polynomial": null, "target": 0 }),
        json!({ "op": "extract", "source": 0, "position": 1, "target": 0 }),
    ];
    for bit in 0..width {
        let weight = 1i64 << (width - 1 - bit);
        let lower = (0..bit).map(|lower| json!([2 * lower + 2, -weight]));
        let terms: Vec<_> = std::iter::once(json!([0, weight])).chain(lower).collect();
        let input = 2 * bit + 1;
        instructions.push(json!({ "op": "sum", "terms": terms, "constant": 0, "scaleLog": 0, "target": input }));
        let output = (bit + 1 < width).then(|| json!({ "target": input + 1, "scaleLog": scale + bit }));
        instructions.push(json!({ "op": "circuitBootstrap", "items": [
            { "input": input, "bit": 2 * bit + 1, "output": output },
            { "input": input, "bit": 2 * bit + 2, "output": null },
        ] }));
    }
    for table in 0..2 {
        let first = 1 + table * width;
        for bit in 0..width {
            let (zero, one) = if bit == 0 {
                (json!({ "polynomial": 2 * table }), json!({ "polynomial": 2 * table + 1 }))
            } else {
                let glwe = first + bit - 1;
                (json!({ "glwe": glwe, "rotation": 0 }), json!({ "glwe": glwe, "rotation": 2 * SIZE - (1 << bit) }))
            };
            let (bit, target) = (2 * bit + 1 + table, first + bit);
            instructions.push(json!({ "op": "cmux", "bit": bit, "zero": zero, "one": one, "target": target }));
        }
    }
    let last = 1 + 2 * width;
    instructions.push(json!({ "op": "cmux", "bit": 0, "zero": { "glwe": width, "rotation": 0 },
        "one": { "glwe": 2 * width, "rotation": 0 }, "target": last }));
    let gadget = |base_log: u32, level_count: u32| json!({ "baseLog": base_log, "levelCount": level_count });
    json!({
        "format": 1,
        "parameters": {
            "glwe": { "dimension": 1, "polynomialSize": SIZE },
            "packed": { "log2Coefficients": 0, "gadget": gadget(6, 4), "automorphism": gadget(4, 12),
                "square": gadget(6, 8) },
            "unpacked": null,
            "lookups": [{ "lweDimension": 600, "keyswitch": gadget(2, 6), "bootstrap": gadget(15, 2),
                "log2Extension": 0 }],
            "circuit": { "gadget": gadget(4, 5), "automorphism": gadget(10, 5), "square": gadget(12, 4), "lookup": 0 },
        },
        "inputs": [{ "min": 0, "max": largest }, { "min": 0, "max": largest }, { "min": 0, "max": 1 }],
        "rowsPerQuery": 1,
        "queries": [
            { "kind": "linear", "rowStride": 0, "slots": [
                { "input": 0, "offset": 0, "scaleLog": scale, "position": 0 },
                { "input": 1, "offset": 0, "scaleLog": scale, "position": 1 },
            ] },
            { "kind": "bits", "encoding": "packed", "bits": [{ "input": 2, "bit": 0 }] },
        ],
        "polynomials": [polynomial(entries(0, 0)), polynomial(entries(0, 1)), polynomial(entries(1, 0)),
            polynomial(entries(1, 1))],
        "instructions": instructions,
        "replies": [{ "kind": "glwe", "source": last, "bits": 20, "rowStride": 0, "positions": [0] }],
        "parts": [{ "scaleLog": 57, "min": 0, "max": 127 }],
        "outputs": [{ "parts": [[0, 1]], "offset": 0 }],
    })
}

fn circuit_table(table: usize, value: usize) -> usize {
    if table == 0 { (value * value + 3) % 64 } else { 127 - value }
}

/// What `circuit` computes.
pub fn circuit_expected(x: usize, y: usize, z: usize) -> f64 {
    circuit_table(z, x + y) as f64
}

/// A sum that goes on from run to run, from 5 at first: each adds an input of 7 bits, modulo 128.
pub fn carried() -> Value {
    json!({
        "format": 1,
        "parameters": {
            "glwe": { "dimension": 1, "polynomialSize": SIZE }, "packed": null, "unpacked": null, "lookups": [],
        },
        "inputs": [{ "min": 0, "max": 127 }],
        "rowsPerQuery": 1,
        "queries": [
            { "kind": "linear", "rowStride": 1, "slots": [{ "input": 0, "offset": 0, "scaleLog": 57, "position": 3 }] },
        ],
        "polynomials": [],
        "instructions": [
            { "op": "carried", "index": 0, "target": 0 },
            { "op": "linear", "query": 0, "weights": [[0, 1]], "polynomial": null, "target": 0 },
            { "op": "extract", "source": 0, "position": 3, "target": 1 },
            { "op": "sum", "terms": [[0, 1], [1, 1]], "constant": 0, "scaleLog": 57, "target": 2 },
            { "op": "embed", "source": 2, "target": 1 },
        ],
        "carried": [{ "source": 2, "initial": 5, "scaleLog": 57 }],
        "replies": [{ "kind": "glwe", "source": 1, "bits": 16, "rowStride": 1, "positions": [0] }],
        "parts": [{ "scaleLog": 57, "min": 0, "max": 127 }],
        "outputs": [{ "parts": [[0, 1]], "offset": 0 }],
    })
}

pub fn parse(program: &Value) -> Result<Program> {
    Program::parse(program.to_string().as_bytes())
}

/// A program with both halves and their keys.
pub struct Chain {
    pub program: Program,
    pub plan: Plan,
    pub client: Client,
    pub evaluation: EvaluationKeyMessage,
    pub server: ServerKey,
}

impl Chain {
    pub fn new(program: &Value) -> Self {
        let program = parse(program).expect("a valid program");
        let plan = Plan::new(&program);
        let key = ClientKey::generate(&program, &mut OsSeeder).expect("randomness");
        let seeded = generate_evaluation_key(program.parameters(), &key.secret, &mut OsSeeder).expect("a key");
        let expanded = EvaluationKey::expand(program.parameters(), &seeded).expect("an expanded key");
        let server = ServerKey { id: key.id, key: expanded };
        let evaluation = EvaluationKeyMessage { id: key.id, key: seeded };
        Self { program, plan, client: Client::new(key), evaluation, server }
    }

    pub fn encrypt(&self, values: &[f64], rows: usize) -> Result<Vec<u8>> {
        self.client.encrypt(&self.program, values, rows as u64, &mut OsSeeder)
    }

    pub fn run(&self, query: &[u8]) -> Result<Vec<u8>> {
        Ok(self.step(query, None)?.reply)
    }

    /// A run on what the one before carried.
    pub fn step(&self, query: &[u8], carried: Option<&[u8]>) -> Result<Outcome> {
        let query = read_query(&self.program, query.to_vec())?;
        let carried = carried.map(|bytes| read_carried(&self.program, bytes.to_vec())).transpose()?;
        run(&self.program, &self.plan, &self.server, &query, carried.as_ref(), &AtomicBool::new(false), None)
    }

    pub fn decrypt(&self, reply: &[u8]) -> Result<Vec<f64>> {
        self.client.decrypt(&self.program, reply)
    }

    /// All the way.
    pub fn evaluate(&self, values: &[f64], rows: usize) -> Vec<f64> {
        let query = self.encrypt(values, rows).expect("a query");
        let reply = self.run(&query).expect("a reply");
        self.decrypt(&reply).expect("values")
    }
}
