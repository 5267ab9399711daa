//! The automorphisms X -> X^t of the ring Z[X] / (X^N + 1) that expand a packed query.

use crate::parameters::Parameters;

/// The exponents t of the automorphism keys, one per key, in order; empty without packed queries.
///
/// Level i of the expansion, i < log2 P, uses t = N / (r << i) + 1 with r = N / P: it fixes the coefficients at
/// multiples of r << i+1 and negates the odd multiples of r << i.
pub fn automorphism_exponents(parameters: &Parameters) -> Vec<usize> {
    let size = parameters.polynomial_size();
    parameters.packed.as_ref().map_or_else(Vec::new, |packed| {
        let stride = size >> packed.log2_coefficients;
        (0..packed.log2_coefficients).map(|level| size / (stride << level) + 1).collect()
    })
}

/// `polynomial(X^exponent)`; `exponent` is odd and below 2N.
pub fn permute(polynomial: &[u64], exponent: usize) -> Vec<u64> {
    let size = polynomial.len();
    let mut image = vec![0; size];
    for (index, &word) in polynomial.iter().enumerate() {
        let target = index * exponent % (2 * size);
        if target < size {
            image[target] = word;
        } else {
            image[target - size] = word.wrapping_neg();
        }
    }
    image
}
