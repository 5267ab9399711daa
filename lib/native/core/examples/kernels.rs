//! Times every kernel of the core on this machine: `cargo run --release --example kernels [threads]`.
//! Single kernels run on one thread; the expansion of a whole query also on all threads.
//!
//! The last lines are the times of `lib/compiler/parameters/calibration.ts`, by the same names, followed by kernels that
//! are sums of them.

use blindfit_core::ciphertext::{Glwe, Lwe};
use blindfit_core::client::{Encryptor, encrypt_small, glwe_phase};
use blindfit_core::keys::{SecretKey, generate_evaluation_key};
use blindfit_core::parameters::{
    CircuitParameters, Gadget, GlweParameters, LookupParameters, PackedParameters, Parameters,
};
use blindfit_core::random::{OsSeeder, Seed};
use blindfit_core::server::{
    CircuitItem, EvaluationKey, LookupInput, LookupItem, Operand, Primitives, circuit_bootstrap_batch, cmux,
    expand_linear, expand_packed, expand_small, linear, lookup_batch, measure_primitives,
};
use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

const SIZE: usize = 2048;
const BITS: usize = 180;
static CANCEL: AtomicBool = AtomicBool::new(false);

fn main() {
    let threads = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    single.install(linear_kernels);
    println!("all threads: {}", pool.current_num_threads());
    packed_kernels(&single, &pool);
    lookup_kernels(&single, &pool);
    circuit_kernels(&single, &pool);
    single.install(calibration);
}

/// Least time of `runs` runs, in microseconds.
fn least(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..runs {
        let start = Instant::now();
        work();
        least = least.min(start.elapsed().as_secs_f64() * 1e6);
    }
    least
}

fn gadget(base_log: u32, level_count: u32) -> Gadget {
    Gadget { base_log, level_count }
}

fn linear_kernels() {
    let parameters = Parameters {
        glwe: GlweParameters { dimension: 1, polynomial_size: SIZE },
        packed: None,
        unpacked: None,
        lookups: vec![],
        circuit: None,
    };
    let secret = SecretKey::generate(&parameters, &mut OsSeeder).expect("randomness");
    let encryptor = Encryptor::new(&secret.glwe);
    for features in [30usize, 2040] {
        let positions: Vec<usize> = (0..features).collect();
        let plaintexts: Vec<u64> = (0..features as u64).map(|value| value << 40).collect();
        let weights: Vec<(usize, i64)> = (0..30).map(|index| (29 - index, 17 * index as i64 - 200)).collect();
        let encrypt =
            least(200, || drop(black_box(encryptor.encrypt_linear(&positions, &plaintexts, &mut OsSeeder).unwrap())));
        let query = encryptor.encrypt_linear(&positions, &plaintexts, &mut OsSeeder).unwrap();
        let expand = least(200, || drop(black_box(expand_linear(SIZE, &positions, &query).unwrap())));
        let glwe = expand_linear(SIZE, &positions, &query).unwrap();
        let mut out = Glwe::zero(SIZE);
        let evaluate = least(200, || linear(&mut out, &glwe, &weights, None).unwrap());
        let decrypt = least(200, || {
            black_box(glwe_phase(&secret.glwe, out.mask(), out.body()[29], 29).unwrap());
        });
        println!(
            "linear, {features} slots: encrypt {encrypt:.1} us, expand {expand:.1}, 30 weights {evaluate:.1}, decrypt one {decrypt:.2}"
        );
    }
}

fn packed_kernels(single: &rayon::ThreadPool, pool: &rayon::ThreadPool) {
    for (bits_gadget, automorphism, square, log2_coefficients) in [
        (gadget(5, 5), gadget(4, 12), gadget(5, 10), 6),
        (gadget(7, 3), gadget(5, 8), gadget(6, 7), 6),
        (gadget(5, 5), gadget(4, 12), gadget(5, 10), 8),
    ] {
        let packed = PackedParameters { log2_coefficients, gadget: bits_gadget, automorphism, square };
        let parameters = Parameters {
            glwe: GlweParameters { dimension: 1, polynomial_size: SIZE },
            packed: Some(packed),
            unpacked: None,
            lookups: vec![],
            circuit: None,
        };
        println!("packed, {packed:?}");
        let secret = SecretKey::generate(&parameters, &mut OsSeeder).expect("randomness");
        let start = Instant::now();
        let seeded = pool.install(|| generate_evaluation_key(&parameters, &secret, &mut OsSeeder)).unwrap();
        let generate = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let key = pool.install(|| EvaluationKey::expand(&parameters, &seeded)).unwrap();
        println!("  key: generate {generate:.1} ms, expand {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
        let encryptor = Encryptor::new(&secret.glwe);
        let bits: Vec<bool> = (0..BITS).map(|index| index * index % 7 % 2 == 1).collect();
        let encrypt = least(3, || drop(black_box(encryptor.encrypt_packed(&packed, &bits, &mut OsSeeder).unwrap())));
        let query = encryptor.encrypt_packed(&packed, &bits, &mut OsSeeder).unwrap();
        let expand = || drop(black_box(expand_packed(&key, &query, BITS, &CANCEL).unwrap()));
        let one = single.install(|| least(3, expand)) / 1e3;
        let all = pool.install(|| least(5, expand)) / 1e3;
        println!(
            "  query of {BITS} bits: encrypt {:.1} ms, expand {one:.1} ms on one thread, {all:.1} ms on all",
            encrypt / 1e3
        );
        let registers = pool.install(|| expand_packed(&key, &query, BITS, &CANCEL)).unwrap();
        let mut workspace = key.workspace();
        let (zero, one) = (vec![0u64; SIZE], vec![1u64 << 60; SIZE]);
        let mut clear = Glwe::zero(SIZE);
        let (zero, one) = (Operand::Polynomial(&zero), Operand::Polynomial(&one));
        let clear_time = least(300, || cmux(&mut clear, &registers, 3, zero, one, &mut workspace).unwrap());
        let mut out = Glwe::zero(SIZE);
        let (left, right) =
            (Operand::Rotated { glwe: &clear, rotation: 5 }, Operand::Rotated { glwe: &clear, rotation: 0 });
        let warm = least(300, || cmux(&mut out, &registers, 3, left, right, &mut workspace).unwrap());
        let cold = least(10, || {
            for bit in 0..BITS {
                cmux(&mut out, &registers, bit, left, right, &mut workspace).unwrap();
            }
        }) / BITS as f64;
        println!("  cmux: clear {clear_time:.1} us, same bit {warm:.1} us, all bits in turn {cold:.1} us");
    }
}

fn lookup_kernels(single: &rayon::ThreadPool, pool: &rayon::ThreadPool) {
    for (dimension, keyswitch, bootstrap, log2_extension) in [
        (788, gadget(3, 5), gadget(23, 1), 0),
        (868, gadget(3, 5), gadget(15, 2), 0),
        (930, gadget(3, 7), gadget(15, 2), 4),
    ] {
        let lookup = LookupParameters { lwe_dimension: dimension, keyswitch, bootstrap, log2_extension };
        let parameters = Parameters {
            glwe: GlweParameters { dimension: 1, polynomial_size: SIZE },
            packed: None,
            unpacked: None,
            lookups: vec![lookup],
            circuit: None,
        };
        println!("lookup, {lookup:?}");
        let secret = SecretKey::generate(&parameters, &mut OsSeeder).expect("randomness");
        let start = Instant::now();
        let seeded = pool.install(|| generate_evaluation_key(&parameters, &secret, &mut OsSeeder)).unwrap();
        let generate = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let key = pool.install(|| EvaluationKey::expand(&parameters, &seeded)).unwrap();
        println!("  key: generate {generate:.2} s, expand {:.2} s", start.elapsed().as_secs_f64());
        let polynomial = vec![1u64 << 60; SIZE << log2_extension];
        let small = expand_small(dimension, &encrypt_small(&secret.lookups[0], &[1 << 60; 16], &mut OsSeeder).unwrap());
        let large: Vec<Lwe> = (0..16).map(|_| Lwe::zero(SIZE)).collect();
        for batch in if log2_extension == 0 { vec![1, 8, 16] } else { vec![1, 2] } {
            let item = |input| LookupItem { input, polynomial: &polynomial, positions: &[0] };
            let rotated: Vec<LookupItem> = small[..batch].iter().map(|lwe| item(LookupInput::Small(lwe))).collect();
            let switched: Vec<LookupItem> = large[..batch].iter().map(|lwe| item(LookupInput::Large(lwe))).collect();
            let mut workspace = key.workspace();
            let mut time = |items: &[LookupItem]| {
                single.install(|| {
                    least(4, || {
                        drop(black_box(lookup_batch(&key.lookups()[0], items, &mut workspace, &CANCEL).unwrap()))
                    })
                }) / 1e3
                    / batch as f64
            };
            // Trivial inputs have an all-zero mask: every rotation is skipped and only the keyswitch remains.
            let (rotation, switching) = (time(&rotated), time(&switched));
            println!("  batch {batch}: rotation {rotation:.2} ms each, keyswitch {switching:.2} ms each");
        }
    }
}

fn circuit_kernels(single: &rayon::ThreadPool, pool: &rayon::ThreadPool) {
    for (bits_gadget, automorphism, square, bootstrap) in [
        (gadget(5, 5), gadget(6, 8), gadget(8, 6), gadget(12, 3)),
        (gadget(4, 4), gadget(10, 5), gadget(12, 4), gadget(15, 2)),
    ] {
        let lookup = LookupParameters { lwe_dimension: 600, keyswitch: gadget(2, 6), bootstrap, log2_extension: 0 };
        let circuit = CircuitParameters { gadget: bits_gadget, automorphism, square, lookup: 0 };
        println!("circuit bootstrap, {circuit:?}, {lookup:?}");
        let parameters = Parameters {
            glwe: GlweParameters { dimension: 1, polynomial_size: SIZE },
            packed: None,
            unpacked: None,
            lookups: vec![lookup],
            circuit: Some(circuit),
        };
        let secret = SecretKey::generate(&parameters, &mut OsSeeder).expect("randomness");
        let seeded = pool.install(|| generate_evaluation_key(&parameters, &secret, &mut OsSeeder)).unwrap();
        let key = pool.install(|| EvaluationKey::expand(&parameters, &seeded)).unwrap();
        let mut input = Lwe::zero(SIZE);
        Seed(1).stream().fill(input.words_mut());
        for batch in [1, 4, 16] {
            let items = vec![CircuitItem { input: &input, output_scale: Some(60) }; batch];
            let mut workspace = key.workspace();
            let mut work = || drop(circuit_bootstrap_batch(&key, &items, &mut workspace, &CANCEL).unwrap());
            let one = single.install(|| least(4, &mut work)) / 1e3 / batch as f64;
            let all = pool.install(|| least(4, &mut work)) / 1e3 / batch as f64;
            println!("  batch {batch}: {one:.2} ms a bit on one thread, {all:.2} ms with rows made on all");
        }
    }
}

/// The primitives of the compiler's cost table, and kernels that are sums of them.
fn calibration() {
    let times = measure_primitives();
    println!("calibration, N = {SIZE}");
    for (name, value) in [
        ("forwardTransform", times.forward_transform),
        ("inverseTransform", times.inverse_transform),
        ("pointwise", times.pointwise),
        ("pass", times.pass),
        ("keyswitchThousand", times.keyswitch_thousand),
        ("keyBytesPerMicrosecond", times.key_bytes_per_microsecond),
        ("maskKilobyte", times.mask_kilobyte),
    ] {
        println!("  {name}: {value:.3}");
    }
    let primitives = &mut Primitives::new();
    let time = |work: fn(&mut Primitives)| least(2000, || work(black_box(primitives)));
    let [half_keyswitch, automorphism, ggsw_level] =
        [Primitives::half_keyswitch, Primitives::automorphism, Primitives::ggsw_level].map(time);
    println!("kernels, us");
    println!("  half keyswitch of {} levels: {half_keyswitch:.1}", Primitives::SQUARE_LEVELS);
    println!("  automorphism of {} levels: {automorphism:.1}", Primitives::AUTOMORPHISM_LEVELS);
    println!("  GGSW conversion, one level with {} of s^2: {ggsw_level:.1}", Primitives::SQUARE_LEVELS);
    println!("  CMUX of 5 levels: {:.1}", cmux_time());
}

/// One CMUX of rotated branches, all bits of a query in turn, in microseconds.
fn cmux_time() -> f64 {
    let packed = PackedParameters {
        log2_coefficients: 6,
        gadget: gadget(5, 5),
        automorphism: gadget(4, 12),
        square: gadget(5, 10),
    };
    let parameters = Parameters {
        glwe: GlweParameters { dimension: 1, polynomial_size: SIZE },
        packed: Some(packed),
        unpacked: None,
        lookups: vec![],
        circuit: None,
    };
    let secret = SecretKey::generate(&parameters, &mut OsSeeder).expect("randomness");
    let seeded = generate_evaluation_key(&parameters, &secret, &mut OsSeeder).expect("a key");
    let key = EvaluationKey::expand(&parameters, &seeded).expect("an expanded key");
    let query = Encryptor::new(&secret.glwe).encrypt_packed(&packed, &[true; BITS], &mut OsSeeder).expect("a query");
    let registers = expand_packed(&key, &query, BITS, &CANCEL).expect("bits");
    let mut workspace = key.workspace();
    let (branch, mut out) = (Glwe::zero(SIZE), Glwe::zero(SIZE));
    let operand = |rotation| Operand::Rotated { glwe: &branch, rotation };
    let all = least(20, || {
        (0..BITS)
            .for_each(|bit| cmux(&mut out, &registers, bit, operand(5), operand(0), &mut workspace).expect("sizes"));
    });
    all / BITS as f64
}
