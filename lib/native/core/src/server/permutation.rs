//! Automorphisms X -> X^t as signed permutations of coefficients, read by target.

/// Where each coefficient of p(X^t) comes from.
pub(super) struct Permutation {
    /// Source index; the top bit says that the sign changes.
    sources: Vec<u32>,
}

const NEGATIVE: u32 = 1 << 31;

impl Permutation {
    /// Of X -> X^exponent on polynomials of `size` coefficients; the exponent is odd and below 2N.
    pub(super) fn new(exponent: usize, size: usize) -> Self {
        let inverse = inverse_exponent(exponent, size);
        let source = |target: usize| {
            let index = target * inverse % (2 * size);
            if index < size { index as u32 } else { (index - size) as u32 | NEGATIVE }
        };
        Self { sources: (0..size).map(source).collect() }
    }

    /// Coefficient by coefficient, the image of `polynomial`.
    #[inline(always)]
    pub(super) fn image<'a>(&'a self, polynomial: &'a [u64]) -> impl Iterator<Item = u64> + 'a {
        let last = polynomial.len() - 1;
        self.sources.iter().map(move |&source| {
            let sign = (source as i32 >> 31) as i64 as u64;
            (polynomial[source as usize & last] ^ sign).wrapping_sub(sign)
        })
    }
}

/// The exponent of the inverse automorphism: `exponent * inverse = 1 mod 2N`.
pub(super) fn inverse_exponent(exponent: usize, size: usize) -> usize {
    let modulus = 2 * size;
    // Newton's iteration doubles the correct low bits; an odd number is its own inverse modulo 8.
    let mut inverse = exponent % modulus;
    while exponent * inverse % modulus != 1 {
        let product = exponent * inverse % modulus;
        inverse = inverse * (modulus + 2 - product) % modulus;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::permute;

    #[test]
    fn agrees_with_the_definition_and_inverts() {
        let size = 64;
        let polynomial: Vec<u64> = (1..=size as u64).collect();
        for exponent in [3, 5, 65, 127, 33, 17] {
            let image: Vec<u64> = Permutation::new(exponent, size).image(&polynomial).collect();
            assert_eq!(image, permute(&polynomial, exponent));
            assert_eq!(permute(&image, inverse_exponent(exponent, size)), polynomial);
        }
    }
}
