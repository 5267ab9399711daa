//! Everything that keys depend on: dimensions and gadgets. Noise is never a parameter (see [`crate::security`]).

use crate::error::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
pub use tfhe::core_crypto::prelude::{GlweDimension, LweDimension, PolynomialSize};

/// Decomposition of torus elements: `level_count` digits of `base_log` bits, the most significant first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gadget {
    pub base_log: u32,
    pub level_count: u32,
}

/// Shape of the GLWE key. Only dimension 1 is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GlweParameters {
    pub dimension: usize,
    pub polynomial_size: usize,
}

/// Packed queries: bits travel as coefficients of GLWE ciphertexts and become GGSW on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedParameters {
    /// P = 2^log2_coefficients payload coefficients per GLWE, at multiples of N / P.
    #[serde(rename = "log2Coefficients")]
    pub log2_coefficients: u32,
    /// Gadget of the GGSW bits, hence of every CMUX.
    pub gadget: Gadget,
    /// Gadget of the automorphism keys that expand a query.
    pub automorphism: Gadget,
    /// Gadget of the key that encrypts s^2 and makes the mask rows.
    pub square: Gadget,
}

/// One class of table lookups: a small LWE key, a keyswitch into it (u32) and a bootstrap key out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupParameters {
    #[serde(rename = "lweDimension")]
    pub lwe_dimension: usize,
    pub keyswitch: Gadget,
    pub bootstrap: Gadget,
    /// The test polynomial has 2^log2_extension * N coefficients. 0 is the classic form.
    #[serde(rename = "log2Extension")]
    pub log2_extension: u32,
}

/// Circuit bootstrapping: computed bits become GGSW ciphertexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CircuitParameters {
    /// Gadget of the GGSW bits that are made.
    pub gadget: Gadget,
    /// Gadget of the automorphism keys of the trace.
    pub automorphism: Gadget,
    /// Gadget of the key that encrypts s^2 and makes the mask rows.
    pub square: Gadget,
    /// The lookup class whose keys rotate, always with polynomials of N coefficients.
    pub lookup: u32,
}

/// The keys that turn GLWE into the rows of GGSW bits: log2_coefficients automorphisms, and s^2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowKeyParameters {
    pub log2_coefficients: u32,
    pub automorphism: Gadget,
    pub square: Gadget,
}

/// The parameters of a program's keys, as in `lib/runtime/program.ts`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    pub glwe: GlweParameters,
    pub packed: Option<PackedParameters>,
    pub unpacked: Option<Gadget>,
    pub lookups: Vec<LookupParameters>,
    pub circuit: Option<CircuitParameters>,
}

/// Smallest and largest ring. The security curve behind [`crate::security`] was fitted from dimension 450: below it, no
/// noise is known to be enough, so no program from outside may ask for that. Above, the f64 transform is too coarse.
const POLYNOMIAL_SIZES: std::ops::RangeInclusive<usize> = 512..=16384;
const LWE_DIMENSIONS: std::ops::RangeInclusive<usize> = 450..=4096;
/// Up to here the high halves of automorphism masks multiply exactly in f64: sums stay below 2^19 and their error below
/// 2^-33.
const MAXIMUM_AUTOMORPHISM_BASE: u32 = 10;
const MAXIMUM_LOOKUPS: usize = 16;
const MAXIMUM_LOG2_EXTENSION: u32 = 10;
/// Coefficients of a test polynomial: a thread holds five times as many words for each rotation.
const MAXIMUM_LOG2_TEST_POLYNOMIAL: u32 = 20;

impl Gadget {
    /// Bits of a torus element that the digits cover.
    pub fn precision(&self) -> u32 {
        self.base_log.saturating_mul(self.level_count)
    }

    fn validate(&self, name: &str, torus_bits: u32) -> Result<()> {
        let sound =
            (1..=31).contains(&self.base_log) && (1..=64).contains(&self.level_count) && self.precision() <= torus_bits;
        if sound {
            return Ok(());
        }
        Err(bad(format!(
            "{name} gadget: baseLog {} and levelCount {}; allowed are baseLog 1 to 31, levelCount 1 to 64, and a product of at most {torus_bits}",
            self.base_log, self.level_count
        )))
    }
}

impl PackedParameters {
    /// Payload coefficients per GLWE, P.
    pub fn coefficients(&self) -> usize {
        1 << self.log2_coefficients
    }

    /// GLWE ciphertexts that carry `bit_count` bits.
    pub fn glwe_count(&self, bit_count: usize) -> usize {
        (bit_count * self.gadget.level_count as usize).div_ceil(self.coefficients())
    }
}

impl CircuitParameters {
    /// Every 2^log2_group coefficients of the test polynomial are the gadget's levels and the value itself.
    pub fn log2_group(&self) -> u32 {
        (self.gadget.level_count + 1).next_power_of_two().trailing_zeros()
    }
}

impl RowKeyParameters {
    fn validate(&self) -> Result<()> {
        self.automorphism.validate("automorphism", 63)?;
        self.square.validate("square", 63)?;
        if self.automorphism.base_log > MAXIMUM_AUTOMORPHISM_BASE {
            return Err(bad(format!(
                "automorphism baseLog: given {}, at most {MAXIMUM_AUTOMORPHISM_BASE} is allowed",
                self.automorphism.base_log
            )));
        }
        Ok(())
    }
}

impl Parameters {
    /// N, the number of coefficients of a polynomial.
    pub fn polynomial_size(&self) -> usize {
        self.glwe.polynomial_size
    }

    /// The row keys that expand packed queries.
    pub fn packed_rows(&self) -> Option<RowKeyParameters> {
        self.packed.map(|PackedParameters { log2_coefficients, automorphism, square, .. }| RowKeyParameters {
            log2_coefficients,
            automorphism,
            square,
        })
    }

    /// The row keys of circuit bootstrapping, whose trace goes over all N coefficients.
    pub fn circuit_rows(&self) -> Option<RowKeyParameters> {
        let log2_coefficients = self.polynomial_size().trailing_zeros();
        self.circuit.map(|CircuitParameters { automorphism, square, .. }| RowKeyParameters {
            log2_coefficients,
            automorphism,
            square,
        })
    }

    /// Checks every size; errors are `BAD_PROGRAM`. All other functions of the crate rely on it.
    pub fn validate(&self) -> Result<()> {
        let size = self.glwe.polynomial_size;
        if self.glwe.dimension != 1 {
            return Err(bad(format!("GLWE dimension: given {}, only 1 is supported", self.glwe.dimension)));
        }
        if !size.is_power_of_two() || !POLYNOMIAL_SIZES.contains(&size) {
            return Err(bad(format!(
                "polynomial size: given {size}, allowed are powers of two from {} to {}",
                POLYNOMIAL_SIZES.start(),
                POLYNOMIAL_SIZES.end()
            )));
        }
        if let Some(packed) = &self.packed {
            if packed.log2_coefficients > size.trailing_zeros() {
                return Err(bad(format!(
                    "log2Coefficients: given {}, allowed are 0 to {}",
                    packed.log2_coefficients,
                    size.trailing_zeros()
                )));
            }
            packed.gadget.validate("packed", 63 - packed.log2_coefficients)?;
        }
        if let Some(circuit) = &self.circuit {
            circuit.gadget.validate("circuit", 63)?;
            if circuit.lookup as usize >= self.lookups.len() {
                let count = self.lookups.len();
                return Err(bad(format!("circuit: lookup {} is none of the {count} lookup classes", circuit.lookup)));
            }
        }
        self.packed_rows().iter().chain(&self.circuit_rows()).try_for_each(RowKeyParameters::validate)?;
        if let Some(gadget) = &self.unpacked {
            gadget.validate("unpacked", 63)?;
        }
        if self.lookups.len() > MAXIMUM_LOOKUPS {
            return Err(bad(format!("lookups: given {}, at most {MAXIMUM_LOOKUPS} are allowed", self.lookups.len())));
        }
        for lookup in &self.lookups {
            if !LWE_DIMENSIONS.contains(&lookup.lwe_dimension) {
                return Err(bad(format!(
                    "lweDimension: given {}, allowed are {} to {}",
                    lookup.lwe_dimension,
                    LWE_DIMENSIONS.start(),
                    LWE_DIMENSIONS.end()
                )));
            }
            lookup.keyswitch.validate("keyswitch", 32)?;
            lookup.bootstrap.validate("bootstrap", 63)?;
            if lookup.log2_extension > MAXIMUM_LOG2_EXTENSION {
                return Err(bad(format!(
                    "log2Extension: given {}, allowed are 0 to {MAXIMUM_LOG2_EXTENSION}",
                    lookup.log2_extension
                )));
            }
            let log2_test = size.trailing_zeros() + lookup.log2_extension;
            if log2_test > MAXIMUM_LOG2_TEST_POLYNOMIAL {
                return Err(bad(format!(
                    "log2Extension: test polynomials of 2^{log2_test} coefficients, at most 2^{MAXIMUM_LOG2_TEST_POLYNOMIAL} are allowed"
                )));
            }
        }
        Ok(())
    }
}

fn bad(message: String) -> Error {
    Error::new(ErrorCode::BadProgram, message)
}
