//! Damaged, cut and forged bytes of every kind: each is either accepted or refused with a code, and nothing panics.

mod support;

use std::sync::atomic::AtomicBool;

use blindfit_core::execute::{Plan, run};
use blindfit_core::frame::{HEADER, TRAILER, checksum};
use blindfit_core::keys::generate_evaluation_key;
use blindfit_core::program::Program;
use blindfit_core::random::OsSeeder;
use blindfit_core::server::EvaluationKey;
use blindfit_core::wire::{
    EvaluationKeyMessage, read_evaluation_key, read_query, read_secret_key, write_evaluation_key, write_secret_key,
};
use blindfit_core::{ErrorCode, Result};
use serde_json::json;
use support::*;

/// Repeatable choices.
struct Choices(u64);

impl Choices {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

/// Makes the checksum hold again, as a forger would.
fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() >= HEADER + TRAILER {
        let end = bytes.len() - TRAILER;
        let sum = checksum(&bytes[..end]);
        bytes[end..].copy_from_slice(&sum.to_le_bytes());
    }
    bytes
}

/// `count` damaged forms of `bytes`: flipped bits, changed runs, cuts, growth, extreme lengths.
fn damaged(bytes: &[u8], count: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let mut choices = Choices(0x2545_f491_4f6c_dd1d ^ bytes.len() as u64);
    (0..count).map(move |index| {
        let mut bytes = bytes.to_vec();
        // Half of the faults hit the first bytes, where the lengths are.
        let reach = if index % 2 == 0 { bytes.len().min(HEADER + 48) } else { bytes.len() };
        match choices.next(6) {
            0 => bytes.truncate(choices.next(reach)),
            1 => bytes.extend((0..1 + choices.next(64)).map(|byte| byte as u8)),
            2 => {
                let start = choices.next(reach);
                let end = bytes.len().min(start + 8);
                bytes[start..end].fill(0xff);
            }
            3 => {
                let start = choices.next(reach);
                bytes.drain(start..reach.min(start + 16));
            }
            _ => {
                for _ in 0..1 + choices.next(3) {
                    let place = choices.next(reach);
                    bytes[place] ^= 1 << choices.next(8);
                }
            }
        }
        bytes
    })
}

/// Every damaged form is refused with one of `allowed`; sealed again, it may also be accepted.
fn check<T>(bytes: &[u8], count: usize, allowed: &[ErrorCode], read: impl Fn(&[u8]) -> Result<T>) {
    assert!(read(bytes).is_ok());
    for damaged in damaged(bytes, count) {
        if damaged != bytes {
            let code = read(&damaged).map(|_| ()).expect_err("damage is found").code;
            assert!(allowed.contains(&code), "{code:?}");
        }
        if let Err(error) = read(&seal(damaged)) {
            assert!(allowed.contains(&error.code), "{error}");
        }
    }
}

#[test]
fn programs() {
    for program in
        [linear(3), table("packed"), table("unpacked"), lookups(1, 2), circuit(2), half_clear_table("packed")]
    {
        let bytes = program.to_string().into_bytes();
        for damaged in damaged(&bytes, 3_000) {
            if let Err(error) = Program::parse(&damaged) {
                assert_eq!(error.code, ErrorCode::BadProgram, "{error}");
            }
        }
    }
}

#[test]
fn numbers_of_programs() {
    // Every number of every program, replaced by others: refusals, or programs that mean something else and then run.
    let numbers =
        ["-1", "0", "1", "2", "3", "31", "63", "64", "2047", "2048", "4095", "4294967295", "9007199254740992"];
    let half_clear = [half_clear_linear(3), half_clear_table("packed")];
    for program in
        [linear(3), table("packed"), table("unpacked"), lookups(0, 1), circuit(2)].into_iter().chain(half_clear)
    {
        let chain = Chain::new(&program);
        let text = program.to_string();
        let mut accepted = 0;
        let mut start = 0;
        while let Some(offset) = text[start..].find(|c: char| c.is_ascii_digit() || c == '-') {
            start += offset;
            let end = start + text[start + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(0) + 1;
            for number in numbers {
                let changed = format!("{}{number}{}", &text[..start], &text[end..]);
                match Program::parse(changed.as_bytes()) {
                    Err(error) => assert_eq!(error.code, ErrorCode::BadProgram, "{error}"),
                    Ok(changed) if changed.key_hash == chain.program.key_hash => {
                        accepted += 1;
                        // Lookups take long, circuit bootstraps longer: some of them are enough.
                        let every = match (changed.registers.bits, changed.sections.small.len()) {
                            (0, 0) => 1,
                            (0, _) => 7,
                            _ => 70,
                        };
                        if accepted % every == 0 {
                            run_foreign(&chain, &changed);
                        }
                    }
                    Ok(_) => {}
                }
            }
            start = end;
        }
        assert!(accepted > 20, "{accepted}");
    }
}

/// Runs a strange but valid program on strange but valid values with the keys of `chain`.
fn run_foreign(chain: &Chain, program: &Program) {
    let ranges = &program.description.inputs;
    let rows = 2;
    let values: Vec<f64> =
        (0..rows).flat_map(|row| ranges.iter().map(move |range| [range.min, range.max][row] as f64)).collect();
    let outcome = || {
        let query = chain.client.encrypt(program, &values, rows as u64, &mut OsSeeder)?;
        let query = read_query(program, query)?;
        let reply = run(program, &Plan::new(program), &chain.server, &query, None, &AtomicBool::new(false), None)?;
        chain.client.decrypt(program, &reply.reply)
    };
    if let Err(error) = outcome() {
        assert_eq!(error.code, ErrorCode::DecryptionFailed, "{error}");
    }
}

#[test]
fn secret_keys() {
    let chain = Chain::new(&lookups(0, 1));
    let bytes = write_secret_key(&chain.program, &chain.client.key).unwrap();
    assert_eq!(read_secret_key(&chain.program, &bytes).unwrap(), chain.client.key);
    let allowed = [ErrorCode::BadKey, ErrorCode::WrongKey];
    check(&bytes, 4_000, &allowed, |bytes| read_secret_key(&chain.program, bytes));
}

#[test]
fn evaluation_keys() {
    let chain = Chain::new(&table("packed"));
    let bytes = write_evaluation_key(&chain.program, &chain.evaluation).unwrap();
    assert_eq!(read_evaluation_key(&chain.program, &bytes).unwrap(), chain.evaluation);
    let allowed = [ErrorCode::BadKey, ErrorCode::WrongKey];
    check(&bytes, 300, &allowed, |bytes| read_evaluation_key(&chain.program, bytes));
}

#[test]
fn keys_of_other_parameters() {
    let (chain, other) = (Chain::new(&linear(1)), Chain::new(&table("packed")));
    let secret = write_secret_key(&other.program, &other.client.key).unwrap();
    assert_eq!(read_secret_key(&chain.program, &secret).unwrap_err().code, ErrorCode::WrongKey);
    let evaluation = write_evaluation_key(&other.program, &other.evaluation).unwrap();
    assert_eq!(read_evaluation_key(&chain.program, &evaluation).unwrap_err().code, ErrorCode::WrongKey);
    assert_eq!(read_evaluation_key(&other.program, &secret).unwrap_err().code, ErrorCode::BadKey);
    let stray = write_secret_key(&chain.program, &other.client.key);
    assert_eq!(stray.unwrap_err().code, ErrorCode::WrongKey);
}

#[test]
fn evaluation_keys_of_lookups_and_circuit_bootstraps_come_back() {
    let chain = Chain::new(&circuit(1));
    let key = generate_evaluation_key(chain.program.parameters(), &chain.client.key.secret, &mut OsSeeder).unwrap();
    let message = EvaluationKeyMessage { id: chain.client.key.id, key };
    let bytes = write_evaluation_key(&chain.program, &message).unwrap();
    let read = read_evaluation_key(&chain.program, &bytes).unwrap();
    assert_eq!(read, message);
    EvaluationKey::expand(chain.program.parameters(), &read.key).unwrap();
}

#[test]
fn queries() {
    for (program, values, rows) in [
        (linear(3), vec![1.0; 12], 4),
        (table("packed"), vec![5.0], 1),
        (half_clear_linear(3), vec![1.0; 12], 4),
        (half_clear_table("packed"), vec![5.0, 2.0], 1),
    ] {
        let chain = Chain::new(&program);
        let bytes = chain.encrypt(&values, rows).unwrap();
        let allowed = [ErrorCode::BadCiphertext, ErrorCode::WrongProgram, ErrorCode::WrongKey];
        check(&bytes, 400, &allowed, |bytes| chain.run(bytes));
    }
}

#[test]
fn clear_values_out_of_range() {
    let chain = Chain::new(&half_clear_linear(3));
    let query = chain.encrypt(&[1.0; 12], 4).unwrap();
    for (row, value) in [(0, 8i64), (2, -9), (3, i64::MAX), (1, i64::MIN)] {
        let mut forged = query.clone();
        let place = HEADER + 24 + 8 * row;
        forged[place..place + 8].copy_from_slice(&value.to_le_bytes());
        let error = chain.run(&seal(forged)).unwrap_err();
        assert_eq!(error.code, ErrorCode::BadCiphertext);
        assert!(error.message.contains(&format!("clear input 2 of row {row} is {value}, not in [-8, 7]")), "{error}");
    }
    for value in [8.0, -9.0, 0.5, f64::NAN] {
        assert_eq!(chain.encrypt(&[0.0, 0.0, value], 1).unwrap_err().code, ErrorCode::OutOfRange, "{value}");
    }
}

#[test]
fn rows_that_cost_no_bytes_are_bounded() {
    // Nothing travels for a row, yet each decrypts to a thousand values.
    let mut program = linear(1);
    for field in ["inputs", "queries", "polynomials", "instructions", "replies", "parts"] {
        program[field] = json!([]);
    }
    program["outputs"] = json!(vec![json!({ "parts": [], "offset": 7 }); 1000]);
    let chain = Chain::new(&program);
    assert_eq!(chain.evaluate(&[], 3), vec![7.0; 3000]);
    for rows in [(1 << 24) + 1, u64::MAX] {
        let refused = chain.client.encrypt(&chain.program, &[], rows, &mut OsSeeder);
        assert_eq!(refused.unwrap_err().code, ErrorCode::OutOfRange);
    }
    let query = chain.encrypt(&[], 1 << 24).unwrap();
    assert_eq!(chain.run(&query).unwrap_err().code, ErrorCode::OutOfRange);
    let mut reply = chain.run(&chain.encrypt(&[], 1).unwrap()).unwrap();
    for rows in [1u64 << 24, 1 << 60] {
        reply[HEADER + 16..HEADER + 24].copy_from_slice(&rows.to_le_bytes());
        assert_eq!(chain.decrypt(&seal(reply.clone())).unwrap_err().code, ErrorCode::BadCiphertext);
    }
}

#[test]
fn replies() {
    let chain = Chain::new(&linear(3));
    let reply = chain.run(&chain.encrypt(&[1.0; 12], 4).unwrap()).unwrap();
    let allowed = [ErrorCode::BadCiphertext, ErrorCode::WrongProgram, ErrorCode::WrongKey, ErrorCode::DecryptionFailed];
    check(&reply, 1_000, &allowed, |bytes| chain.decrypt(bytes));
}

#[test]
fn carried_values() {
    let chain = Chain::new(&carried());
    let query = chain.encrypt(&[1.0, 2.0], 2).unwrap();
    let bytes = chain.step(&query, None).unwrap().carried.unwrap();
    let allowed = [ErrorCode::BadCiphertext, ErrorCode::WrongProgram, ErrorCode::WrongKey];
    check(&bytes, 1_000, &allowed, |bytes| chain.step(&query, Some(bytes)).map(|outcome| outcome.reply));
    for rows in [0u64, 1, 3, 1 << 24, 1 << 60, u64::MAX] {
        let mut forged = bytes.clone();
        forged[HEADER + 16..HEADER + 24].copy_from_slice(&rows.to_le_bytes());
        let error = chain.step(&query, Some(&seal(forged))).err().unwrap();
        assert_eq!(error.code, ErrorCode::BadCiphertext, "{rows}");
    }
}
