//! What is wrong with a program is named: the instruction, the field, the value and what is allowed.

mod support;

use blindfit_core::program::Program;
use serde_json::{Value, json};
use support::*;

/// Replaces what stands at `pointer` and returns the refusal.
fn refusal(mut program: Value, pointer: &str, value: Value) -> String {
    parse(&program).expect("valid before the change");
    *program.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
    let error = parse(&program).expect_err(pointer);
    assert_eq!(error.code, blindfit_core::ErrorCode::BadProgram);
    error.message
}

macro_rules! refused {
    ($program:expr, $pointer:expr, $value:tt, $($part:expr),+) => {
        let message = refusal($program, $pointer, json!($value));
        $(assert!(message.contains($part), "{message}");)+
    };
}

#[test]
fn parameters() {
    refused!(linear(1), "/parameters/glwe/dimension", 2, "parameters", "GLWE dimension");
    refused!(linear(1), "/parameters/glwe/polynomialSize", 3000, "parameters", "3000");
    refused!(lookups(0, 1), "/parameters/lookups/0/keyswitch/levelCount", 11, "parameters", "keyswitch");
    refused!(lookups(0, 1), "/parameters/lookups/0/lweDimension", 100000, "parameters", "100000");
    // Below these dimensions no noise is known to be secure.
    refused!(lookups(0, 1), "/parameters/lookups/0/lweDimension", 449, "parameters", "450 to 4096");
    refused!(linear(1), "/parameters/glwe/polynomialSize", 256, "parameters", "from 512 to 16384");
    refused!(lookups(0, 1), "/parameters/lookups/0/log2Extension", 60, "parameters", "log2Extension");
    refused!(lookups(0, 1), "/parameters/lookups/0/log2Extension", 10, "parameters", "2^21");
    refused!(table("packed"), "/parameters/packed/log2Coefficients", 12, "parameters", "log2Coefficients");
}

#[test]
fn keys_that_no_memory_holds() {
    let mut program = lookups(0, 1);
    program["parameters"]["lookups"][0] = json!({ "lweDimension": 2048, "keyswitch": { "baseLog": 1, "levelCount": 32 },
        "bootstrap": { "baseLog": 1, "levelCount": 63 }, "log2Extension": 0 });
    let class = program["parameters"]["lookups"][0].clone();
    program["parameters"]["lookups"] = json!([class, class, class, class]);
    assert!(parse(&program).unwrap_err().message.contains("keys would take"));
}

#[test]
fn shapes_of_records() {
    refused!(linear(1), "/format", 2, "format 2");
    refused!(linear(1), "/instructions/0", { "op": "jump" }, "unknown instruction", "jump");
    refused!(linear(1), "/instructions/0", { "op": "extract", "target": 0 }, "exactly the fields");
    refused!(carried(), "/instructions/0/index", 1, "none of the 1 carried values");
    refused!(carried(), "/carried/0/source", 3, "lwe[3] is read before");
    refused!(carried(), "/carried/0/scaleLog", 64, "not in [0, 63]");
    refused!(carried(), "/carried/0/initial", 18014398509481984u64, "is not in");
    refused!(carried(), "/rowsPerQuery", 2, "one row a query");
    refused!(linear(1), "/instructions/0", { "op": "embed", "target": 0 }, "exactly the fields");
    refused!(linear(1), "/instructions/0", { "op": "embed", "source": 0, "target": 0 }, "lwe[0] is read before");
    refused!(linear(1), "/queries/0/kind", "lwe", "exactly the fields");
    refused!(linear(1), "/replies/0", { "kind": "glwe", "source": 0, "bits": 3 }, "exactly the fields");
    refused!(table("packed"), "/instructions/0/zero", { "polynomial": 0, "glwe": 0 }, "either");
    refused!(table("packed"), "/instructions/4/terms/0", [3, 5], "[source, rotation, coefficient]");
    let mut program = linear(1);
    program["instructions"][0]["bit"] = json!(0);
    assert!(parse(&program).unwrap_err().message.contains("exactly the fields"));
    program = linear(1);
    program["secret"] = json!(0);
    assert!(parse(&program).unwrap_err().message.contains("secret"));
}

#[test]
fn a_refusal_is_short_whatever_it_quotes() {
    let mut program = linear(1);
    program["x".repeat(1 << 20)] = json!(0);
    let message = parse(&program).unwrap_err().message;
    assert!(message.len() < 1000, "{} bytes", message.len());
    assert!(message.contains("unknown field `xxx") && message.contains("line 1 column"), "{message}");
}

#[test]
fn nesting_does_not_use_up_the_stack() {
    for field in ["parameters", "inputs", "queries", "polynomials", "instructions", "outputs", "unknown"] {
        for nest in ["[", "{\"a\":"] {
            let text = format!("{{\"format\":1,\"{field}\":{}", nest.repeat(1 << 20));
            let error = Program::parse(text.as_bytes()).unwrap_err();
            assert_eq!(error.code, blindfit_core::ErrorCode::BadProgram);
        }
    }
}

#[test]
fn queries() {
    refused!(linear(1), "/inputs/0", { "min": 3, "max": 2 }, "inputs[0]", "min <= max");
    refused!(linear(1), "/inputs/0/min", (-9007199254740993i64), "inputs[0].min");
    refused!(linear(1), "/queries/0/slots/1/input", 3, "queries[0].slots[1].input", "3 inputs");
    refused!(linear(1), "/queries/0/slots/1/position", 2048, "queries[0].slots[1].position", "2048");
    refused!(linear(1), "/queries/0/slots/1/position", 0, "queries[0].slots[1].position", "taken");
    refused!(linear(1), "/queries/0/slots/1/scaleLog", 64, "queries[0].slots[1].scaleLog", "[0, 63]");
    refused!(linear(9), "/queries/0/rowStride", 2, "queries[0].slots[2].position", "taken");
    refused!(linear(9), "/queries/0/rowStride", 300, "queries[0].slots[0].position", "2100");
    refused!(linear(1), "/rowsPerQuery", 700, "queries[0]");
    refused!(table("packed"), "/rowsPerQuery", 2, "rowsPerQuery", "linear");
    refused!(table("packed"), "/queries/0/bits/3/bit", 4, "queries[0].bits[3].bit", "4");
    refused!(table("packed"), "/queries/0/encoding", "unpacked", "queries[0].encoding");
    refused!(lookups(0, 1), "/queries/1/lookup", 1, "queries[1].lookup");
}

#[test]
fn clear_inputs() {
    refused!(linear(1), "/inputs/1", { "min": -8, "max": 7, "clear": true }, "queries[0].slots[1].input", "clear ones only");
    refused!(linear(1), "/inputs/0", { "min": -8, "max": 7, "clear": true }, "queries[0].slots[1].input", "clear ones only");
    refused!(linear(1), "/inputs/0", { "min": -8, "max": 7, "clear": 1 }, "boolean");
    refused!(with_clear(table("packed"), &[0]), "/queries/0/bits/3/bit", 4, "queries[0].bits[3].bit", "4");
    refused!(half_clear_table("packed"), "/parameters/packed", null, "queries[0].encoding", "no gadget");
    let mut program = with_clear(table("packed"), &[0]);
    program["parameters"]["packed"] = json!(null);
    assert!(parse(&program).is_ok());
}

#[test]
fn clear_values_count_as_memory() {
    let mut program = with_clear(linear(600), &[0, 1, 2]);
    let less = parse(&program).unwrap().memory.query;
    program["inputs"] = json!(vec![program["inputs"][0].clone(); 1003]);
    assert_eq!(parse(&program).unwrap().memory.query, less + 8 * 600 * 1000);
}

#[test]
fn polynomials() {
    refused!(linear(1), "/polynomials/0/runs/0", [0, 2049, 1], "polynomials[0].runs[0]", "2048");
    refused!(linear(1), "/polynomials/0/runs/0", [0, 0, 1], "polynomials[0].runs[0]");
    refused!(linear(1), "/polynomials/0/runs", [[5, 2, 1], [6, 1, 1]], "polynomials[0].runs[1]", "starts at 6");
    refused!(linear(1), "/polynomials/0/runs/0", [4294967295u32, 4294967295u32, 1], "polynomials[0].runs[0]");
    let mut program = lookups(0, 1);
    program["parameters"]["lookups"][0]["log2Extension"] = json!(1);
    program["polynomials"][0]["runs"] = json!([[0, 4096, 1]]);
    assert!(parse(&program).is_ok());
    program["instructions"][0]["polynomial"] = json!(0);
    assert!(parse(&program).unwrap_err().message.contains("instructions[0].polynomial"));
}

#[test]
fn instructions() {
    refused!(linear(1), "/instructions/1/target", 0, "instructions[1].target", "twice");
    refused!(linear(1), "/instructions/1/target", 4294967295u32, "instructions[1].target", "none of the 2");
    refused!(linear(1), "/instructions/0/query", 1, "instructions[0].query");
    refused!(linear(1), "/instructions/0/weights/0/0", 4096, "instructions[0].weights[0]", "[0, 4095]");
    refused!(linear(1), "/instructions/0/polynomial", 2, "instructions[0].polynomial");
}

#[test]
fn registers_and_indices() {
    refused!(table("packed"), "/instructions/1/bit", 4, "instructions[1].bit", "4 bits");
    refused!(table("packed"), "/instructions/1/zero/glwe", 1, "instructions[1].zero.glwe", "before it is written");
    refused!(table("packed"), "/instructions/1/one/rotation", 4096, "instructions[1].one.rotation");
    refused!(table("packed"), "/instructions/4/terms/1/0", 4, "instructions[4].terms[1]", "before it is written");
    refused!(lookups(0, 1), "/instructions/1/position", 2048, "instructions[1].position");
    refused!(lookups(0, 1), "/instructions/2/items/0/input/lwe", 1, "instructions[2].items[0].input");
    refused!(lookups(0, 1), "/instructions/2/items/1/input/small", 1, "instructions[2].items[1].input", "1 slots");
    refused!(lookups(0, 1), "/instructions/2/items/1/outputs/0/0", 2048, "instructions[2].items[1].outputs[0]");
    refused!(lookups(0, 1), "/instructions/3/scaleLog", 64, "instructions[3].scaleLog");
}

#[test]
fn circuit_bootstraps() {
    let at = |item: usize, field: &str| format!("/instructions/3/items/{item}/{field}");
    refused!(circuit(2), "/parameters/circuit/lookup", 1, "parameters", "circuit", "1 lookup classes");
    refused!(circuit(2), "/parameters/circuit/gadget/levelCount", 16, "parameters", "circuit gadget");
    refused!(circuit(2), "/parameters/circuit/automorphism/baseLog", 11, "parameters", "automorphism", "10");
    refused!(circuit(2), "/parameters/circuit", null, "instructions[3]", "no keys for circuit bootstrapping");
    refused!(circuit(2), &at(0, "input"), 5, "instructions[3].items[0].input", "before it is written");
    // An item does not read what another of its layer writes.
    refused!(circuit(2), &at(1, "input"), 2, "instructions[3].items[1].input", "before it is written");
    // Register 0 is the bit of the query.
    refused!(circuit(2), &at(0, "bit"), 0, "instructions[3].items[0].bit", "twice");
    refused!(circuit(2), &at(0, "bit"), 2, "instructions[3].items[1].bit", "twice");
    refused!(circuit(2), &at(0, "bit"), 5, "instructions[3].items[0].bit", "none of the 5");
    refused!(circuit(2), &at(0, "bit"), 4294967295u32, "instructions[3].items[0].bit");
    refused!(circuit(2), &at(0, "output/target"), 0, "instructions[3].items[0].output.target", "twice");
    refused!(circuit(2), &at(0, "output/scaleLog"), 64, "instructions[3].items[0].output.scaleLog", "[1, 63]");
    refused!(circuit(2), &at(0, "output/scaleLog"), 0, "instructions[3].items[0].output.scaleLog", "[1, 63]");
    refused!(circuit(2), "/instructions/6/bit", 5, "instructions[6].bit", "5 bits");
    refused!(circuit(2), "/instructions/4", { "op": "cmux", "bit": 3, "zero": { "polynomial": 0 },
        "one": { "polynomial": 1 }, "target": 1 }, "instructions[4].bit", "bit[3] is read before it is written");
    refused!(circuit(2), &at(0, "input"), { "lwe": 1 }, "{ input, bit, output }");
    refused!(lookups(0, 1), "/instructions/2/items/0/input", 0, "{ input, polynomial, outputs }");
    refused!(lookups(0, 1), "/instructions/2/items/0/input", "0", "a register");
    refused!(circuit(2), "/instructions/3", { "op": "circuitBootstrap" }, "exactly the fields");
}

#[test]
fn computed_bits_count_as_memory() {
    let mut program = circuit(2);
    let before = parse(&program).unwrap().memory.registers;
    let items: Vec<Value> = (0..100).map(|bit| json!({ "input": 1, "bit": bit + 5, "output": null })).collect();
    program["instructions"].as_array_mut().unwrap().push(json!({ "op": "circuitBootstrap", "items": items }));
    let after = parse(&program).unwrap().memory.registers;
    assert!(after - before >= 100 * 5 * 32 * SIZE as u64, "{before} {after}");
}

#[test]
fn replies() {
    refused!(linear(1), "/replies/0/source", 2, "replies[0].source");
    refused!(linear(1), "/replies/0/bits", 0, "replies[0].bits");
    refused!(linear(1), "/replies/0/bits", 65, "replies[0].bits");
    refused!(linear(1), "/replies/0/positions", [1, 1], "replies[0].positions[1]", "taken");
    refused!(linear(1), "/replies/0/positions", [1, 2], "parts", "3");
    refused!(linear(1), "/parts/0/scaleLog", 60, "parts[0]", "does not fit");
    refused!(linear(1), "/outputs/0/parts/0/0", 2, "outputs[0].parts[0]");
    refused!(linear(1), "/outputs/0/parts/0/1", 9007199254740992i64, "outputs[0]", "2^53");
}
