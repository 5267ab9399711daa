//! The automorphisms X -> X^t of the ring Z[X] / (X^N + 1) that expand a packed query, or add up to a trace.

/// The exponents t of the automorphism keys for P = 2^log2_coefficients coefficients in polynomials of `size`, in order.
///
/// Level i of the expansion, i < log2 P, uses t = N / (r << i) + 1 with r = N / P: it fixes the coefficients at
/// multiples of r << i+1 and negates the odd multiples of r << i. With P = N their products are all automorphisms.
pub fn automorphism_exponents(size: usize, log2_coefficients: u32) -> impl Iterator<Item = usize> {
    let stride = size >> log2_coefficients;
    (0..log2_coefficients).map(move |level| size / (stride << level) + 1)
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
