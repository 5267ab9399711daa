//! Programs through the whole chain: encrypt, run, decrypt.

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use blindfit_core::ErrorCode;
use blindfit_core::execute::run;
use blindfit_core::frame::{HEADER, TRAILER};
use blindfit_core::wire::read_query;
use serde_json::{Value, json};
use support::*;

#[test]
fn one_linear_row() {
    let chain = Chain::new(&linear(1));
    for row in [[0.0, 0.0, 0.0], [7.0, -8.0, 7.0], [-8.0, 7.0, -8.0], [1.0, 2.0, 3.0]] {
        assert_eq!(chain.evaluate(&row, 1), linear_expected(&row));
    }
}

#[test]
fn many_linear_rows_fill_ciphertexts_and_leave_the_last_partly_empty() {
    let chain = Chain::new(&linear(600));
    for rows in [0, 1, 599, 600, 601, 1450] {
        let values: Vec<f64> = (0..3 * rows).map(|i| f64::from((i * i % 16) as u32) - 8.0).collect();
        let expected: Vec<f64> = values.chunks(3).flat_map(linear_expected).collect();
        assert_eq!(chain.evaluate(&values, rows), expected, "{rows} rows");
    }
}

#[test]
fn a_linear_query_and_its_reply_are_small() {
    let chain = Chain::new(&linear(1));
    let query = chain.encrypt(&[1.0, 2.0, 3.0], 1).unwrap();
    let reply = chain.run(&query).unwrap();
    assert!(query.len() < 200, "{} bytes", query.len());
    assert!(reply.len() < 2 * (SIZE * 4 + 100), "{} bytes", reply.len());
}

#[test]
fn whole_queries_give_three_outputs_in_one_product() {
    let chain = Chain::new(&whole(200));
    for rows in [0, 1, 199, 200, 450] {
        let values: Vec<f64> = (0..3 * rows).map(|i| f64::from((i * i % 16) as u32) - 8.0).collect();
        let expected: Vec<f64> = values.chunks(3).flat_map(whole_expected).collect();
        assert_eq!(chain.evaluate(&values, rows), expected, "{rows} rows");
    }
    // All N coefficients travel, however few rows there are.
    let sizes = [1, 200].map(|rows| chain.encrypt(&vec![0.0; 3 * rows], rows).unwrap().len());
    assert_eq!(sizes[0], sizes[1]);
    assert!(sizes[0] > 8 * SIZE);
}

#[test]
fn products_that_read_beyond_the_slots_need_whole_queries() {
    let mut program = whole(200);
    program["queries"][0]["whole"] = json!(false);
    let chain = Chain::new(&program);
    let row = [1.0, 2.0, 3.0];
    let reply = chain.run(&chain.encrypt(&row, 1).unwrap()).unwrap();
    assert_ne!(chain.decrypt(&reply).unwrap_or_default(), whole_expected(&row));
}

#[test]
fn a_table_of_packed_bits() {
    let chain = Chain::new(&table("packed"));
    for x in 0..16 {
        assert_eq!(chain.evaluate(&[x as f64 + 3.0], 1), [table_expected(x) as f64], "{x}");
    }
}

#[test]
fn a_table_of_packed_bits_of_several_rows() {
    let chain = Chain::new(&table("packed"));
    let values: Vec<f64> = (0..7).map(|x| (2 * x + 3) as f64).collect();
    let expected: Vec<f64> = (0..7).map(|x| table_expected(2 * x) as f64).collect();
    assert_eq!(chain.evaluate(&values, 7), expected);
}

#[test]
fn a_table_of_unpacked_bits() {
    let chain = Chain::new(&table("unpacked"));
    for x in [0, 5, 10, 15] {
        assert_eq!(chain.evaluate(&[x as f64 + 3.0], 1), [table_expected(x) as f64], "{x}");
    }
}

#[test]
fn lookups_in_two_layers_of_several_rows() {
    let chain = Chain::new(&lookups(1, 3));
    let rows = [(0, 0), (7, 7), (2, 5), (5, 2), (1, 3)];
    let values: Vec<f64> = rows.iter().flat_map(|(x, y)| [*x as f64, *y as f64]).collect();
    let expected: Vec<f64> = rows.iter().map(|(x, y)| lookups_expected(*x, *y)).collect();
    assert_eq!(chain.evaluate(&values, rows.len()), expected);
}

#[test]
fn lookups_with_extended_test_polynomials() {
    let mut program = lookups(1, 20);
    program["parameters"]["lookups"][0]["log2Extension"] = json!(2);
    for polynomial in program["polynomials"].as_array_mut().unwrap() {
        for run in polynomial["runs"].as_array_mut().unwrap() {
            let [start, count] = [&run[0], &run[1]].map(|number| 4 * number.as_u64().unwrap());
            *run = json!([start, count, run[2]]);
        }
    }
    let chain = Chain::new(&program);
    assert_eq!(chain.evaluate(&[2.0, 5.0, 7.0, 0.0], 2), [lookups_expected(2, 5), lookups_expected(7, 0)]);
}

#[test]
fn clear_features_of_many_rows() {
    let chain = Chain::new(&half_clear_linear(600));
    for rows in [0, 1, 600, 1450] {
        let values: Vec<f64> = (0..3 * rows).map(|i| f64::from((i * i % 16) as u32) - 8.0).collect();
        let expected: Vec<f64> = values.chunks(3).map(|row| linear_expected(row)[0]).collect();
        assert_eq!(chain.evaluate(&values, rows), expected, "{rows} rows");
    }
}

#[test]
fn each_row_has_its_own_clear_bits() {
    for encoding in ["packed", "unpacked"] {
        let chain = Chain::new(&half_clear_table(encoding));
        let rows = 0..16;
        let values: Vec<f64> = rows.clone().flat_map(|x| [(x % 4 + 3) as f64, (x / 4) as f64]).collect();
        let expected: Vec<f64> = rows.map(|x| table_expected(x) as f64).collect();
        assert_eq!(chain.evaluate(&values, 16), expected);
    }
}

#[test]
fn lookups_of_clear_inputs() {
    for clear in [&[0][..], &[1], &[0, 1]] {
        let mut program = lookups(0, 1);
        let section = &mut program["queries"][1]["slots"];
        // Another slot of the second input: an order in which clear slots may stand before encrypted ones.
        *section = json!([{ "input": 0, "offset": 0, "scaleLog": 60 }, section[0]]);
        program["instructions"][2]["items"][1]["input"] = json!({ "small": 1 });
        let chain = Chain::new(&with_clear(program, clear));
        assert_eq!(chain.evaluate(&[2.0, 5.0, 7.0, 0.0], 2), [lookups_expected(2, 5), lookups_expected(7, 0)]);
    }
}

#[test]
fn of_clear_inputs_nothing_but_their_values_travels() {
    let whole_of = |program: &Value, values: &[f64], rows: usize| {
        let chain = Chain::new(program);
        let query = chain.encrypt(values, rows).unwrap();
        (chain.evaluate(values, rows), query.len())
    };
    let empty = HEADER + 24 + TRAILER;
    // All of it clear: a program without keys, a query of integers.
    let mut program = with_clear(table("packed"), &[0]);
    program["parameters"]["packed"] = json!(null);
    let (values, bytes) = whole_of(&program, &[3.0, 9.0], 2);
    assert_eq!(values, [table_expected(0) as f64, table_expected(6) as f64]);
    assert_eq!(bytes, empty + 2 * 8);
    let row = [1.0, 2.0, 3.0];
    assert_eq!(whole_of(&with_clear(whole(200), &[0, 1, 2]), &row, 1), (whole_expected(&row).to_vec(), empty + 3 * 8));
    assert_eq!(whole_of(&half_clear_linear(600), &row, 1).1, empty + 8 + (16 + 2 * 8));
    assert_eq!(whole_of(&with_clear(lookups(0, 1), &[1]), &[1.0, 2.0], 1).1, empty + 8 + (16 + 8));
}

#[test]
fn clear_inputs_change_nothing_of_the_keys() {
    let key_hash = |program: &Value| parse(program).unwrap().key_hash;
    assert_eq!(key_hash(&table("packed")), key_hash(&with_clear(table("packed"), &[0])));
    assert_eq!(key_hash(&table("packed")), key_hash(&half_clear_table("packed")));
}

#[test]
fn tables_of_computed_bits_of_several_rows() {
    let chain = Chain::new(&circuit(6));
    let rows = [(0, 0, 0), (31, 31, 0), (31, 31, 1), (5, 11, 1), (21, 0, 0)];
    let values: Vec<f64> = rows.iter().flat_map(|(x, y, z)| [*x as f64, *y as f64, *z as f64]).collect();
    let expected: Vec<f64> = rows.iter().map(|(x, y, z)| circuit_expected(*x, *y, *z)).collect();
    assert_eq!(chain.evaluate(&values, rows.len()), expected);
    // Alone, too: one row takes another way through the schedule's batches.
    assert_eq!(chain.evaluate(&values[..3], 1), expected[..1]);
}

#[test]
fn progress_ends_at_the_whole_and_never_goes_back() {
    let chain = Chain::new(&lookups(3, 8));
    let query = read_query(&chain.program, chain.encrypt(&[1.0, 2.0], 1).unwrap()).unwrap();
    let seen = Mutex::new(Vec::new());
    let hear = |done: f64, total: f64| seen.lock().unwrap().push((done, total));
    run(&chain.program, &chain.plan, &chain.server, &query, None, &AtomicBool::new(false), Some(&hear)).unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.len() > 1, "{seen:?}");
    assert!(seen.is_sorted_by_key(|(done, _)| *done), "{seen:?}");
    assert!(seen.iter().all(|(done, total)| 0.0 < *done && done <= total));
    assert_eq!(seen.last().map(|(done, total)| done == total), Some(true));
}

#[test]
fn a_cancelled_run_ends_soon() {
    let chain = Chain::new(&lookups(200, 40));
    let query = read_query(&chain.program, chain.encrypt(&[1.0, 2.0], 1).unwrap()).unwrap();
    let cancel = AtomicBool::new(false);
    let (cancelled, ended) = std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let failure = run(&chain.program, &chain.plan, &chain.server, &query, None, &cancel, None).err().unwrap();
            assert_eq!(failure.code, ErrorCode::Cancelled);
            Instant::now()
        });
        std::thread::sleep(Duration::from_millis(200));
        cancel.store(true, Ordering::Relaxed);
        (Instant::now(), work.join().unwrap())
    });
    let latency = ended.duration_since(cancelled);
    assert!(latency < Duration::from_millis(100), "{latency:?}");
}

/// Resident memory of this process, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
#[cfg(target_os = "linux")]
fn memory_follows_what_is_alive_not_how_much_is_computed() {
    // 40,000 registers of 32 KB, of which three are alive at a time.
    let steps = 20_000;
    let mut program = linear(1);
    let mut instructions = vec![program["instructions"][0].clone()];
    for step in 0..steps {
        let (sum, next) = (2 * step, 2 * step + 1);
        let term = |source: usize, weight: i64| json!([source, 0, weight]);
        let copy = json!({ "op": "combine", "terms": [term(0, 1)], "polynomial": null, "target": next });
        let add = json!({ "op": "combine", "terms": [term(sum, 1), term(next, if step % 2 == 0 { 1 } else { -1 })],
            "polynomial": null, "target": next + 1 });
        instructions.extend([copy, add]);
    }
    program["instructions"] = json!(instructions);
    program["replies"] = json!([{ "kind": "glwe", "source": 2 * steps, "bits": 32, "rowStride": 0, "positions": [2] }]);
    program["parts"] = json!([program["parts"][0]]);
    program["outputs"] = json!([program["outputs"][0]]);
    let chain = Chain::new(&program);
    assert!(chain.program.memory.registers < 100 << 20, "{:?}", chain.program.memory);
    let before = resident();
    assert_eq!(chain.evaluate(&[1.0, 2.0, 3.0], 1), [linear_expected(&[1.0, 2.0, 3.0])[0]]);
    let grown = resident().saturating_sub(before);
    assert!(grown < 400 << 20, "{grown} bytes");
}

#[test]
fn values_out_of_range_are_refused() {
    let chain = Chain::new(&linear(1));
    for value in [8.0, -9.0, 0.5, f64::NAN, f64::INFINITY] {
        assert_eq!(chain.encrypt(&[0.0, value, 0.0], 1).unwrap_err().code, ErrorCode::OutOfRange, "{value}");
    }
    assert_eq!(chain.encrypt(&[0.0; 4], 1).unwrap_err().code, ErrorCode::OutOfRange);
}

#[test]
fn another_secret_key_is_refused_everywhere() {
    let (chain, other) = (Chain::new(&linear(1)), Chain::new(&linear(1)));
    let query = other.encrypt(&[1.0, 2.0, 3.0], 1).unwrap();
    assert_eq!(chain.run(&query).unwrap_err().code, ErrorCode::WrongKey);
    let reply = other.run(&query).unwrap();
    assert_eq!(chain.decrypt(&reply).unwrap_err().code, ErrorCode::WrongKey);
}

#[test]
fn another_program_is_refused_everywhere() {
    let (chain, other) = (Chain::new(&linear(1)), Chain::new(&linear(2)));
    let query = other.encrypt(&[1.0, 2.0, 3.0], 1).unwrap();
    assert_eq!(chain.run(&query).unwrap_err().code, ErrorCode::WrongProgram);
    let reply = other.run(&query).unwrap();
    assert_eq!(chain.decrypt(&reply).unwrap_err().code, ErrorCode::WrongProgram);
}

#[test]
fn values_are_carried_from_run_to_run_for_each_row() {
    let chain = Chain::new(&carried());
    let mut sums = [5.0, 5.0, 5.0];
    let mut before: Option<Vec<u8>> = None;
    for inputs in [[1.0, 2.0, 100.0], [120.0, 0.0, 50.0], [7.0, 7.0, 7.0]] {
        let outcome = chain.step(&chain.encrypt(&inputs, 3).unwrap(), before.as_deref()).unwrap();
        for (sum, input) in sums.iter_mut().zip(inputs) {
            *sum = (*sum + input) % 128.0;
        }
        assert_eq!(chain.decrypt(&outcome.reply).unwrap(), sums);
        before = outcome.carried;
    }
    let other_rows = chain.step(&chain.encrypt(&[1.0], 1).unwrap(), before.as_deref());
    assert_eq!(other_rows.err().unwrap().code, ErrorCode::BadCiphertext);
    let without = Chain::new(&linear(1));
    let outcome = without.step(&without.encrypt(&[1.0, 2.0, 3.0], 1).unwrap(), None).unwrap();
    assert!(outcome.carried.is_none());
}
